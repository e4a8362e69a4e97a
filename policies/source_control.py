"""The check ``source``: the code of a version is known, on a branch, and was reviewed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from bot.domain.content_hash import is_said
from bot.domain.evidence import PolicyFacts, VersionEvidence
from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.entries import RuleEntry, RulePlace
from policies.form import Entry
from policies.found import Found, together
from policies.rule import Rule
from policies.values import Glob, OthersTag, TagKey, shown_value, wrong

COMMIT_TAG = "mlflow.source.git.commit"
BRANCH_TAG = "mlflow.source.git.branch"
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def _said(key: str) -> str:
    if not is_said(key):
        raise wrong(
            f"MLflow keeps the tag `{key}` for itself, so that nobody is asked anew when it moves",
            "Name a tag that people or CI write",
        )
    return key


SourceTag = Annotated[OthersTag, AfterValidator(_said)]


class SourceTags(Entry):
    """Under which tags of the run, or else of the version, people and CI say what was reviewed."""

    commit: SourceTag = COMMIT_TAG
    branch: SourceTag = BRANCH_TAG
    review: SourceTag = "review.status"
    reviewer: SourceTag = "review.reviewer"
    author: SourceTag = "review.author"


class SourceRule(RuleEntry):
    """The code is known, and was reviewed."""

    type: Literal["source"]
    git_commit: Literal["required"] | None = None
    branch: Glob | None = None
    review: TagKey | None = None
    reviewer_not_author: bool = False
    tags: SourceTags = Field(default_factory=SourceTags)

    @model_validator(mode="after")
    def _asks_for_something(self) -> "SourceRule":
        if not (self.git_commit or self.branch or self.review or self.reviewer_not_author):
            raise wrong(
                f"rule `{self.id}` asks for nothing",
                "Add git_commit, branch, review or reviewer_not_author",
            )
        return self

    def check(self, place: RulePlace) -> "SourceCheck":
        """Return the check of what run and version say of their code."""
        people = (self.tags.reviewer, self.tags.author) if self.reviewer_not_author else None
        return SourceCheck(
            **self.identity(place), asked=tuple(self._asked()), reviewer_and_author=people
        )

    def _asked(self) -> "Iterator[TagAsked]":
        tags = self.tags
        if self.git_commit:
            yield TagAsked(what="commit", tag=tags.commit, form="commit", wanted="a Git commit")
        if self.branch:
            yield TagAsked(what="branch", tag=tags.branch, form="glob", wanted=self.branch)
        if self.review:
            yield TagAsked(what="review", tag=tags.review, form="text", wanted=self.review)


@dataclass(frozen=True, slots=True, kw_only=True)
class TagAsked:
    """A tag that has to have a value of some form.

    Attributes:
        what: In words.
        form: How ``wanted`` is meant.
    """

    what: str
    tag: str
    form: Literal["commit", "glob", "text"]
    wanted: str

    def fits(self, value: str) -> bool:
        """Tell whether a value is of the form."""
        return _FITS[self.form](value, self.wanted)


_FITS: dict[str, Callable[[str, str], bool]] = {
    "commit": lambda value, _: _COMMIT.fullmatch(value.lower()) is not None,
    "glob": fnmatchcase,
    "text": lambda value, wanted: value.casefold() == wanted.casefold(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCheck(Rule):
    """The candidate's run, or else the version, says by tags where the code is from.

    Attributes:
        reviewer_and_author: Tags with the names of people, separated by commas; somebody other
            than the authors has to be among the reviewers. None when that is not asked.
    """

    asked: tuple[TagAsked, ...] = ()
    reviewer_and_author: tuple[str, str] | None = None

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return what is known of the code."""
        evidence, run = facts.candidate, facts.candidate.version.run_id
        reason = evidence.why_unreadable("run")
        if reason is not None or (run is not None and evidence.run is None):
            return self.outcome(
                OutcomeKind.ERRORED,
                f"the run could not be read ({reason or 'nobody knows why'})",
                expected=", ".join(tag.wanted for tag in self.asked),
                remedy="ask again once the run can be read",
            )
        version = f"tags of v{evidence.version.version}"
        source = f"tags of run {run}, {version}" if run else version
        return together(self, list(self._found(evidence)), source=source)

    def _found(self, evidence: VersionEvidence) -> Iterator[Found]:
        for asked in self.asked:
            yield _tag(asked, _value(evidence, asked.tag))
        if self.reviewer_and_author:
            yield from _people(evidence, *self.reviewer_and_author)


def _value(evidence: VersionEvidence, tag: str) -> str:
    """Return a tag of the run, or else of the version; empty when neither says anything."""
    of_run = evidence.run.tags.get(tag, "").strip() if evidence.run else ""
    return of_run or evidence.version.tags.get(tag, "").strip()


def _tag(asked: TagAsked, value: str) -> Found:
    if not value:
        return _absent(asked.what, asked.tag, asked.wanted)
    fits, shown = asked.fits(value), shown_value(value)
    needs = "" if fits else f", needs {asked.wanted}"
    return Found(
        kind=OutcomeKind.PASSED if fits else OutcomeKind.FAILED,
        text=f"{asked.what} {shown}{needs}",
        observed=f"{asked.what} {shown.strip('`')}",
        expected=f"{asked.what}: {asked.wanted}",
        remedy="" if fits else f"propose a version whose {asked.what} is {asked.wanted}",
    )


def _absent(what: str, tag: str, wanted: str) -> Found:
    return Found(
        kind=OutcomeKind.MISSING,
        text=f"no {what} is known",
        expected=f"{what}: {wanted}",
        remedy=f"tag the run or the version `{tag}`",
    )


def _people(evidence: VersionEvidence, reviewer: str, author: str) -> Iterator[Found]:
    wanted = "somebody other than the author"
    reviewers, authors = _names(_value(evidence, reviewer)), _names(_value(evidence, author))
    if not reviewers:
        yield _absent("reviewer", reviewer, wanted)
    if not authors:
        yield _absent("author", author, "somebody")
    if reviewers and authors:
        others = [name for name in reviewers if name not in authors]
        shown = shown_value(", ".join(others or reviewers))
        alone = "" if others else ", who is the author"
        yield Found(
            kind=OutcomeKind.PASSED if others else OutcomeKind.FAILED,
            text=f"reviewed by {shown}{alone}",
            observed=f"reviewer {shown.strip('`')}",
            expected=f"reviewer: {wanted}",
            remedy="" if others else "let somebody else review the code, and tag who did",
        )


def _names(value: str) -> list[str]:
    return [name for part in value.split(",") if (name := part.strip().casefold())]
