"""What every mapping and every rule of a policy file has in common."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, TypedDict

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.metrics import MetricDefinition
from bot.domain.policy import PolicyCheck, Severity
from policies.document import Trail
from policies.values import Name

Catalogue = Mapping[str, MetricDefinition]


class Entry(BaseModel):
    """A mapping in a policy file: no unknown keys, no values of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePlace:
    """What a rule takes from the policy that it stands in.

    Attributes:
        severity: The policy's; a rule may have its own.
        catalogue: All metrics by name; those that a checked rule names are in it.
    """

    policy: str
    severity: Severity
    catalogue: Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricUse:
    """A metric that a rule names.

    Attributes:
        trail: Where, within the rule.
        bounds: Numbers in the metric's unit, with their trails.
    """

    trail: Trail
    metric: str
    bounds: tuple[tuple[Trail, Decimal | None], ...] = ()


class Identity(TypedDict):
    """The first fields of every check."""

    id: str
    policy: str
    severity: Severity


class RuleEntry(Entry):
    """What every kind of rule has; ``type`` names the kind."""

    id: Name
    severity: Annotated[Severity, Field(strict=False)] | None = None

    def identity(self, place: RulePlace) -> Identity:
        """Return what the check is called, and how grave it is."""
        return Identity(id=self.id, policy=place.policy, severity=self.severity or place.severity)

    def check(self, place: RulePlace) -> PolicyCheck:
        """Return the check that this rule asks for."""
        raise NotImplementedError(type(self).__name__)

    def metric_uses(self) -> Iterator[MetricUse]:
        """Yield the metrics that have to be in the catalogue."""
        return iter(())
