"""The check ``semver``: the version's own number follows that of the version in place."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Literal, Self, assert_never

from pydantic import Field

from bot.domain.evidence import PolicyFacts, VersionEvidence
from bot.domain.policy import CheckOutcome, OutcomeKind, ProposedTag
from policies.entries import RuleEntry, RulePlace
from policies.found import Found, together
from policies.rule import Rule
from policies.values import OthersTag, shown_value

_NUMBER = r"(0|[1-9]\d{0,8})"
_PART = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
_FORM = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-({_PART}(?:\.{_PART})*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)
MAX_LENGTH = 128


class Bump(StrEnum):
    """How the number has to follow: by precedence, or as exactly the next one of a kind."""

    GREATER = "greater_than_champion"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class SemVer:
    """A semantic version.

    Attributes:
        before: Identifiers of a pre-release; empty for a release.

    Source:
        Semantic Versioning 2.0.0, items 2 and 9 to 11; its build metadata has no precedence.
    """

    major: int
    minor: int
    patch: int
    before: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the version that a text is, or None when it is none."""
        found = _FORM.fullmatch(text) if len(text) <= MAX_LENGTH else None
        if found is None:
            return None
        major, minor, patch, before = found.groups()
        identifiers = tuple(before.split(".")) if before else ()
        return cls(int(major), int(minor), int(patch), identifiers)

    def __str__(self) -> str:
        number = f"{self.major}.{self.minor}.{self.patch}"
        return f"{number}-{'.'.join(self.before)}" if self.before else number

    def follows(self, other: "SemVer") -> bool:
        """Tell whether this one has the higher precedence."""
        return self.precedence > other.precedence

    def next(self, bump: Bump) -> "SemVer":
        """Return the next release; one that a pre-release leads up to is the next one itself."""
        match bump:
            case Bump.GREATER | Bump.PATCH:
                step = 0 if self.before else 1
                return SemVer(self.major, self.minor, self.patch + step)
            case Bump.MINOR:
                step = 0 if self.before and not self.patch else 1
                return SemVer(self.major, self.minor + step, 0)
            case Bump.MAJOR:
                step = 0 if self.before and not (self.minor or self.patch) else 1
                return SemVer(self.major + step, 0, 0)
            case _:
                assert_never(bump)

    @property
    def precedence(self) -> tuple[int, int, int, bool, tuple[tuple[int, int, str], ...]]:
        """What sorts like the version: a release after all that lead up to it."""
        identifiers = tuple((0, int(i), "") if i.isdigit() else (1, 0, i) for i in self.before)
        return self.major, self.minor, self.patch, not self.before, identifiers


class SemverRule(RuleEntry):
    """The version's number follows that of the version in place."""

    type: Literal["semver"]
    tag: OthersTag = "version"
    bump: Annotated[Bump, Field(strict=False)] = Bump.GREATER

    def check(self, place: RulePlace) -> "SemverCheck":
        """Return the check of the number."""
        return SemverCheck(**self.identity(place), tag=self.tag, bump=self.bump)


@dataclass(frozen=True, slots=True, kw_only=True)
class SemverCheck(Rule):
    """The candidate's semantic version follows that of the version in place.

    Attributes:
        tag: Of the version; carries the number.
    """

    tag: str = "version"
    bump: Bump = Bump.GREATER

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return how the number of the candidate stands to the one in place."""
        source = f"tag {self.tag} of v{facts.candidate.version.version}"
        outcome = together(self, [self._found(facts)], source=source)
        if outcome.kind in {OutcomeKind.MISSING, OutcomeKind.FAILED}:
            return replace(outcome, proposed=self._proposed(facts))
        return outcome

    def _proposed(self, facts: PolicyFacts) -> ProposedTag:
        old = SemVer.read(self._text(facts.current)) if facts.current else None
        present = self._text(facts.candidate)
        return ProposedTag(key=self.tag, value=str(self._next(old)), present=present)

    def _found(self, facts: PolicyFacts) -> Found:
        current, text = facts.current, self._text(facts.candidate)
        old = SemVer.read(self._text(current)) if current else None
        if current and old is None:
            return self._without_old(current, facts)
        expected = self._expected(old)
        if not text:
            remedy = self._remedy(old)
            return Found(
                kind=OutcomeKind.MISSING,
                text=f"no tag {self.tag}, needs {expected}",
                expected=expected,
                remedy=remedy,
            )
        return self._judged(text, old, expected)

    def _judged(self, text: str, old: SemVer | None, expected: str) -> Found:
        new = SemVer.read(text)
        is_right = new is not None and (old is None or self._is_right(new, old))
        shown = shown_value(text)
        unlike = ", which is no semantic version" if new is None else ""
        return Found(
            kind=OutcomeKind.PASSED if is_right else OutcomeKind.FAILED,
            text=f"{self.tag} is {shown}{unlike}, needs {expected}",
            observed=shown,
            expected=expected,
            remedy="" if is_right else self._remedy(old),
        )

    def _is_right(self, new: SemVer, old: SemVer) -> bool:
        return new.follows(old) if self.bump is Bump.GREATER else new == old.next(self.bump)

    def _without_old(self, current: VersionEvidence, facts: PolicyFacts) -> Found:
        text, number = self._text(current), current.version.version
        has = f"has {shown_value(text)} as its {self.tag}" if text else f"has no tag {self.tag}"
        return Found(
            kind=OutcomeKind.ERRORED,
            text=f"{facts.alias} v{number} {has}, so that nothing can follow it",
            remedy=f"tag v{number} `{self.tag}` with its semantic version, e.g. 1.0.0",
        )

    def _expected(self, old: SemVer | None) -> str:
        if old is None:
            return "a semantic version"
        exact = self.bump is not Bump.GREATER
        return str(old.next(self.bump)) if exact else f"more than {old}"

    def _remedy(self, old: SemVer | None) -> str:
        return f"tag the version `{self.tag}` with {self._next(old)}"

    def _next(self, old: SemVer | None) -> SemVer:
        return old.next(self.bump) if old else SemVer(1, 0, 0)

    def _text(self, evidence: VersionEvidence) -> str:
        return evidence.version.tags.get(self.tag, "").strip()
