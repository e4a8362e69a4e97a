"""The check ``lineage``: it is known what a version was made from."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.domain.evidence import Needs, PolicyFacts, VersionEvidence
from bot.domain.policy import CheckOutcome, OutcomeKind
from bot.domain.registry import Run
from policies.entries import RuleEntry, RulePlace
from policies.found import Found, together
from policies.rule import Rule
from policies.values import Glob, wrong

ANY = ("*",)


class LineageRule(RuleEntry):
    """It is known what the version was made from."""

    type: Literal["lineage"]
    run: Literal["required"] | None = None
    datasets: Annotated[int, Field(ge=1, le=1000)] | None = None
    upstream: (
        Literal["at_least_one"] | Annotated[list[Glob], Field(min_length=1, max_length=100)] | None
    ) = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> "LineageRule":
        if not (self.run or self.datasets or self.upstream):
            raise wrong(f"rule `{self.id}` asks for nothing", "Add run, datasets or upstream")
        return self

    def check(self, place: RulePlace) -> "LineageCheck":
        """Return the check of the run and its datasets."""
        named = self.upstream if isinstance(self.upstream, list) else ANY if self.upstream else ()
        return LineageCheck(
            **self.identity(place), datasets=self.datasets or 0, upstream=tuple(sorted(set(named)))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageCheck(Rule):
    """The candidate was made by a run, which says what data it read and where that came from.

    Attributes:
        datasets: How many the run has to have read at least.
        upstream: Globs on tables and paths; each has to fit the source of a dataset, or a table
            on which the registry says the version depends.
    """

    datasets: int = 0
    upstream: tuple[str, ...] = ()

    @property
    def needs(self) -> Needs:
        """The tables that the registry notes, where sources are asked for."""
        return Needs(tables=bool(self.upstream))

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return what is known of the candidate's origin."""
        run = facts.candidate.version.run_id
        found = tuple(self._found(facts.candidate))
        return together(self, found, source=f"run {run}" if run else "")

    def _found(self, evidence: VersionEvidence) -> Iterator[Found]:
        run, run_id = evidence.run, evidence.version.run_id
        if run_id is None:
            yield Found(
                kind=OutcomeKind.MISSING,
                text="the version names no run",
                remedy="register a version from the run that made it",
            )
        elif run is None:
            reason = evidence.why_unreadable("run") or "nobody knows why"
            yield Found(
                kind=OutcomeKind.ERRORED,
                text=f"the run could not be read ({reason})",
                remedy="ask again once the run can be read",
            )
        else:
            yield Found(kind=OutcomeKind.PASSED, text=f"made by run {run_id}", observed=run_id)
            yield from self._enough_datasets(run)
            for glob in self.upstream:
                yield _upstream(glob, run, evidence)

    def _enough_datasets(self, run: Run) -> Iterator[Found]:
        count, expected = len(run.datasets), f"{self.datasets} or more datasets"
        if count < self.datasets:
            yield Found(
                kind=OutcomeKind.MISSING,
                text=f"the run names {_number(count)}, needs {expected}",
                observed=_number(count),
                expected=expected,
                remedy=f"log what run {run.run_id} read as its inputs (mlflow.log_input)",
            )
        elif self.datasets:
            text = f"it read {_number(count)}"
            yield Found(
                kind=OutcomeKind.PASSED, text=text, observed=_number(count), expected=expected
            )


def _number(count: int) -> str:
    return "1 dataset" if count == 1 else f"{count or 'no'} datasets"


def _upstream(glob: str, run: Run, evidence: VersionEvidence) -> Found:
    read = {dataset.source for dataset in run.datasets if dataset.source}
    sources = sorted({*read, *evidence.tables})
    fitting = [source for source in sources if fnmatchcase(source, glob)]
    expected = "a table or path" if glob == "*" else f"`{glob}`"
    if fitting:
        text = f"it was made from {', '.join(fitting)}"
        return Found(
            kind=OutcomeKind.PASSED, text=text, observed=", ".join(fitting), expected=expected
        )
    known = f"only {', '.join(sources)}" if sources else "no table and no path"
    reason = evidence.why_unreadable("tables")
    if reason is not None:
        return Found(
            kind=OutcomeKind.ERRORED,
            text=f"the run names {known} as a source of its data, and what the registry notes "
            f"could not be read ({reason}), needs {expected}",
            observed=", ".join(sources),
            expected=expected,
            remedy="ask again once it can be read",
        )
    return Found(
        kind=OutcomeKind.MISSING,
        text=f"run and registry name {known} as a source of its data, needs {expected}",
        observed=", ".join(sources),
        expected=expected,
        remedy=f"log the dataset with its source in run {run.run_id} (mlflow.log_input)",
    )
