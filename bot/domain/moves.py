"""What a value was and what it is, side by side and short, for people."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import takewhile, zip_longest

from bot.domain.canonical import canonical_json

SHOWN = 60
"""Characters of a value that a line shows."""
LEAD = 15
"""Characters shown before the first one that differs, where a long value is cut."""
WIDE = 160
"""Characters shown of the only item that left a list or joined it."""
FEW = 3
"""Items of a list that a line names."""
NONE = "none"
_WORDS = {"None": NONE, "True": "yes", "False": "no"}


def move(old: object, new: object) -> str:
    """Return what a value was and what it is: ``0.9 → 0.92``; a long one around what differs."""
    before, after = said(old), said(new)
    start = _start(before, after)
    return f"{_cut(before, start)} → {_cut(after, start)}"


def set_move(old: Collection[object] | None, new: Collection[object] | None) -> str:
    """Return what left a set and what joined it, a few by name; a new order is told whole."""
    before, after = list(map(said, old or ())), list(map(said, new or ()))
    gone = [item for item in before if item not in after]
    come = [item for item in after if item not in before]
    if gone and come:
        is_one = len(gone) == len(come) == 1
        return move(gone[0], come[0]) if is_one else f"{_some(gone)} → {_some(come)}"
    if gone or come:
        return f"{_some(come)} added" if come else f"{_some(gone)} removed"
    return move(old, new)


def value_lines(
    what: str, old: Mapping[str, object], new: Mapping[str, object], absent: object = None
) -> Iterator[str]:
    """Yield one line for each name whose value moved.

    Args:
        what: What the line begins with, before the name.
        old: The values before.
        new: The values now.
        absent: What a name has that is not there.
    """
    for key in sorted({*old, *new}):
        before, after = old.get(key, absent), new.get(key, absent)
        if before != after:
            yield f"{what} {key}: {move(before, after)}"


def said(value: object) -> str:
    """Return a value in one line."""
    if value in ("", [], {}):
        return "empty"
    match value:
        case str():
            words = value.replace("\n", "↵")
        case list():
            words = ", ".join(map(said, value))
        case dict():
            words = canonical_json(value)
        case _:
            words = _WORDS.get(str(value), str(value))
    return words


def _start(before: str, after: str) -> int:
    """Return from where on two texts are shown: a little before they differ, if one is long."""
    if max(len(before), len(after)) <= SHOWN:
        return 0
    same = takewhile(lambda pair: pair[0] == pair[1], zip_longest(before, after))
    return max(0, sum(1 for _ in same) - LEAD)


def _cut(text: str, start: int = 0, limit: int = SHOWN) -> str:
    head, rest = ("…" if start else ""), text[start:]
    return f"{head}{rest if len(rest) <= limit else f'{rest[: limit - 1]}…'}"


def _some(items: Sequence[str]) -> str:
    more = len(items) - FEW
    limit = WIDE if len(items) == 1 else SHOWN
    named = ", ".join(_cut(item, limit=limit) for item in items[:FEW])
    return f"{named} and {more} more" if more > 0 else named
