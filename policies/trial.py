"""``herald policy test``: what policies say of a fixture's cases, against what was expected."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bot.domain.names import AliasName, ModelName, RoleName, SlackUserId
from bot.domain.policy import ChangeKind, CheckOutcome, PolicySet
from bot.domain.verdict import Verdict, judge
from policies.document import DocumentError, read_document
from policies.findings import Finding
from policies.fixture_facts import facts_of
from policies.fixtures import CaseEntry, FixtureFile
from policies.loader import load_policies
from policies.wording import findings_of

KINDS = {"promote": ChangeKind.PROMOTE, "rollback": ChangeKind.ROLL_BACK}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """How one case came out.

    Attributes:
        differences: What is not as expected, one line each; none when all is.
    """

    name: str
    differences: tuple[str, ...] = ()


class FixtureError(Exception):
    """A fixture file is not of the right form; the findings say where."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings


def try_fixture(path: Path) -> tuple[CaseResult, ...]:
    """Return how the cases of a fixture file come out under the policies that it names.

    Raises:
        FixtureError: The file cannot be read, or is not of the right form.
        ConfigurationError: Its policies are not usable.
    """
    fixture = _read(path)
    policies = load_policies([path.parent / name for name in fixture.policies], fixture.environment)
    return tuple(_tried(case, policies) for case in fixture.cases)


def _read(path: Path) -> FixtureFile:
    try:
        document = read_document(str(path), path.read_bytes())
    except OSError as error:
        problem, remedy = f"this cannot be read ({error.strerror})", "Name a fixture file"
        found = Finding(file=str(path), problem=problem, remedy=remedy)
        raise FixtureError((found,)) from None
    except DocumentError as error:
        raise FixtureError((error.finding,)) from None
    try:
        return FixtureFile.model_validate(document.value)
    except ValidationError as error:
        wrong = findings_of(error, document, FixtureFile)
        raise FixtureError(tuple(sorted(wrong, key=lambda finding: finding.place))) from None


def _tried(case: CaseEntry, policies: PolicySet) -> CaseResult:
    change = (KINDS[case.change], ModelName(case.model), AliasName(case.alias))
    facts = facts_of(case, policies.needs_of(*change))
    asked_by = frozenset(map(RoleName, case.asked_by))
    own = frozenset({SlackUserId(case.asker)}) if case.asker else frozenset()
    verdict = judge(change[0], policies.matching(*change), facts, asked_by, own)
    return CaseResult(name=case.name, differences=tuple(_differences(case, verdict)))


def _differences(case: CaseEntry, verdict: Verdict) -> Iterator[str]:
    expected = case.expect
    if verdict.kind is not expected.verdict:
        why = "; ".join((*verdict.reasons, *(o.message for o in verdict.blocking)))
        yield _differs("verdict", expected.verdict, verdict.kind, why)
    for rule, kind in expected.outcomes.items():
        found = _outcomes_of(rule, verdict)
        if not found:
            known = ", ".join(sorted(o.check for o in verdict.outcomes)) or "none"
            yield f"{rule}: no such rule applies; those that do: {known}"
        for outcome in found:
            if outcome.kind is not kind:
                yield _differs(rule, kind, outcome.kind, outcome.message)
    yield from _other_differences(case, verdict)


def _outcomes_of(rule: str, verdict: Verdict) -> tuple[CheckOutcome, ...]:
    """Return the outcomes of ``rule``, or of one policy's ``policy/rule``."""
    return tuple(o for o in verdict.outcomes if rule in {o.check, f"{o.policy}/{o.check}"})


def _other_differences(case: CaseEntry, verdict: Verdict) -> Iterator[str]:
    expected, asked = case.expect, {str(r.role): r.count for r in verdict.requirements}
    if expected.reasons is not None and tuple(expected.reasons) != verdict.reasons:
        yield _differs("reasons", "; ".join(expected.reasons), "; ".join(verdict.reasons))
    if expected.approvals is not None and expected.approvals != asked:
        yield _differs("approvals", _counts(expected.approvals), _counts(asked))


def _counts(asked: dict[str, int]) -> str:
    return ", ".join(f"{count} of {role}" for role, count in sorted(asked.items()))


def _differs(what: str, expected: str, found: str, why: str = "") -> str:
    because = f" ({why})" if why else ""
    return f"{what}: expected {expected or 'none'}, is {found or 'none'}{because}"
