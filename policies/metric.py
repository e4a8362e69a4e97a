"""The check ``metric``: a metric keeps within bounds, logged or as endpoints measure it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.domain.evidence import PolicyFacts, VersionEvidence
from bot.domain.metrics import MetricDefinition, exact
from bot.domain.policy import CheckOutcome, OutcomeKind
from bot.domain.registry import Metric
from policies.bounds import Bounds
from policies.endpoint_metric import (
    LONGEST_WINDOW,
    SHORTEST_WINDOW,
    EndpointFigure,
    EndpointMetricCheck,
)
from policies.entries import MetricUse, RuleEntry, RulePlace
from policies.rule import Rule
from policies.values import Duration, Number, wrong


class MetricSource(StrEnum):
    """Where a metric is looked for; unless a rule says so, on the model and then on its run."""

    MODEL = "model"
    RUN = "run"
    ENDPOINT = "endpoint"


class MetricRule(RuleEntry):
    """A metric keeps within bounds."""

    type: Literal["metric"]
    metric: str
    min: Number | None = None
    max: Number | None = None
    source: Annotated[MetricSource, Field(strict=False)] | None = None
    window: Duration | None = None
    min_samples: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = None

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

    @model_validator(mode="after")
    def _fits_its_source(self) -> "MetricRule":
        if self.source is MetricSource.ENDPOINT:
            self._fits_endpoints()
        elif self.window is not None or self.min_samples is not None:
            raise wrong(
                f"rule `{self.id}` has a window or min_samples, and logged metrics have none",
                "Add `source: endpoint`, or take window and min_samples out",
            )
        return self

    def _fits_endpoints(self) -> None:
        if self.metric not in set(EndpointFigure):
            known = ", ".join(EndpointFigure)
            raise wrong(f"endpoints do not measure `{self.metric}`", f"They measure: {known}")
        if self.window is None:
            raise wrong(f"rule `{self.id}` has no window", "Add one, like `window: 24h`")
        if not SHORTEST_WINDOW <= self.window <= LONGEST_WINDOW:
            raise wrong(
                "figures of endpoints are kept by the hour, for 35 days",
                "Write a window from 1h to 35d",
            )

    def check(self, place: RulePlace) -> "MetricCheck | EndpointMetricCheck":
        """Return the check of the bounds."""
        if self.window is not None:
            return EndpointMetricCheck(
                **self.identity(place),
                figure=EndpointFigure(self.metric),
                minimum=self.min,
                maximum=self.max,
                window=self.window,
                min_samples=self.min_samples or 1,
            )
        return MetricCheck(
            **self.identity(place),
            metric=place.catalogue[self.metric],
            minimum=self.min,
            maximum=self.max,
            source=self.source,
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
        source: Where it has to be logged; None for the model, and then its run.
    """

    metric: MetricDefinition
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    source: MetricSource | None = None

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return how the worst logged value stands to the bounds."""
        return replace(self._outcome(facts), metric=self.metric.name)

    def _outcome(self, facts: PolicyFacts) -> CheckOutcome:
        logged = self.metric.values_in(self._logged(facts.candidate))
        if not logged:
            return self._without_value(facts.candidate)
        numbers = [(number, m) for m in logged if (number := exact(m.value)) is not None]
        if len(numbers) < len(logged):
            return self._no_number(next(m for m in logged if exact(m.value) is None))
        value, worst = max(numbers, key=lambda pair: self.bounds.excess(pair[0]))
        return replace(
            self._measured(value, worst, len(logged)),
            unit=self.metric.unit,
            source=_place_of(worst, facts.candidate),
            age=facts.evaluated_at - worst.logged_at if worst.logged_at else None,
        )

    @property
    def expected(self) -> str:
        """The bounds with their unit, e.g. ``≥ 0.8``."""
        return self.bounds.words

    @property
    def bounds(self) -> Bounds:
        """The bounds, in the unit of the catalogue."""
        return Bounds(minimum=self.minimum, maximum=self.maximum, unit=self.metric.unit)

    def _logged(self, evidence: VersionEvidence) -> tuple[Metric, ...]:
        match self.source:
            case MetricSource.MODEL:
                return evidence.version.metrics
            case MetricSource.RUN:
                return evidence.run.metrics if evidence.run else ()
            case _:
                return evidence.metrics()

    def _measured(self, value: Decimal, metric: Metric, count: int) -> CheckOutcome:
        passed = self.bounds.excess(value) <= 0
        observed = self.bounds.shown(value)
        dataset = metric.dataset_name or "one of its datasets"
        where = f" on {dataset}, the worst of {count} values" if count > 1 else ""
        return self.outcome(
            OutcomeKind.PASSED if passed else OutcomeKind.FAILED,
            f"{self.metric.name} {observed}{where}, needs {self.expected}",
            observed=observed,
            expected=self.expected,
            remedy="" if passed else "propose a version that reaches it",
        )

    def _without_value(self, evidence: VersionEvidence) -> CheckOutcome:
        name, reason = self.metric.name, evidence.why_unreadable("run")
        if reason is not None and self.source is not MetricSource.MODEL:
            return self.outcome(
                OutcomeKind.ERRORED,
                f"{name} could not be read ({reason}), needs {self.expected}",
                expected=self.expected,
                remedy="ask again once the run can be read",
            )
        other = f" (or as {', '.join(self.metric.aliases)})" if self.metric.aliases else ""
        return self.outcome(
            OutcomeKind.MISSING,
            f"{name} was not logged{self._where}, needs {self.expected}",
            expected=self.expected,
            remedy=f"log `{name}`{other}{self._where or ' on the model or its run'}",
        )

    @property
    def _where(self) -> str:
        return f" on the {self.source}" if self.source else ""

    def _no_number(self, metric: Metric) -> CheckOutcome:
        return self.outcome(
            OutcomeKind.ERRORED,
            f"{self.metric.name} is {metric.value}, needs {self.expected}",
            observed=str(metric.value),
            expected=self.expected,
            remedy=f"find out why `{metric.key}` came out so, and log it anew",
        )


def _place_of(metric: Metric, evidence: VersionEvidence) -> str:
    if metric in evidence.version.metrics:
        return f"model v{evidence.version.version}"
    return f"run {evidence.version.run_id}"
