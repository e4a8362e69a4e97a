"""The check ``contents``: a version brings what it takes to understand and to serve it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, assert_never

from pydantic import Field

from bot.domain.blank import says_nothing
from bot.domain.evidence import PolicyFacts, VersionEvidence
from bot.domain.policy import CheckOutcome, OutcomeKind
from bot.domain.registry import ModelContents
from policies.entries import RuleEntry, RulePlace
from policies.rule import Rule


class Part(StrEnum):
    """What a version can bring."""

    DESCRIPTION = "description"
    SIGNATURE = "signature"
    REQUIREMENTS = "requirements"


class ContentsRule(RuleEntry):
    """The version brings what it should."""

    type: Literal["contents"]
    require: Annotated[list[Annotated[Part, Field(strict=False)]], Field(min_length=1)]

    def check(self, place: RulePlace) -> "ContentsCheck":
        """Return the check of the parts."""
        required = tuple(dict.fromkeys(self.require))
        return ContentsCheck(**self.identity(place), required=required)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentsCheck(Rule):
    """The candidate has every required part, and none of them is blank."""

    required: tuple[Part, ...]

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return which required parts are there."""
        evidence, expected = facts.candidate, _listed(self.required)
        lacking = [part for part in self.required if not _has(part, evidence)]
        if not lacking:
            return self.outcome(
                OutcomeKind.PASSED,
                f"{expected}: all there",
                observed=expected,
                expected=expected,
            )
        reason = evidence.why_unreadable("contents")
        if reason is not None and set(lacking) != {Part.DESCRIPTION}:
            return self._unreadable(lacking, reason)
        return self.outcome(
            OutcomeKind.MISSING,
            f"no {', no '.join(lacking)}",
            observed=_listed(part for part in self.required if part not in lacking),
            expected=expected,
            remedy="; ".join(_remedy(part) for part in lacking),
        )

    def _unreadable(self, lacking: list[Part], reason: str) -> CheckOutcome:
        unsure = [part for part in lacking if part is not Part.DESCRIPTION]
        blank = ", no description" if Part.DESCRIPTION in lacking else ""
        return self.outcome(
            OutcomeKind.ERRORED,
            f"{_listed(unsure)} could not be read ({reason}){blank}",
            expected=_listed(self.required),
            remedy="ask again once the version's files can be read",
        )


def _listed(parts: Iterable[Part]) -> str:
    return ", ".join(parts)


def _has(part: Part, evidence: VersionEvidence) -> bool:
    contents = evidence.contents or ModelContents()
    match part:
        case Part.DESCRIPTION:
            return not says_nothing(evidence.version.description)
        case Part.SIGNATURE:
            return contents.inputs is not None and contents.outputs is not None
        case Part.REQUIREMENTS:
            return bool(contents.packages)
        case _:
            assert_never(part)


def _remedy(part: Part) -> str:
    match part:
        case Part.DESCRIPTION:
            return "describe the version in the registry"
        case Part.SIGNATURE:
            return "log the model with a signature of inputs and outputs"
        case Part.REQUIREMENTS:
            return "log the model with its pip requirements"
        case _:
            assert_never(part)
