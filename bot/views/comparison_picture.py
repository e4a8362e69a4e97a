"""What the picture of a comparison says, and where it stands in the message."""

import math
from collections.abc import Sequence
from typing import Any

from bot.domain.counting import count
from bot.domain.messages import Better, Comparison, MetricRow, Side
from bot.domain.names import short_name
from bot.views.comparison import score
from bot.views.comparison_rows import difference, is_within_noise, metric_cells
from bot.views.message import Block, Message
from bot.views.texts import one_line, shorten

DRAWN = 12
"""More rows make a picture too tall for a phone."""
ALT_LIMIT = 1000
NAME_LIMIT = 100
HEADING = 2
"""Blocks before the picture: the headline and the full name."""


def drawing(comparison: Comparison) -> dict[str, Any]:
    """Return what is drawn, as JSON, in words and figures that need no further thought."""
    rows = comparison.metrics
    hidden = len(rows) - DRAWN
    return {
        "model": one_line(comparison.model, NAME_LIMIT),
        "score": score(rows),
        "base": _label(comparison.base),
        "other": _label(comparison.other),
        "rows": [_row(row) for row in rows[:DRAWN]],
        "more": f"{count(hidden, 'more metric')} in the message" if hidden > 0 else "",
    }


def alt_text(comparison: Comparison) -> str:
    """Return the picture in words with every figure that finds room."""
    model, base, other = comparison.model, comparison.base, comparison.other
    head = (
        f"{short_name(model)} {_label(other)} against {_label(base)}: {score(comparison.metrics)}."
    )
    return shorten(f"{head} {'; '.join(_said(comparison.metrics))}".strip(), ALT_LIMIT)


def illustrated(shown: Message, file_id: str, alt: str) -> Message:
    """Return a message with a picture under its heading."""
    picture: Block = {"type": "image", "slack_file": {"id": file_id}, "alt_text": alt}
    blocks = (*shown.blocks[:HEADING], picture, *shown.blocks[HEADING:])
    return Message(text=shown.text, blocks=blocks)


def _said(rows: Sequence[MetricRow]) -> list[str]:
    cells = [metric_cells(row) for row in rows]
    return [f"{cell[0]} {cell[1]} → {cell[2]}, {cell[3]}" for cell in cells]


def _label(side: Side) -> str:
    return " ".join((f"v{side.version.version}", *side.aliases[:1]))


def _row(row: MetricRow) -> dict[str, Any]:
    name, base, other, *_ = metric_cells(row)
    said = difference(row) if row.base is not None and row.other is not None else "no comparison"
    return {
        "name": one_line(name, NAME_LIMIT),
        "base": base,
        "other": other,
        "said": said,
        "worth": _worth(row),
        "gain": _gain(row),
    }


def _worth(row: MetricRow) -> str:
    if row.base is None or row.other is None:
        return "none"
    if is_within_noise(row):
        return Better.SAME
    return row.better


def _gain(row: MetricRow) -> float | None:
    """Return by how many per cent the value became better; negative for worse, None for no bar."""
    if not row.base or row.other is None or _worth(row) not in {Better.BETTER, Better.WORSE}:
        return None
    change = abs(row.other - row.base) / abs(row.base) * 100
    if not math.isfinite(change):
        return None
    return change if row.better is Better.BETTER else -change
