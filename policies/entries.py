"""What every rule of a policy file has in common."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, TypedDict

from pydantic import Field

from bot.domain.metrics import MetricDefinition
from bot.domain.policy import PolicyCheck, Severity
from policies.conditions import TagsEntry
from policies.document import Trail
from policies.form import Entry
from policies.values import Address, Name

Catalogue = Mapping[str, MetricDefinition]


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
    docs: str


class RuleEntry(Entry):
    """What every kind of rule has; ``type`` names the kind.

    ``applies_when`` limits a rule to versions with certain tags; for others it is skipped. ``docs``
    is told to those who do not meet it.
    """

    id: Name
    severity: Annotated[Severity, Field(strict=False)] | None = None
    applies_when: TagsEntry | None = None
    docs: Address | None = None

    def identity(self, place: RulePlace) -> Identity:
        """Return what the check is called, and how grave it is."""
        return Identity(
            id=self.id,
            policy=place.policy,
            severity=self.severity or place.severity,
            docs=self.docs or "",
        )

    @abstractmethod
    def check(self, place: RulePlace) -> PolicyCheck:
        """Return the check that this rule asks for."""

    def metric_uses(self) -> Iterator[MetricUse]:
        """Yield the metrics that have to be in the catalogue."""
        return iter(())
