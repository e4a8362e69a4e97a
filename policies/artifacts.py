"""The check ``artifacts``: the run has the files and folders that it should."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.evidence import Needs, PolicyFacts, VersionEvidence, file_part
from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.entries import RuleEntry, RulePlace
from policies.found import Found, together
from policies.rule import Rule
from policies.values import ArtifactPath


class ArtifactsRule(RuleEntry):
    """The run has the artifacts that it should."""

    type: Literal["artifacts"]
    required: Annotated[list[ArtifactPath], Field(min_length=1)]

    def check(self, place: RulePlace) -> "ArtifactsCheck":
        """Return the check of the artifacts."""
        return ArtifactsCheck(**self.identity(place), required=tuple(sorted(set(self.required))))


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactsCheck(Rule):
    """Every required artifact is among those of the candidate's run.

    Attributes:
        required: Paths; one that ends in ``/`` is a folder with something in it.
    """

    required: tuple[str, ...]

    @property
    def needs(self) -> Needs:
        """Whether the artifacts are there."""
        return Needs(artifacts=frozenset(self.required))

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return which artifacts are there."""
        candidate = facts.candidate
        run = candidate.version.run_id
        found = [_found(path, candidate) for path in self.required]
        return together(self, found, source=f"run {run}" if run else "")


def _found(path: str, evidence: VersionEvidence) -> Found:
    run, is_there = evidence.version.run_id, evidence.artifacts.get(path)
    if run is None:
        remedy = f"register a version from a run that has {path}"
        return Found(kind=OutcomeKind.MISSING, text=f"no run, so no {path}", remedy=remedy)
    if is_there is None:
        reason = evidence.why_unreadable(file_part(path)) or "nobody looked for it"
        return Found(
            kind=OutcomeKind.ERRORED,
            text=f"nobody can tell whether {path} is there ({reason})",
            expected=path,
            remedy="ask again once the run's artifacts can be read",
        )
    if not is_there:
        return Found(
            kind=OutcomeKind.MISSING,
            text=f"{path} is not there",
            expected=path,
            remedy=f"log `{path}` in run {run}",
        )
    return Found(kind=OutcomeKind.PASSED, text=f"{path} is there", observed=path, expected=path)
