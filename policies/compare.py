"""The check ``compare``: metrics are not worse than those of the version in place."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.domain.evidence import PolicyFacts, VersionEvidence
from bot.domain.metrics import MetricDefinition, exact
from bot.domain.policy import CheckOutcome, FirstRelease, OutcomeKind
from bot.domain.registry import Metric
from policies.datasets import datasets, is_alike, on_same
from policies.entries import MetricUse, RuleEntry, RulePlace
from policies.figures import shown, shown_apart
from policies.found import Found, together
from policies.paired import PairedCheck, PairedEntry
from policies.predecessor import without_predecessor
from policies.rule import Rule
from policies.tolerance import Tolerance
from policies.values import Alias, Allowance, Share, wrong


class SameDataset(StrEnum):
    """What it means that two values were not measured on the same dataset.

    ``require``: they cannot be compared (errored: the candidate is not shown to be worse, nor to
    be as good). ``warn``: they are compared, and where the candidate holds its ground people
    decide (inconclusive). ``ignore``: they are compared.
    """

    REQUIRE = "require"
    WARN = "warn"
    IGNORE = "ignore"


class CompareRule(RuleEntry):
    """Metrics are not worse than in place."""

    type: Literal["compare"]
    metrics: Annotated[list[str], Field(min_length=1)]
    max_drop: Allowance | None = None
    max_drop_relative: Share | None = None
    same_dataset: Annotated[SameDataset, Field(strict=False)] = SameDataset.REQUIRE
    against: Alias | None = None
    first_release: Annotated[FirstRelease, Field(strict=False)] = FirstRelease.ALLOW
    paired: PairedEntry | None = None

    @model_validator(mode="after")
    def _has_bounds(self) -> "CompareRule":
        if self.max_drop is None and self.max_drop_relative is None:
            raise wrong(
                f"rule `{self.id}` does not say how much worse is allowed",
                "Add max_drop or max_drop_relative; 0 allows nothing worse",
            )
        if self.paired and len(set(self.metrics)) > 1:
            raise wrong(
                f"rule `{self.id}` has one column of answers for several metrics",
                "Write one rule for each metric",
            )
        return self

    def check(self, place: RulePlace) -> "CompareCheck | PairedCheck":
        """Return the check against the version in place."""
        metrics = tuple(place.catalogue[name] for name in dict.fromkeys(self.metrics))
        tolerance = Tolerance(max_drop=self.max_drop, max_drop_relative=self.max_drop_relative)
        if self.paired:
            return PairedCheck(
                **self.identity(place),
                metric=metrics[0],
                tolerance=tolerance,
                paired=self.paired.places(),
                first_release=self.first_release,
            )
        return CompareCheck(
            **self.identity(place),
            metrics=metrics,
            tolerance=tolerance,
            same_dataset=self.same_dataset,
            first_release=self.first_release,
        )

    def metric_uses(self) -> Iterator[MetricUse]:
        """Yield every metric that is compared."""
        for number, metric in enumerate(self.metrics):
            bounds = ((("max_drop",), self.max_drop),)
            yield MetricUse(trail=("metrics", number), metric=metric, bounds=bounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareCheck(Rule):
    """No metric of the candidate is worse than that of the version in place by more than allowed.

    Source:
        The loss is (before - after) where higher is better, (after - before) where lower is; it
        fails above max_drop or above max_drop_relative times the absolute value before. MLflow's
        MetricThreshold takes both kinds of change and divides by the same, yet it cannot tolerate
        a loss. On several datasets each value in place is compared with the candidate's on the
        same dataset, and the greatest loss counts.
    """

    metrics: tuple[MetricDefinition, ...]
    tolerance: Tolerance
    same_dataset: SameDataset = SameDataset.REQUIRE
    first_release: FirstRelease = FirstRelease.ALLOW

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return how the candidate stands against the version that the alias names now."""
        current = facts.current
        if current is None:
            return without_predecessor(self, facts.alias, self.first_release)
        found = [
            _Comparison(
                rule=self,
                metric=metric,
                label=f"{facts.alias} v{current.version.version}",
                current=current,
                candidate=facts.candidate,
            ).finding()
            for metric in self.metrics
        ]
        return together(self, found, source=_source(facts.candidate, current))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """One metric of two versions.

    Attributes:
        label: The version in place, in words.
    """

    rule: CompareCheck
    metric: MetricDefinition
    label: str
    current: VersionEvidence
    candidate: VersionEvidence

    def finding(self) -> Found:
        """Return how the two stand, or why that cannot be told."""
        return next(self._obstacles(), None) or self._judged()

    @property
    def _before(self) -> tuple[Metric, ...]:
        return self.metric.values_in(self.current.metrics())

    @property
    def _after(self) -> tuple[Metric, ...]:
        return self.metric.values_in(self.candidate.metrics())

    @property
    def _is_same_dataset(self) -> bool:
        return is_alike(self._before, self._after)

    def _obstacles(self) -> Iterator[Found]:
        """Yield why nothing can be told.

        What the candidate lacks is missing evidence; what the version in place lacks makes the
        comparison impossible, whatever the candidate brings.
        """
        yield from self._absent(self.candidate, "the candidate", OutcomeKind.MISSING)
        yield from self._absent(self.current, self.label, OutcomeKind.ERRORED)
        name = self.metric.name
        if self.rule.same_dataset is SameDataset.REQUIRE and not self._is_same_dataset:
            yield Found(
                kind=OutcomeKind.ERRORED,
                text=f"{name} was not measured on the dataset of {self.label} "
                f"({datasets(self._after)}, not {datasets(self._before)})",
                remedy=f"measure both on one dataset, and log {name} with that dataset",
            )
        is_relative = self.rule.tolerance.max_drop_relative is not None
        if is_relative and any(exact(metric.value) == 0 for metric in self._before):
            yield Found(
                kind=OutcomeKind.ERRORED,
                text=f"{name} of {self.label} is 0, so that no share of it can be allowed",
                remedy="let the policy say max_drop instead of max_drop_relative",
            )

    def _absent(
        self, evidence: VersionEvidence, whose: str, unlogged: OutcomeKind
    ) -> Iterator[Found]:
        name, logged = self.metric.name, self.metric.values_in(evidence.metrics())
        odd = next((metric for metric in logged if exact(metric.value) is None), None)
        reason = evidence.why_unreadable("run")
        if odd is not None:
            yield Found(
                kind=OutcomeKind.ERRORED,
                text=f"{name} of {whose} is {odd.value}",
                observed=str(odd.value),
                remedy=f"find out why `{odd.key}` came out so, and log it anew",
            )
        elif not logged and reason is not None:
            yield Found(
                kind=OutcomeKind.ERRORED,
                text=f"{name} of {whose} could not be read ({reason})",
                remedy="ask again once the run can be read",
            )
        elif not logged:
            yield Found(
                kind=unlogged,
                text=f"{name} of {whose} was not logged",
                remedy=f"log `{name}` on the model of {whose}, or on its run",
            )

    def _judged(self) -> Found:
        tolerance, unit = self.rule.tolerance, self.metric.unit
        before, after = self._worst()
        kind = self._kind(tolerance.excess(self.metric, before, after))
        sign, limit = tolerance.limit(self.metric, before)
        observed, expected = shown_apart(after, limit, unit)
        doubt = "" if self._is_same_dataset else ", measured on different datasets"
        return Found(
            kind=kind,
            text=f"{self.metric.name} {observed}, needs {sign} {expected}: "
            f"{self.label} has {shown(before, unit)}{doubt}",
            observed=observed,
            expected=f"{sign} {expected} ({tolerance.words(self.metric)} {self.label})",
            remedy="propose a version that is not worse" if kind is OutcomeKind.FAILED else "",
        )

    def _worst(self) -> tuple[Decimal, Decimal]:
        """Return the values before and after with the greatest loss."""
        pairs = (
            (Decimal(str(old.value)), Decimal(str(new.value)))
            for old, new in on_same(self._before, self._after)
        )
        return max(pairs, key=lambda pair: self.rule.tolerance.excess(self.metric, *pair))

    def _kind(self, excess: Decimal) -> OutcomeKind:
        if excess > 0:
            return OutcomeKind.FAILED
        warns = self.rule.same_dataset is SameDataset.WARN and not self._is_same_dataset
        return OutcomeKind.INCONCLUSIVE if warns else OutcomeKind.PASSED


def _source(*evidence: VersionEvidence) -> str:
    """Return the versions whose values were read, with their runs."""
    return " and ".join(
        f"v{of.version.version} (run {of.version.run_id})"
        if of.version.run_id
        else f"v{of.version.version}"
        for of in evidence
    )
