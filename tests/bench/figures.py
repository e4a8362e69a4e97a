"""Figures, the goals that they are held against, and the table that shows both."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure beside its floor and its goal.

    Attributes:
        row: Row of the table of goals: ``ack``, ``compare`` …
        what: What was measured, for people.
        value: In ``unit``.
        floor: The same without Herald, measured in the same run; None where there is none.
        limit: The most that meets the goal, in ``unit``; None for a figure without a goal.
        scale: How many times the usual world.
    """

    row: str
    what: str
    value: float
    unit: str
    floor: float | None = None
    limit: float | None = None
    scale: int = 1

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        return None if self.limit is None else self.value <= self.limit


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least that share of the values does not exceed.

    Raises:
        ValueError: There are no values.

    Source:
        Hyndman and Fan (1996), definition 1: the inverse of the empirical distribution.
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def covered(spans: Sequence[tuple[float, float]], start: float, end: float) -> float:
    """Return how much of an interval is covered by spans, which may overlap; all in seconds."""
    inside = sorted((max(a, start), min(b, end)) for a, b in spans if a < end and b > start)
    total, reached = 0.0, start
    for begin, stop in inside:
        if stop > reached:
            total += stop - max(begin, reached)
            reached = stop
    return total


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table of plain text."""
    head = ("row", "what", "×", "figure", "floor", "ratio", "goal", "met")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def write(figures: Sequence[Figure], path: Path) -> None:
    """Write the figures as JSON."""
    found = [{**asdict(figure), "is_met": figure.is_met} for figure in figures]
    path.write_text(json.dumps({"figures": found}, indent=1) + "\n")


def _row(figure: Figure) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: ""}[figure.is_met]
    return (
        figure.row,
        figure.what,
        str(figure.scale),
        _shown(figure.value, figure.unit),
        _shown(figure.floor, figure.unit),
        f"{figure.value / figure.floor:.1f}" if figure.floor else "",
        f"≤ {_shown(figure.limit, figure.unit)}" if figure.limit is not None else "",
        met,
    )


def _shown(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:.4g} {unit}"
