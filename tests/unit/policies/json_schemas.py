"""A validator of as much JSON Schema as the one of policy files uses; other keywords fail."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

_SAYS_NOTHING = {"title", "description", "default", "discriminator", "$schema", "$defs"}
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float, Decimal),
    "boolean": bool,
    "null": type(None),
}


def problems(value: Any, schema: Any, root: Mapping[str, Any], at: str = "") -> Iterator[str]:
    """Yield where a value breaks a schema."""
    for word, wanted in schema.items():
        if word in _SAYS_NOTHING:
            continue
        yield from _CHECKS[word](value, wanted, schema, root, at)


def _type(value: Any, wanted: Any, _schema: Any, _root: Any, at: str) -> Iterator[str]:
    is_right = isinstance(value, _TYPES[wanted]) and not (
        isinstance(value, bool) and wanted in {"integer", "number"}
    )
    if not is_right:
        yield f"{at}: no {wanted}"


def _properties(value: Any, wanted: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    for name, schema in wanted.items():
        if isinstance(value, dict) and name in value:
            yield from problems(value[name], schema, root, f"{at}/{name}")


def _others(value: Any, wanted: Any, schema: Any, root: Any, at: str) -> Iterator[str]:
    known, forms = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in value if isinstance(value, dict) else ():
        if any(re.search(form, name) for form in forms):
            continue
        if name not in known and wanted is False:
            yield f"{at}: unknown {name}"
        elif name not in known and wanted is not True:
            yield from problems(value[name], wanted, root, f"{at}/{name}")


def _named(value: Any, wanted: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    for form, schema in wanted.items():
        for name in value if isinstance(value, dict) else ():
            if re.search(form, name):
                yield from problems(value[name], schema, root, f"{at}/{name}")


def _items(value: Any, wanted: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    for number, item in enumerate(value if isinstance(value, list) else ()):
        yield from problems(item, wanted, root, f"{at}/{number}")


def _ref(value: Any, wanted: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    yield from problems(value, root["$defs"][wanted.removeprefix("#/$defs/")], root, at)


def _choices(value: Any, wanted: Any, _schema: Any, root: Any, at: str) -> Iterator[str]:
    tried = [list(problems(value, schema, root, at)) for schema in wanted]
    if all(tried):
        yield min(tried, key=len)[0]


def _holds(test: Callable[[Any, Any], object]) -> Callable[..., Iterator[str]]:
    def check(value: Any, wanted: Any, _schema: Any, _root: Any, at: str) -> Iterator[str]:
        if not test(value, wanted):
            yield f"{at}: {value!r} against {wanted!r}"

    return check


_CHECKS: Mapping[str, Callable[..., Iterator[str]]] = {
    "type": _type,
    "properties": _properties,
    "patternProperties": _named,
    "additionalProperties": _others,
    "propertyNames": lambda value, wanted, _schema, root, at: (
        problem for name in value for problem in problems(name, wanted, root, f"{at}/{name}")
    ),
    "items": _items,
    "$ref": _ref,
    "anyOf": _choices,
    "oneOf": _choices,
    "required": _holds(lambda value, wanted: set(wanted) <= set(value)),
    "enum": _holds(lambda value, wanted: value in wanted),
    "const": _holds(lambda value, wanted: value == wanted),
    "pattern": _holds(lambda value, wanted: isinstance(value, str) and re.search(wanted, value)),
    "minItems": _holds(lambda value, wanted: len(value) >= wanted),
    "minProperties": _holds(lambda value, wanted: len(value) >= wanted),
    "maxItems": _holds(lambda value, wanted: len(value) <= wanted),
    "minLength": _holds(lambda value, wanted: len(value) >= wanted),
    "maxLength": _holds(lambda value, wanted: len(value) <= wanted),
    "minimum": _holds(lambda value, wanted: isinstance(value, str) or value >= wanted),
    "maximum": _holds(lambda value, wanted: isinstance(value, str) or value <= wanted),
}
