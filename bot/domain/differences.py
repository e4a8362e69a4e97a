"""What moved between two revisions of the evidence, in words for the card."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.domain.canonical import canonical_json
from bot.domain.content_hash import OUTCOMES
from bot.domain.evidence_moves import evidence_lines
from bot.domain.moves import NONE, move
from bot.domain.policy import CheckOutcome
from bot.domain.policy_moves import policy_lines

MOST = 8
"""Lines that a sentence has room for."""


def differences(
    old: Mapping[str, object],
    new: Mapping[str, object],
    was: Iterable[CheckOutcome] = (),
    now: Iterable[CheckOutcome] = (),
) -> tuple[str, ...]:
    """Return one line for each thing that differs between two hashed contents.

    Args:
        old: What ``hashed_content`` gave for the earlier revision, also after a round trip
            through JSON.
        new: The same for the later revision.
        was: How rules came out in the earlier revision, for what they observed.
        now: The same for the later revision.
    """
    before, after = _json(old), _json(new)
    return (
        *_alias_lines(before["plan"], after["plan"]),
        *_endpoint_lines(before["plan"], after["plan"]),
        *_version_lines("candidate", before["candidate"], after["candidate"]),
        *_version_lines("current version", before["current"], after["current"]),
        *_check_lines(before, after, _named(was), _named(now)),
        *policy_lines(before["policies"], after["policies"]),
        *_form_lines(before.get("schema"), after.get("schema")),
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
            yield f"alias {alias} {_joined(was)} the plan: {_alias_move(was or now or {})}"
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
            yield f"endpoint {name} {_joined(was)} the plan: {_endpoint_move(was or now or {})}"
        elif was["before"] != now["before"]:
            served, earlier = _apart(now["before"], was["before"])
            yield f"endpoint {name} serves {served} now, not {earlier}"
        elif was != now:
            planned, earlier = _apart(now["after"], was["after"])
            yield f"endpoint {name} is to serve {planned}, not {earlier}"


def _joined(was: dict[str, Any] | None) -> str:
    return "joins" if was is None else "leaves"


def _alias_move(change: dict[str, Any]) -> str:
    return f"{_version(change['before'])} → {_version(change['after'])}"


def _endpoint_move(change: dict[str, Any]) -> str:
    return f"{_routes(change['before'])} → {_routes(change['after'])}"


def _apart(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> tuple[str, str]:
    """Return two sets of routes so that they can be told apart."""
    both = _routes(one), _routes(other)
    return both if both[0] != both[1] else (_entities(one), _entities(other))


def _entities(routes: list[dict[str, Any]]) -> str:
    return ", ".join(f"{_routes([route])} as {route['entity']}" for route in routes)


def _routes(routes: list[dict[str, Any]]) -> str:
    return ", ".join(f"v{r['version']} {r['traffic_percentage']} %" for r in routes) or "nothing"


def _version_lines(
    what: str, old: dict[str, Any] | None, new: dict[str, Any] | None
) -> Iterable[str]:
    if old is None or new is None:
        if old != new:
            yield f"{what}: {_numbered(old)} → {_numbered(new)}"
    elif old["version"] != new["version"]:
        yield f"{what} is {_version(new['version'])} now, not {_version(old['version'])}"
    else:
        yield from evidence_lines(f"{what} {_version(new['version'])}", old, new)


def _numbered(recorded: dict[str, Any] | None) -> str:
    return NONE if recorded is None else _version(recorded["version"])


def _check_lines(
    old: dict[str, Any],
    new: dict[str, Any],
    was: Mapping[str, CheckOutcome],
    now: Mapping[str, CheckOutcome],
) -> Iterator[str]:
    """Yield the rules that come out otherwise, or find something else in a file that moved."""
    before, after, paths = old[OUTCOMES], new[OUTCOMES], _moved_files(old, new)
    for rule in sorted({*before, *after}):
        seen = _seen(was.get(rule)), _seen(now.get(rule))
        reads = any(path in outcome.source for path in paths for outcome in _of(rule, was, now))
        if before.get(rule) != after.get(rule) or (reads and seen[0] != seen[1]):
            told = (f"{before.get(rule, NONE)}{seen[0]}", f"{after.get(rule, NONE)}{seen[1]}")
            yield f"check {rule}: {move(*told)}"


def _named(outcomes: Iterable[CheckOutcome]) -> dict[str, CheckOutcome]:
    return {f"{outcome.policy}/{outcome.check}": outcome for outcome in outcomes}


def _of(rule: str, *found: Mapping[str, CheckOutcome]) -> list[CheckOutcome]:
    return [outcomes[rule] for outcomes in found if rule in outcomes]


def _seen(outcome: CheckOutcome | None) -> str:
    return f" ({outcome.observed})" if outcome and outcome.observed else ""


def _moved_files(old: dict[str, Any], new: dict[str, Any]) -> set[str]:
    moved: set[str] = set()
    for side in ("candidate", "current"):
        before, after = ((content[side] or {}).get("files", {}) for content in (old, new))
        moved |= {path for path in {*before, *after} if before.get(path) != after.get(path)}
    return moved


def _form_lines(old: object, new: object) -> Iterator[str]:
    if old != new:
        yield f"Herald writes evidence down in form {new} now, not {old}"
