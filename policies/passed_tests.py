"""The check ``tests``: named test suites passed for this very version, recently enough."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.evidence import TEST_EVIDENCE_PATH, PolicyFacts, TestResult, VersionEvidence
from bot.domain.policy import CheckOutcome, OutcomeKind
from bot.domain.test_results import PASSED, deciding, why_not_counted
from policies.entries import RuleEntry, RulePlace
from policies.figures import how_long
from policies.rule import Rule
from policies.values import Duration, Name


class TestsRule(RuleEntry):
    """Test suites passed."""

    __test__ = False

    type: Literal["tests"]
    required: Annotated[list[Name], Field(min_length=1)]
    max_age: Duration | None = None
    signed: bool = False

    def check(self, place: RulePlace) -> "PassedTestsCheck":
        """Return the check of the suites."""
        required = tuple(dict.fromkeys(self.required))
        return PassedTestsCheck(
            **self.identity(place), required=required, max_age=self.max_age, signed=self.signed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """What is to be said of one suite; ``age`` is that of the result that decides."""

    kind: OutcomeKind
    suite: str
    text: str
    age: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedTestsCheck(Rule):
    """Every required suite passed when it last ran for the candidate.

    A result counts when it is of the candidate's own run and not from the future; of those the
    newest of each suite decides, and of two at the same moment the one that did not pass.

    Attributes:
        max_age: How long ago it may have been; None for any time.
        signed: Whether the results count only with the signature of a key that Herald knows.
    """

    required: tuple[str, ...]
    max_age: timedelta | None = None
    signed: bool = False

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return how each required suite last came out."""
        reason = facts.candidate.why_unreadable("tests")
        if reason is not None:
            return self.outcome(
                OutcomeKind.ERRORED,
                f"the test results could not be read ({reason})",
                expected=self.expected,
                remedy="ask again once they can be read",
            )
        return self._unsigned(facts.candidate) or self._judged(facts)

    def _unsigned(self, candidate: VersionEvidence) -> CheckOutcome | None:
        """Return what is wrong with the signature, if there has to be one."""
        signature = candidate.tests_signature
        if not self.signed or candidate.tests is None or (signature and not signature.problem):
            return None
        return self.outcome(
            OutcomeKind.FAILED if signature else OutcomeKind.MISSING,
            f"the signature of the test results {signature.problem}"
            if signature
            else "nobody signed the test results",
            expected=self.expected,
            remedy=f"sign `{TEST_EVIDENCE_PATH}` with a key that Herald knows, and log it anew",
            source=_source(candidate),
        )

    def _judged(self, facts: PolicyFacts) -> CheckOutcome:
        findings = [self._finding(suite, facts) for suite in self.required]
        unmet = [f for f in findings if f.kind is not OutcomeKind.PASSED]
        run, signature = facts.candidate.version.run_id, facts.candidate.tests_signature
        signed = f", signed by {signature.key_id}" if self.signed and signature else ""
        return self.outcome(
            self._kind(unmet),
            "; ".join(finding.text for finding in unmet or findings) + signed,
            observed=", ".join(f.suite for f in findings if f.kind is OutcomeKind.PASSED),
            expected=self.expected,
            remedy=_remedy(unmet, run) if unmet else "",
            source=_source(facts.candidate),
            age=max((f.age for f in findings if f.age is not None), default=None),
        )

    @property
    def expected(self) -> str:
        """The suites, how old their results may be, and whether they have to be signed."""
        within = f", within {how_long(self.max_age)}" if self.max_age is not None else ""
        return f"{', '.join(self.required)} passed{within}{', signed' if self.signed else ''}"

    def _kind(self, unmet: list[_Finding]) -> OutcomeKind:
        kinds = {finding.kind for finding in unmet}
        ranked = (OutcomeKind.FAILED, OutcomeKind.MISSING)
        return next((kind for kind in ranked if kind in kinds), OutcomeKind.PASSED)

    def _finding(self, suite: str, facts: PolicyFacts) -> _Finding:
        results = [r for r in facts.candidate.tests or () if r.name == suite]
        run, at = facts.candidate.version.run_id, facts.evaluated_at
        aside = _aside(why for r in results if (why := why_not_counted(r, run, at)) is not None)
        newest = deciding(results, run, at)
        if newest is None:
            return _Finding(
                kind=OutcomeKind.MISSING, suite=suite, text=f"no result of {suite}{aside}"
            )
        age = at - newest.finished_at
        kind, text = self._of_result(newest, age)
        return _Finding(kind=kind, suite=suite, text=f"{suite} {text}{aside}", age=age)

    def _of_result(self, result: TestResult, age: timedelta) -> tuple[OutcomeKind, str]:
        if result.outcome != PASSED:
            return OutcomeKind.FAILED, f"did not pass ({result.outcome or 'no outcome'})"
        if self.max_age is not None and age > self.max_age:
            limit = how_long(self.max_age)
            return OutcomeKind.FAILED, f"passed {how_long(age)} ago, more than {limit}"
        return OutcomeKind.PASSED, f"passed {how_long(age)} ago"


def _source(evidence: VersionEvidence) -> str:
    run = evidence.version.run_id
    return f"run {run}, {TEST_EVIDENCE_PATH}" if run else ""


def _aside(reasons: Iterable[str]) -> str:
    why = " and ".join(dict.fromkeys(reasons))
    return f" (a result {why} does not count)" if why else ""


def _remedy(unmet: list[_Finding], run: str | None) -> str:
    suites = ", ".join(finding.suite for finding in unmet)
    if run is None:
        return f"run {suites}, and register a version from a run that has {TEST_EVIDENCE_PATH}"
    return f"run {suites}, and log the results as `{TEST_EVIDENCE_PATH}` of run {run}"
