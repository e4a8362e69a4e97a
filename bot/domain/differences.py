"""What moved between two revisions of the evidence, in words for the card."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.domain.canonical import canonical_json
from bot.domain.content_hash import OUTCOMES
from bot.domain.told_parts import SINGULAR, Named, named, policy_parts

SHOWN = 60
"""Characters of a value that a line shows."""
MOST = 8
"""Lines that a sentence has room for."""


def differences(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[str, ...]:
    """Return one line for each thing that differs between two hashed contents.

    Args:
        old: What ``hashed_content`` gave for the earlier revision, also after a round trip
            through JSON.
        new: The same for the later revision.
    """
    before, after = _json(old), _json(new)
    return (
        *_alias_lines(before["plan"], after["plan"]),
        *_endpoint_lines(before["plan"], after["plan"]),
        *_evidence_lines("candidate", before["candidate"], after["candidate"]),
        *_evidence_lines("current version", before["current"], after["current"]),
        *_value_lines("check", before[OUTCOMES], after[OUTCOMES]),
        *_policy_lines(before["policies"], after["policies"]),
    )


def in_a_row(lines: Sequence[str]) -> str:
    """Return lines as part of a sentence, as many as it has room for; empty when there is none."""
    more = len(lines) - MOST
    return "; ".join((*lines[:MOST], f"and {more} more") if more > 0 else lines)


def _json(content: Mapping[str, object]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(canonical_json(content))
    return plain


def _alias_lines(old: dict[str, Any], new: dict[str, Any]) -> Iterable[str]:
    before = {change["alias"]: change for change in old["aliases"]}
    after = {change["alias"]: change for change in new["aliases"]}
    for alias in dict.fromkeys([*before, *after]):
        was, now = before.get(alias), after.get(alias)
        if was is None or now is None:
            yield f"alias {alias} {'joins' if was is None else 'leaves'} the plan"
        elif was["before"] != now["before"]:
            yield f"{alias} is {_version(now['before'])} now, not {_version(was['before'])}"
        elif was != now:
            yield f"{alias} is to be {_version(now['after'])}, not {_version(was['after'])}"


def _version(number: int | None) -> str:
    return "none" if number is None else f"v{number}"


def _endpoint_lines(old: dict[str, Any], new: dict[str, Any]) -> Iterable[str]:
    before = {change["endpoint"]: change for change in old["endpoints"]}
    after = {change["endpoint"]: change for change in new["endpoints"]}
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            yield f"endpoint {name} {'joins' if was is None else 'leaves'} the plan"
        elif was["before"] != now["before"]:
            served, earlier = _routes(now["before"]), _routes(was["before"])
            yield f"endpoint {name} serves {served} now, not {earlier}"
        elif was != now:
            yield f"endpoint {name} is to serve {_routes(now['after'])} under another name"


def _routes(routes: list[dict[str, Any]]) -> str:
    return ", ".join(f"v{r['version']} {r['traffic_percentage']} %" for r in routes) or "nothing"


def _evidence_lines(
    what: str, old: dict[str, Any] | None, new: dict[str, Any] | None
) -> Iterable[str]:
    if old is None or new is None:
        if old != new:
            yield f"{what}: {'none before' if old is None else 'none now'}"
        return
    if old["version"] != new["version"]:
        yield f"{what} is {_version(new['version'])} now, not {_version(old['version'])}"
        return
    label = f"{what} {_version(new['version'])}"
    for part in sorted({*old, *new}):
        before, after = old.get(part), new.get(part)
        if before != after:
            yield from _part_lines(label, part, before, after)


def _part_lines(label: str, part: str, before: Any, after: Any) -> Iterable[str]:
    """Return what moved in one part from what to what, else only that it did."""
    if part in SINGULAR:
        what = f"{label}: {SINGULAR[part]}"
        lines = tuple(_value_lines(what, named(part, before), named(part, after)))
        if lines:
            return lines
    return (f"{label}: {part} changed",)


def _value_lines(what: str, old: Named, new: Named) -> Iterable[str]:
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            yield f"{what} {key}: {_shown(old.get(key))} → {_shown(new.get(key))}"


def _shown(value: object) -> str:
    text = "none" if value is None else str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _policy_lines(old: dict[str, Any], new: dict[str, Any]) -> Iterable[str]:
    for name in sorted({*old, *new}):
        if name not in old or name not in new:
            yield f"policy {name} {'applies now' if name in new else 'no longer applies'}"
        elif old[name] != new[name]:
            before, after = policy_parts(old[name]), policy_parts(new[name])
            moved = [p for p in sorted({*before, *after}) if before.get(p) != after.get(p)]
            told = f": {', '.join(moved)}" if moved else ""
            yield f"policy {name} changed{told}"
