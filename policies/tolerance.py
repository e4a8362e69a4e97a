"""How much worse than before a metric may be."""

from dataclasses import dataclass
from decimal import Decimal

from bot.domain.metrics import Direction, MetricDefinition
from policies.figures import written

PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """An allowed loss; at least one of the two is given, and where both are, both hold.

    Attributes:
        max_drop: Allowed loss in the metric's unit.
        max_drop_relative: Allowed loss as a share of the absolute value before, 0 to 1.
    """

    max_drop: Decimal | None = None
    max_drop_relative: Decimal | None = None

    def excess(self, metric: MetricDefinition, before: Decimal, after: Decimal) -> Decimal:
        """Return by how much the loss is more than allowed; 0 or less when it is not."""
        return metric.loss(before, after) - self.allowed(before)

    def limit(self, metric: MetricDefinition, before: Decimal) -> tuple[str, Decimal]:
        """Return what the value after has to keep to: ``≥`` or ``≤``, and the number."""
        allowed = self.allowed(before)
        is_higher_better = metric.direction is Direction.HIGHER
        return ("≥", before - allowed) if is_higher_better else ("≤", before + allowed)

    def allowed(self, before: Decimal) -> Decimal:
        """Return the allowed loss in the unit of the metric."""
        absolute, relative = self.max_drop, self.max_drop_relative
        bounds = [absolute] if absolute is not None else []
        bounds += [relative * abs(before)] if relative is not None else []
        return min(bounds)

    def words(self, metric: MetricDefinition) -> str:
        """Return the allowed loss for people: ``at most 0.02 below``."""
        absolute, relative = self.max_drop, self.max_drop_relative
        amounts = [written(absolute, metric.unit)] if absolute is not None else []
        amounts += [f"{written(relative * PERCENT)} %"] if relative is not None else []
        side = "below" if metric.direction is Direction.HIGHER else "above"
        return f"at most {' and '.join(amounts)} {side}"
