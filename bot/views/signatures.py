"""Differences of two model signatures, column by column."""

import json

from bot.domain.messages import Comparison, Difference
from bot.views.texts import one_line

SHOWN_COLUMNS = 6


def signature_lines(comparison: Comparison) -> str:
    """Return what changed in inputs and outputs, or that nothing did or that nobody knows."""
    if not comparison.is_signature_known:
        return "not known: a version has none that can be read"
    changed = [f"{each.key}: {_changed(each)}" for each in comparison.signature]
    return "; ".join(changed) or "unchanged"


def _changed(difference: Difference) -> str:
    base, other = _columns(difference.base), _columns(difference.other)
    if base is None or other is None:
        return "changed"
    moves = [
        *(f"{name} added" for name in other if name not in base),
        *(f"{name} removed" for name in base if name not in other),
        *(f"{n} {base[n]} → {other[n]}" for n in base if n in other and base[n] != other[n]),
    ]
    shown = ", ".join(one_line(move, 80) for move in moves[:SHOWN_COLUMNS])
    more = len(moves) - SHOWN_COLUMNS
    return (f"{shown} and {more} more" if more > 0 else shown) or "changed"


def _columns(schema: str | None) -> dict[str, str] | None:
    """Return type by name of an MLflow column schema, or None for another kind of schema."""
    if schema is None:
        return {}
    try:
        parsed = json.loads(schema)
    except ValueError:
        return None
    if not isinstance(parsed, list) or not all(isinstance(c, dict) for c in parsed):
        return None
    if not all("name" in column for column in parsed):
        return None
    return {str(c["name"]): str(c.get("type", "")) for c in parsed}
