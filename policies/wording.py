"""What pydantic finds wrong with a policy file, in words, with place and remedy."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from policies.document import Document, Trail
from policies.findings import Finding, hint
from policies.schema import (
    AnyRule,
    ApprovalEntry,
    MatchEntry,
    MetricEntry,
    PolicyEntry,
    PolicyFile,
    RoleEntry,
)
from policies.values import shown_value

RULES: Mapping[str, type[BaseModel]] = {
    get_args(kind.model_fields["type"].annotation)[0]: kind
    for kind in get_args(get_args(AnyRule)[0])
}
"""Every kind of rule by its name."""
_ENTRIES: Mapping[tuple[str, ...], type[BaseModel]] = {
    (): PolicyFile,
    ("metrics", "*"): MetricEntry,
    ("roles", "*"): RoleEntry,
    ("policies", "*"): PolicyEntry,
    ("policies", "*", "match"): MatchEntry,
    ("policies", "*", "approvals", "*"): ApprovalEntry,
}
_TYPES = {
    "string_type": ("text", "Write text; put it in quotes where it looks like a number"),
    "int_type": ("a whole number", "Write a whole number, without quotes"),
    "list_type": ("a list", "Write a list like [a, b]"),
    "dict_type": ("a mapping", "Write `name: value` lines below it"),
    "model_type": ("a mapping", "Write `name: value` lines below it"),
    "model_attributes_type": ("a mapping", "Write `name: value` lines below it"),
}
Location = tuple[str | int, ...]
"""Where pydantic sees an error: a trail, and in it what `KIND` and `_KEY` say."""

KIND = 4
"""Where a location names a rule's kind: after policies, number, rules, number."""

_KEY = "[key]"
"""What pydantic puts at the end of a location that means a mapping's key."""


def findings_of(error: ValidationError, document: Document) -> Iterator[Finding]:
    """Yield a finding for each of pydantic's errors."""
    for details in error.errors(include_url=False):
        location = details["loc"]
        trail = _trail(location)
        is_key = details["type"] == "extra_forbidden" or _KEY in location
        problem, remedy = _words(details, trail, location)
        place = document.at_key(trail) if is_key else document.at(trail)
        yield Finding(file=document.file, position=place, problem=problem, remedy=remedy)


def _trail(location: Location) -> Trail:
    """Return where in the document a location points: without the tag put in for a rule's kind."""
    kept = tuple(part for part in location if part != _KEY)
    return kept[:KIND] + kept[KIND + 1 :] if _is_in_rule(kept) else kept


def _is_in_rule(location: Location) -> bool:
    return location[:1] == ("policies",) and location[2:3] == ("rules",) and len(location) > KIND


def _words(details: ErrorDetails, trail: Trail, location: Location) -> tuple[str, str]:
    """Return problem and remedy."""
    context: dict[str, Any] = details.get("ctx", {})
    name = next((str(part) for part in reversed(trail) if isinstance(part, str)), "the file")
    match details["type"]:
        case "wrong":
            return context["problem"], context["remedy"]
        case "extra_forbidden":
            return f"unknown key `{name}`", hint(name, _keys_beside(location))
        case "missing":
            return f"`{name}` is missing", f"Add `{name}`"
        case "union_tag_not_found":
            return "the rule has no `type`", f"Add one: {', '.join(sorted(RULES))}"
        case _:
            return _about_value(details, name)


def _about_value(details: ErrorDetails, name: str) -> tuple[str, str]:
    given, context = details["input"], details.get("ctx", {})
    match details["type"]:
        case "union_tag_invalid":
            return f"unknown rule type `{context['tag']}`", hint(str(context["tag"]), RULES)
        case "literal_error" | "enum":
            known = re.findall(r"'([^']*)'", context["expected"])
            return f"{shown_value(given)} is not allowed for `{name}`", hint(str(given), known)
        case "too_short":
            return f"`{name}` is empty", "Name at least one"
        case kind if kind in _TYPES:
            wanted, remedy = _TYPES[kind]
            return f"`{name}` has to be {wanted}, not {shown_value(given)}", remedy
        case _:
            return f"{shown_value(given)} does not do for `{name}`", details["msg"]


def _keys_beside(location: Location) -> list[str]:
    """Return the keys that are known where an unknown one stands."""
    in_rule = _is_in_rule(location)
    entry = RULES[str(location[KIND])] if in_rule else _ENTRIES[_shape(location[:-1])]
    return [field.alias or name for name, field in entry.model_fields.items()]


def _shape(location: Location) -> tuple[str, ...]:
    """Return a location with * for list indices and for names that the file's author chose."""
    named = location[:1] in {("metrics",), ("roles",)}
    return tuple(
        "*" if isinstance(part, int) or (named and depth == 1) else part
        for depth, part in enumerate(location)
    )
