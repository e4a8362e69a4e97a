"""The check ``compare`` on paired evidence: both versions judged on the same examples."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import lcm
from operator import sub
from typing import Annotated

from pydantic import Field, model_validator

from bot.domain.evidence import Needs, PolicyFacts, VersionEvidence
from bot.domain.metrics import Direction, MetricDefinition
from bot.domain.policy import CheckOutcome, FirstRelease, OutcomeKind
from policies.eval_table import Answers, TableError, read_answers
from policies.figures import shown, written
from policies.form import Entry
from policies.found import Found, together
from policies.paired_interval import EVERYTHING, Interval, mcnemar, mean_interval
from policies.predecessor import without_predecessor
from policies.rule import Rule
from policies.run_files import RunFile
from policies.tolerance import PERCENT, Tolerance
from policies.values import FilePath, Number, wrong

FEWEST = 30
"""Numbers below which a mean tells nothing."""
LEAST_CONFIDENCE, MOST_CONFIDENCE = Decimal("0.5"), Decimal("0.999")
Column = Annotated[str, Field(min_length=1, max_length=200)]


class PairedEntry(Entry):
    """Where each version's answers to the same examples are logged."""

    table: FilePath
    id: Column
    correct: Column | None = None
    value: Column | None = None
    confidence: Number = Decimal("0.95")

    @model_validator(mode="after")
    def _fits(self) -> "PairedEntry":
        if (self.correct is None) is (self.value is None):
            raise wrong(
                "it takes one column to compare",
                "Give correct (true or false in each row) or value (a number in each row)",
            )
        if not LEAST_CONFIDENCE <= self.confidence <= MOST_CONFIDENCE:
            raise wrong(
                f"{self.confidence} is no confidence",
                f"Write a number from {LEAST_CONFIDENCE} to {MOST_CONFIDENCE}, like 0.95",
            )
        return self

    def places(self) -> "Paired":
        """Return where the answers are."""
        return Paired(
            table=self.table,
            key=self.id,
            column=next(filter(None, (self.correct, self.value))),
            is_truth=self.correct is not None,
            confidence=self.confidence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Where the answers to the same examples are, and how sure the judgement has to be.

    Attributes:
        table: Path among the artifacts of both runs.
        key: Column of the examples' ids.
        is_truth: Whether the column says right or wrong; else it is a number.
        confidence: Of the interval, two-sided.
    """

    table: str
    key: str
    column: str
    is_truth: bool
    confidence: Decimal = Decimal("0.95")


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedCheck(Rule):
    """The candidate loses no more than allowed, beyond what chance may do to the examples.

    It fails when all of the interval of the loss is more than allowed (and McNemar's test says
    that right and wrong differ at all), passes when none of it is, and is inconclusive between.

    Attributes:
        metric: What the answers measure; says which numbers are better.
        tolerance: Allowed loss of the mean, or of the share of right answers.
    """

    metric: MetricDefinition
    tolerance: Tolerance
    paired: Paired
    first_release: FirstRelease = FirstRelease.ALLOW

    @property
    def needs(self) -> Needs:
        """The tables of both versions."""
        return Needs(both_files=frozenset({self.paired.table}))

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return how the candidate's answers stand to those of the version in place."""
        current = facts.current
        if current is None:
            return without_predecessor(self, facts.alias, self.first_release)
        files = (
            self._file(current, f"{facts.alias} v{current.version.version}"),
            self._file(facts.candidate, "the candidate"),
        )
        source = " and ".join(dict.fromkeys(file.source for file in files if file.source))
        outcome = together(self, [self._found(*files)], source=source)
        return replace(outcome, metric=self.metric.name, unit=self.metric.unit)

    def _file(self, evidence: VersionEvidence, whose: str) -> RunFile:
        what = f"the evaluation table of {whose}"
        return RunFile(evidence=evidence, path=self.paired.table, what=what)

    def _found(self, before: RunFile, after: RunFile) -> Found:
        old, new = self._answers(before), self._answers(after)
        if isinstance(new, Found):
            return new
        if isinstance(old, Found):
            return replace(old, kind=OutcomeKind.ERRORED)
        if not old.names or old.names != new.names:
            return _other_examples(old.names, new.names)
        return self._judged(old, new)

    def _answers(self, file: RunFile) -> Answers | Found:
        """Return the answers by example; or why there are none."""
        if file.text is None:
            return file.absent()
        places = self.paired
        try:
            return read_answers(file.text, places.key, places.column, is_truth=places.is_truth)
        except TableError as error:
            return file.broken(str(error))

    def _judged(self, old: Answers, new: Answers) -> Found:
        before = old.mean
        if not before and self.tolerance.max_drop_relative is not None:
            return Found(
                kind=OutcomeKind.ERRORED,
                text=f"{self.metric.name} in place is 0, so that no share of it can be allowed",
                remedy="let the policy say max_drop instead of max_drop_relative",
            )
        is_more_better = self.paired.is_truth or self.metric.direction is Direction.HIGHER
        better, worse = (old, new) if is_more_better else (new, old)
        unit = lcm(old.unit, new.unit)
        losses = tuple(map(sub, better.in_parts(unit), worse.in_parts(unit)))
        lost = sum(map((0).__lt__, losses))
        won = len(losses) - lost - losses.count(0)
        return _Judgement(
            check=self,
            count=len(losses),
            loss=Decimal(sum(losses)) / (len(losses) * unit),
            allowed=self.tolerance.allowed(before),
            lost=lost,
            won=won,
            chance=mcnemar(lost, won) if self.paired.is_truth else None,
            interval=self._interval(losses, _reach(old, new, unit), unit),
        ).found()

    def _interval(self, losses: Sequence[int], reach: int, unit: int) -> Interval:
        is_truth = self.paired.is_truth
        if not is_truth and len(losses) < FEWEST:
            return EVERYTHING
        confidence = float(self.paired.confidence)
        return mean_interval(losses, unit if is_truth else reach, unit, confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judgement:
    """What the answers come to.

    Attributes:
        loss: On average, in the metric's unit; negative when the candidate is better.
        lost: Examples on which the candidate is worse.
        won: Examples on which it is better.
        chance: That right and wrong answers differ so much by chance; None for numbers.
    """

    check: PairedCheck
    count: int
    loss: Decimal
    allowed: Decimal
    lost: int
    won: int
    chance: float | None
    interval: Interval

    def found(self) -> Found:
        """Return the judgement in words."""
        unit, kind = self.check.metric.unit, self._kind()
        low, high = (_number(bound, unit) for bound in self.interval)
        per_cent = written(self.check.paired.confidence * PERCENT)
        observed = shown(self.loss, unit, against=(self.allowed,))
        limit = written(self.allowed, unit)
        chance = "" if self.chance is None else f" (p {self.chance:.2g})"
        return Found(
            kind=kind,
            text=f"{self.check.metric.name} on {self.count} examples, worse on {self.lost} and "
            f"better on {self.won}{chance}: loss {observed} "
            f"({per_cent} % interval {low} to {high}), needs at most {limit}",
            observed=f"loss {observed}",
            expected=f"loss of at most {limit}",
            remedy=_REMEDIES[kind],
        )

    def _kind(self) -> OutcomeKind:
        low, high = (Decimal(str(bound)) for bound in self.interval)
        differs = self.chance is None or self.chance <= 1 - self.check.paired.confidence
        if low > self.allowed and differs:
            return OutcomeKind.FAILED
        return OutcomeKind.PASSED if high <= self.allowed else OutcomeKind.INCONCLUSIVE


_REMEDIES = {
    OutcomeKind.FAILED: "propose a version that is not worse",
    OutcomeKind.PASSED: "",
    OutcomeKind.INCONCLUSIVE: "evaluate both versions on more examples, or let people decide",
}


def _reach(old: Answers, new: Answers, unit: int) -> int:
    """Return how far apart the least and the greatest answer are, or 0 and one of them."""
    ends = [unit // answers.unit * end for answers in (old, new) for end in answers.ends]
    return max(ends) - min(ends)


def _number(bound: float, unit: str) -> str:
    number = Decimal(str(bound))
    return shown(number, unit) if number.is_finite() else str(bound)


def _other_examples(old: Sequence[str], new: Sequence[str]) -> Found:
    gone, come = len(set(old).difference(new)), len(set(new).difference(old))
    text = f"{gone} only of the version in place, {come} only of the candidate"
    return Found(
        kind=OutcomeKind.ERRORED,
        text="the evaluation tables are of different examples: " + text
        if gone or come
        else "the evaluation tables have no examples",
        remedy="evaluate both versions on the same examples",
    )
