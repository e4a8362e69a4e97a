"""The metric catalogue: direction, unit and other names of each metric."""

from collections.abc import Iterable
from dataclasses import dataclass
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
