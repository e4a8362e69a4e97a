"""The check ``drift``: a logged measure of drift is low, and recent where that is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from bot.domain.evidence import PolicyFacts
from bot.domain.metrics import MetricDefinition
from bot.domain.policy import CheckOutcome, OutcomeKind
from bot.domain.registry import Metric
from policies.entries import MetricUse, RuleEntry, RulePlace
from policies.figures import how_long
from policies.metric import MetricCheck
from policies.rule import Rule
from policies.values import Duration, Number


class DriftRule(RuleEntry):
    """A measure of drift is low."""

    type: Literal["drift"]
    metric: str
    max: Number
    window: Duration | None = None

    def check(self, place: RulePlace) -> "DriftCheck":
        """Return the check of the measure."""
        return DriftCheck(
            **self.identity(place),
            metric=place.catalogue[self.metric],
            maximum=self.max,
            window=self.window,
        )

    def metric_uses(self) -> Iterator[MetricUse]:
        """Yield the one metric."""
        yield MetricUse(trail=("metric",), metric=self.metric, bounds=((("max",), self.max),))


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftCheck(Rule):
    """A logged measure of drift of the candidate is at most a bound, on every dataset.

    Attributes:
        maximum: In the metric's unit, itself allowed.
        window: How long ago it may have been logged; None for any time.
    """

    metric: MetricDefinition
    maximum: Decimal
    window: timedelta | None = None

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return how the worst value stands, or that one of them is not recent."""
        stale = next(self._stale(facts), None)
        return stale or self._bounded.evaluate(facts)

    @property
    def _bounded(self) -> MetricCheck:
        return MetricCheck(
            id=self.id,
            policy=self.policy,
            severity=self.severity,
            metric=self.metric,
            maximum=self.maximum,
        )

    def _stale(self, facts: PolicyFacts) -> Iterator[CheckOutcome]:
        if self.window is None:
            return
        for metric in self.metric.values_in(facts.candidate.metrics()):
            age = facts.evaluated_at - metric.logged_at if metric.logged_at else None
            if age is None or not timedelta(0) <= age <= self.window:
                yield self._not_recent(metric, age, self.window)

    def _not_recent(self, metric: Metric, age: timedelta | None, window: timedelta) -> CheckOutcome:
        within = how_long(window)
        return self.outcome(
            OutcomeKind.MISSING,
            f"{self.metric.name} was logged {_when(age)}, needs a value of the last {within}",
            observed=str(metric.value),
            expected=f"{self._bounded.expected}, within {within}",
            remedy=f"measure the drift anew and log it as `{metric.key}`",
            unit=self.metric.unit,
            age=age,
        )


def _when(age: timedelta | None) -> str:
    if age is None:
        return "at an unknown time"
    return f"{how_long(age)} ago" if age >= timedelta(0) else "in the future"
