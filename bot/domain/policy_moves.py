"""What moved in a policy, setting by setting and from what to what."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.moves import move, said, set_move

SETTINGS = 4
"""Settings of one policy that a line tells of."""

_SPANS = {"expires", "max_age", "remind_after", "window"}
"""Settings that the text has in seconds."""
_UNITS = ((86400, "d"), (3600, "h"), (60, "min"))


def policy_lines(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """Yield one line for each policy that came, went or says something else.

    Args:
        old: Texts of the policies by name, as the content hash covers them.
        new: The same, later.
    """
    for name in sorted({*old, *new}):
        if name not in old or name not in new:
            yield f"policy {name} {'applies now' if name in new else 'no longer applies'}"
        elif old[name] != new[name]:
            moved = list(_settings(_parsed(old[name]), _parsed(new[name])))
            more = len(moved) - SETTINGS
            told = [*moved[:SETTINGS], f"and {more} more"] if more > 0 else moved
            yield ": ".join(filter(None, (f"policy {name} changed", ", ".join(told))))


def _parsed(text: str) -> dict[str, Any]:
    """Return the settings that a text says; of other text there is nothing."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _settings(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    before, after = _by_rule(old), _by_rule(new)
    for part in sorted({*before, *after}):
        was, now = before.get(part), after.get(part)
        if was == now:
            continue
        if isinstance(was or now, dict) and None in (was, now):
            yield f"{part} {'added' if was is None else 'removed'}"
        else:
            yield from _leaves(part, was, now)


def _by_rule(policy: dict[str, Any]) -> dict[str, Any]:
    """Return a policy's settings by name, each rule by its own."""
    rules = policy.get("rules")
    if not isinstance(rules, dict):
        return policy
    others = {name: said for name, said in policy.items() if name != "rules"}
    return {**others, **{f"rule {rule}": said for rule, said in rules.items()}}


def _leaves(path: str, old: Any, new: Any) -> Iterator[str]:
    """Yield each single value that differs; what a rule wraps its check in is not named."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key):
                below = path if key == "check" else f"{path} {key}"
                yield from _leaves(below, old.get(key), new.get(key))
    elif isinstance(old or [], list) and isinstance(new or [], list) and (old or new):
        yield f"{path}: {set_move(_items(path, old), _items(path, new))}"
    elif path.rpartition(" ")[2] in _SPANS:
        yield f"{path}: {move(_span(old), _span(new))}"
    else:
        yield f"{path}: {move(old, new)}"


def _items(path: str, found: list[Any] | None) -> list[str]:
    return [_item(path, value) for value in found or ()]


def _item(path: str, value: Any) -> str:
    try:
        return _WORDS[path](value)
    except (ValueError, TypeError, KeyError, AttributeError):
        return said(value)


def _span(seconds: Any) -> object:
    """Return a length of time in its largest whole unit."""
    if not isinstance(seconds, int | float):
        return seconds
    fitting = (f"{seconds / size:g} {unit}" for size, unit in _UNITS if seconds % size == 0)
    return next(fitting, f"{seconds:g} s")


def _approval(text: Any) -> str:
    wanted = json.loads(text)
    when = f" when {said(wanted['when'])}" if wanted.get("when") else ""
    unless = f" unless asked by {said(wanted['unless_asked_by'])}"
    return (
        f"{wanted['count']} of {wanted['role']}{unless if wanted['unless_asked_by'] else ''}{when}"
    )


def _exemption(text: Any) -> str:
    granted = json.loads(text)
    until = datetime.fromisoformat(granted["expires_at"]).astimezone(UTC)
    return (
        f"{said(granted['rules'])} until {until:%Y-%m-%d %H:%M} UTC ({granted['reason']}), asked "
        f"for by {granted['requested_by']}, approved by {said(granted['approved_by'])}, for "
        f"{said(granted['models'])}"
    )


_WORDS: Mapping[str, Callable[[Any], str]] = {"approvals": _approval, "exemptions": _exemption}
"""Settings that are lists of JSON texts, and how one of them is told."""
