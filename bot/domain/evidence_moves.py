"""What moved in what is recorded of one version, part by part and from what to what."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from bot.domain.counting import count
from bot.domain.moves import move, set_move, value_lines
from bot.domain.told_parts import NOT_LOOKED_AT, SINGULAR, closer, named

_SETS = {"tables", "requirements"}
_READ_BY_PEOPLE = (".md", ".txt", ".yaml", ".yml")
"""Files of which a line is shown; others may hold rows of data, and are told by their size."""


def evidence_lines(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Yield what differs between two records of the same version.

    Args:
        what: What each line begins with.
        old: The record as the content hash covers it, as plain JSON; one of an earlier Herald
            may lack parts.
        new: The same, later.
    """
    for part in sorted({*old, *new}):
        before, after = old.get(part), new.get(part)
        is_new = part not in old and not after
        if before != after and not is_new:
            yield from _part_lines(what, part, before, after)


def _part_lines(what: str, part: str, before: Any, after: Any) -> Iterator[str]:
    match part:
        case "files":
            yield from _file_lines(f"{what}: file", before or {}, after or {})
        case "contents":
            yield from _contents_lines(f"{what}: contents", before or {}, after or {})
        case "signature of the tests":
            yield f"{what}: {part}: {move(_signed(before), _signed(after))}"
        case "tables":
            yield f"{what}: {part}: {set_move(before, after)}"
        case "unreadable":
            yield from _unreadable_lines(what, before, after)
        case _:
            yield from _value_lines(what, part, before, after)


def _value_lines(what: str, part: str, before: Any, after: Any) -> Iterator[str]:
    lines: list[str] = []
    if part in SINGULAR:
        head, absent = f"{what}: {SINGULAR[part]}", NOT_LOOKED_AT if part == "artifacts" else None
        lines += value_lines(head, named(part, before), named(part, after), absent)
        lines = lines or [*value_lines(head, closer(part, before), closer(part, after))]
    yield from lines or [f"{what}: {part}: {move(before, after)}"]


def _contents_lines(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for part in sorted({*old, *new}):
        before, after = old.get(part), new.get(part)
        if before != after:
            told = set_move(before, after) if part in _SETS else move(before, after)
            yield f"{what} {part}: {told}"


def _signed(signature: Mapping[str, str] | None) -> str | None:
    if signature is None:
        return None
    return signature["problem"] or f"good, by key {signature['key_id']}"


def _unreadable_lines(what: str, old: list[str], new: list[str]) -> Iterator[str]:
    for part in sorted({*old} ^ {*new}):
        yield f"{what}: {part} {'could not be read' if part in new else 'can be read again'}"


def _file_lines(
    what: str, old: Mapping[str, str | None], new: Mapping[str, str | None]
) -> Iterator[str]:
    for path in sorted({*old, *new}):
        if path not in old or path not in new:
            yield f"{what} {path}: {_looked(path, old)} → {_looked(path, new)}"
        elif old[path] != new[path]:
            yield f"{what} {path}: {_rewritten(path, old[path], new[path])}"


def _looked(path: str, files: Mapping[str, str | None]) -> str:
    return _size(files[path]) if path in files else NOT_LOOKED_AT


def _rewritten(path: str, old: str | None, new: str | None) -> str:
    """Return how a file moved: the first line that differs where people read it, else its size."""
    if old is None or new is None or not path.endswith(_READ_BY_PEOPLE):
        before, after = _size(old), _size(new)
        return f"{before} → {after if after != before else f'{after}, others'}"
    pairs = enumerate(zip_longest(old.splitlines(), new.splitlines()), start=1)
    moved = [(number, *pair) for number, pair in pairs if pair[0] != pair[1]]
    if not moved:
        return f"{_size(old)} → {_size(new)}, blanks only"
    number, was, now = moved[0]
    more = f" and {count(len(moved) - 1, 'more line')}" if len(moved) > 1 else ""
    return f"line {number}: {move(was, now)}{more}"


def _size(text: str | None) -> str:
    return "not there" if text is None else count(len(text), "character")
