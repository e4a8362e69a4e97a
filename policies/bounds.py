"""What a number has to keep to."""

from dataclasses import dataclass
from decimal import Decimal

from policies.figures import shown, written


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A lowest and a greatest value, each itself allowed; at least one of the two is given."""

    minimum: Decimal | None
    maximum: Decimal | None
    unit: str

    @property
    def words(self) -> str:
        """The bounds with their unit, e.g. ``≥ 0.8``."""
        both = (("≥", self.minimum), ("≤", self.maximum))
        return " and ".join(f"{sign} {written(b, self.unit)}" for sign, b in both if b is not None)

    def excess(self, value: Decimal) -> Decimal:
        """Return how far a value lies outside; 0 or less within."""
        below = [self.minimum - value] if self.minimum is not None else []
        above = [value - self.maximum] if self.maximum is not None else []
        return max(below + above)

    def shown(self, value: Decimal) -> str:
        """Return a measured value for people, rounded where that does not hide how it stands."""
        bounds = tuple(b for b in (self.minimum, self.maximum) if b is not None)
        return shown(value, self.unit, against=bounds)
