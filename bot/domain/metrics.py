"""The metric catalogue: direction, unit and other names of each metric, and its arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.domain.registry import Metric


class Direction(StrEnum):
    """Which way a metric counts as better."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDefinition:
    """One metric as policies and people speak of it.

    Attributes:
        unit: ``ratio``, ``ms`` … ; empty for a bare number.
        aliases: Other keys under which runs log it.
    """

    name: str
    direction: Direction
    unit: str = ""
    aliases: tuple[str, ...] = ()

    def values_in(self, metrics: Iterable[Metric]) -> tuple[Metric, ...]:
        """Return every logged value of this metric, one per dataset, in logged order."""
        keys = {self.name, *self.aliases}
        return tuple(metric for metric in metrics if metric.key in keys)

    def loss(self, before: Decimal, after: Decimal) -> Decimal:
        """Return how much worse ``after`` is than ``before``; negative when it is better."""
        return before - after if self.direction is Direction.HIGHER else after - before


def exact(value: object) -> Decimal | None:
    """Return a logged number as people read it, or None when it is no finite number.

    Takes the shortest decimal that stands for the float: 0.469 is not below 0.519 - 0.05, though
    the floats say so (of 25,000 three-decimal pairs lying exactly on a tolerance, 465 do).
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None
