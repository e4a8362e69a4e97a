"""What pydantic finds wrong with a policy file, in words, with place and remedy."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from policies.document import Document, Trail
from policies.findings import Finding, hint
from policies.spots import Spot, spot_of
from policies.values import shown_value

_TYPES = {
    "string_type": ("text", "Write text; put it in quotes where it looks like a number"),
    "int_type": ("a whole number", "Write a whole number, without quotes"),
    "bool_type": ("true or false", "Write true or false, without quotes"),
    "list_type": ("a list", "Write a list like [a, b]"),
    "dict_type": ("a mapping", "Write `name: value` lines below it"),
    "model_type": ("a mapping", "Write `name: value` lines below it"),
    "model_attributes_type": ("a mapping", "Write `name: value` lines below it"),
}
_SURELY = 0.7
"""How alike two kinds of rules have to be; of less alike ones the whole list helps more."""
_KEY = "[key]"
"""What pydantic puts at the end of a location that means a mapping's key."""


_LIMITS = {
    "greater_than_equal": "Write at least {ge}",
    "less_than_equal": "Write at most {le}",
    "string_too_long": "Write at most {max_length} characters",
    "too_long": "Write at most {max_length}",
}


_EMPTY = {"too_short": "Name at least one", "string_too_short": "Write at least 1 character"}
"""Lists and texts that have to hold something; none has to hold more than one."""
_EXAMPLES = {
    "aliases": "aliases: [champion]",
    "apiVersion": "apiVersion: herald/v1",
    "match": 'match: {models: ["prod.*"], aliases: [champion]}',
    "models": 'models: ["prod.*"]',
}
"""What is most often left out, written out."""


def findings_of(
    error: ValidationError, document: Document, form: type[BaseModel]
) -> Iterator[Finding]:
    """Yield a finding for each of pydantic's errors.

    Args:
        error: What it found.
        document: The file.
        form: The model of the whole file.
    """
    for details in error.errors():
        spot = spot_of(details["loc"], form)
        if spot.choice and not _is_meant(document, *spot.choice):
            continue
        is_key = details["type"] == "extra_forbidden" or _KEY in details["loc"]
        problem, remedy = _words(details, spot)
        place = document.at_key(spot.trail) if is_key else document.at(spot.trail)
        yield Finding(file=document.file, position=place, problem=problem, remedy=remedy)


def _is_meant(document: Document, trail: Trail, form: str) -> bool:
    """Tell whether a value was meant to be of one of several forms: a list as a list."""
    value: Any = document.value
    for part in trail:
        value = value[part]
    return isinstance(value, list) == form.startswith("list[")


def _words(details: ErrorDetails, spot: Spot) -> tuple[str, str]:
    """Return problem and remedy."""
    name = next((str(part) for part in reversed(spot.trail) if isinstance(part, str)), "the file")
    match details["type"]:
        case "wrong":
            return details["ctx"]["problem"], details["ctx"]["remedy"]
        case "extra_forbidden":
            return f"unknown key `{name}`", hint(name, spot.keys)
        case "missing":
            example = f", such as {_EXAMPLES[name]}" if name in _EXAMPLES else ""
            return f"`{name}` is missing", f"Add `{name}`{example}"
        case "union_tag_not_found":
            return "the rule has no `type`", f"Add one: {', '.join(sorted(spot.kinds))}"
        case _:
            return _about_value(details, name, spot)


def _about_value(details: ErrorDetails, name: str, spot: Spot) -> tuple[str, str]:
    given = details["input"]
    match details["type"]:
        case "union_tag_invalid":
            tag = str(details["ctx"]["tag"])
            return f"unknown rule type `{tag}`", hint(tag, spot.kinds, alike=_SURELY)
        case "literal_error" | "enum":
            known = re.findall(r"'([^']*)'", details["ctx"]["expected"])
            return f"{shown_value(given)} is not allowed for `{name}`", hint(str(given), known)
        case kind if kind in _EMPTY:
            return f"`{name}` is empty", _EMPTY[kind]
        case kind if kind in _TYPES:
            wanted, remedy = _TYPES[kind]
            return f"`{name}` has to be {wanted}, not {shown_value(given)}", remedy
        case kind:
            limit = _LIMITS.get(kind)
            remedy = limit.format(**details["ctx"]) if limit else details["msg"]
            return f"{shown_value(given)} does not do for `{name}`", remedy
