"""The check ``metric``: a logged metric keeps within bounds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from pydantic import model_validator

from bot.domain.evidence import PolicyFacts
from bot.domain.metrics import MetricDefinition, exact
from bot.domain.policy import CheckOutcome, OutcomeKind
from bot.domain.registry import Metric
from policies.entries import MetricUse, RuleEntry, RulePlace
from policies.figures import shown, written
from policies.rule import Rule
from policies.values import Number, wrong


class MetricRule(RuleEntry):
    """A metric keeps within bounds."""

    type: Literal["metric"]
    metric: str
    min: Number | None = None
    max: Number | None = None

    @model_validator(mode="after")
    def _has_bounds(self) -> "MetricRule":
        if self.min is None and self.max is None:
            raise wrong(f"rule `{self.id}` has no bound", "Add min or max")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise wrong(
                f"no value of `{self.metric}` is at least {self.min} and at most {self.max}",
                "Swap min and max",
            )
        return self

    def check(self, place: RulePlace) -> "MetricCheck":
        """Return the check of the bounds."""
        return MetricCheck(
            **self.identity(place),
            metric=place.catalogue[self.metric],
            minimum=self.min,
            maximum=self.max,
        )

    def metric_uses(self) -> Iterator[MetricUse]:
        """Yield the one metric."""
        bounds: tuple[tuple[tuple[str, ...], Decimal | None], ...]
        bounds = ((("min",), self.min), (("max",), self.max))
        yield MetricUse(trail=("metric",), metric=self.metric, bounds=bounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricCheck(Rule):
    """A metric of the candidate is within its bounds, on every dataset it was measured on.

    Attributes:
        minimum: In the metric's unit, itself allowed; None for no lower bound.
        maximum: Likewise for the upper bound.
    """

    metric: MetricDefinition
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return how the worst logged value stands to the bounds."""
        return replace(self._outcome(facts), metric=self.metric.name)

    def _outcome(self, facts: PolicyFacts) -> CheckOutcome:
        logged = self.metric.values_in(facts.candidate.metrics())
        if not logged:
            return self._without_value(facts)
        numbers = [(number, m) for m in logged if (number := exact(m.value)) is not None]
        if len(numbers) < len(logged):
            return self._no_number(next(m for m in logged if exact(m.value) is None))
        return self._measured(*max(numbers, key=lambda pair: self._excess(pair[0])), len(logged))

    @property
    def expected(self) -> str:
        """The bounds with their unit, e.g. ``≥ 0.8``."""
        bounds = (("≥", self.minimum), ("≤", self.maximum))
        unit = self.metric.unit
        return " and ".join(f"{sign} {written(b, unit)}" for sign, b in bounds if b is not None)

    def _excess(self, value: Decimal) -> Decimal:
        """Return how far a value lies outside of its bounds; 0 or less within."""
        below = [self.minimum - value] if self.minimum is not None else []
        above = [value - self.maximum] if self.maximum is not None else []
        return max(below + above)

    def _measured(self, value: Decimal, metric: Metric, count: int) -> CheckOutcome:
        passed = self._excess(value) <= 0
        bounds = tuple(b for b in (self.minimum, self.maximum) if b is not None)
        observed = shown(value, self.metric.unit, against=bounds)
        dataset = metric.dataset_name or "one of its datasets"
        where = f" on {dataset}, the worst of {count} values" if count > 1 else ""
        return self.outcome(
            OutcomeKind.PASSED if passed else OutcomeKind.FAILED,
            f"{self.metric.name} {observed}{where}, needs {self.expected}",
            observed=observed,
            expected=self.expected,
            remedy="" if passed else "propose a version that reaches it",
        )

    def _without_value(self, facts: PolicyFacts) -> CheckOutcome:
        name, reason = self.metric.name, facts.candidate.why_unreadable("run")
        if reason is not None:
            return self.outcome(
                OutcomeKind.ERRORED,
                f"{name} could not be read ({reason}), needs {self.expected}",
                expected=self.expected,
                remedy="ask again once the run can be read",
            )
        other = f" (or as {', '.join(self.metric.aliases)})" if self.metric.aliases else ""
        return self.outcome(
            OutcomeKind.MISSING,
            f"{name} was not logged, needs {self.expected}",
            expected=self.expected,
            remedy=f"log `{name}`{other} on the model or its run",
        )

    def _no_number(self, metric: Metric) -> CheckOutcome:
        return self.outcome(
            OutcomeKind.ERRORED,
            f"{self.metric.name} is {metric.value}, needs {self.expected}",
            observed=str(metric.value),
            expected=self.expected,
            remedy=f"find out why `{metric.key}` came out so, and log it anew",
        )
