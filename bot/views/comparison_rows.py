"""The rows of a comparison: values, difference in words, what policies ask."""

import math
import re

from bot.domain.messages import Better, MetricRow
from bot.domain.metrics import Direction
from bot.domain.policy import CheckOutcome, OutcomeKind, Severity
from bot.views.texts import number

NO_DATA = "no data"
MINUS = "\N{MINUS SIGN}"
WHOLE = 100
"""Below it a relative difference has two digits, as +4.7 % or +27 %: more would be noise."""
_LONG_NUMBER = re.compile(r"(?<![\w.,-])[0-9]{4,15}(?![\w-])")
"""A figure of a policy, which is to look like those beside it; no date, no part of a name."""
_ARROWS = {Direction.HIGHER: " ↑", Direction.LOWER: " ↓"}
_SIGNS = {
    OutcomeKind.PASSED: "✓",
    OutcomeKind.FAILED: "✗",
    OutcomeKind.MISSING: "✗ no data",
    OutcomeKind.ERRORED: "✗ could not tell",
    OutcomeKind.INCONCLUSIVE: "within noise",
    OutcomeKind.SKIPPED: "does not apply",
    OutcomeKind.EXEMPT: "exempt",
}


def metric_cells(row: MetricRow) -> tuple[str, str, str, str, str]:
    """Return name with direction, both values, difference and policy."""
    arrow = _ARROWS[row.definition.direction] if row.definition else ""
    policy = "; ".join(_judged(outcome) for outcome in row.outcomes)
    return (
        f"{row.key}{arrow}",
        _value(row, row.base),
        _value(row, row.other),
        difference(row),
        policy,
    )


def is_within_noise(row: MetricRow) -> bool:
    """Tell whether a policy could not tell the two values apart."""
    return any(outcome.kind is OutcomeKind.INCONCLUSIVE for outcome in row.outcomes)


def difference(row: MetricRow) -> str:
    """Return the difference from base to other, always with better or worse in words."""
    if row.base is None or row.other is None:
        return "–"
    if not (math.isfinite(row.base) and math.isfinite(row.other)):
        return "not comparable"
    if is_within_noise(row):
        return "within noise"
    data = ", other data" if row.is_same_dataset is False else ""
    if row.base == row.other:
        return f"the same{data}"
    return f"{_change(row.base, row.other, _unit(row))} {_worth(row.better)}{data}"


def _change(base: float, other: float, unit: str) -> str:
    if base == 0:
        return _signed(other, unit)
    change = (other - base) / abs(base) * 100
    return _signed(change, "%", most=2 if abs(change) < WHOLE else 3)


def _signed(value: float, unit: str, most: int = 4) -> str:
    rounded = float(f"{value:.{most}g}")
    sign = "+" if rounded > 0 else MINUS
    return f"{sign}{number(abs(rounded), unit)}"


def _worth(better: Better) -> str:
    if better is Better.UNKNOWN:
        return "(better or worse not known)"
    return better.value if better is not Better.SAME else "(no better, no worse)"


def _unit(row: MetricRow) -> str:
    return row.definition.unit if row.definition else ""


def _value(row: MetricRow, value: float | None) -> str:
    return NO_DATA if value is None else number(value, _unit(row))


def _judged(outcome: CheckOutcome) -> str:
    unmet = outcome.kind in {OutcomeKind.FAILED, OutcomeKind.MISSING, OutcomeKind.ERRORED}
    soft = " (warning)" if unmet and outcome.severity is not Severity.ENFORCE else ""
    expected = _LONG_NUMBER.sub(lambda found: f"{int(found[0]):,}", outcome.expected)
    return f"{expected} {_SIGNS[outcome.kind]}{soft}".strip()
