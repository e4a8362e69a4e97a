"""The verdict of all matching policies on one change, with every reason at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.asking import asking, strictest_of, terms_of
from bot.domain.evidence import PolicyFacts
from bot.domain.exemptions import longest
from bot.domain.names import ModelName, RoleName, SlackUserId
from bot.domain.policy import (
    ApprovalRequirement,
    ChangeKind,
    CheckOutcome,
    FirstRelease,
    OutcomeKind,
    Policy,
    PolicyCheck,
    Severity,
)
from bot.domain.terms import STRICT, AgreementTerms

OWN_WORD = "its exemption does not count: only the requester approved it"


class VerdictKind(StrEnum):
    """What policies say of a change."""

    DENIED = "denied"
    NEEDS_APPROVAL = "needs_approval"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What all matching policies say together; the strictest wins.

    Attributes:
        reasons: Why it is denied, or why people are asked, beyond single outcomes.
        requirements: Who has to agree; at most one per role.
        rejections: How many rejections close the request.
        terms: On what terms people agree.
        policies: Names of the policies that had a say.
    """

    kind: VerdictKind
    outcomes: tuple[CheckOutcome, ...] = ()
    reasons: tuple[str, ...] = ()
    requirements: tuple[ApprovalRequirement, ...] = ()
    rejections: int = 1
    expires_after: timedelta = timedelta(hours=24)
    terms: AgreementTerms = STRICT
    policies: tuple[str, ...] = ()

    @property
    def blocking(self) -> tuple[CheckOutcome, ...]:
        """The outcomes that deny."""
        return tuple(outcome for outcome in self.outcomes if outcome.blocks)

    @property
    def warnings(self) -> tuple[CheckOutcome, ...]:
        """The outcomes that people should read before they agree."""
        return tuple(outcome for outcome in self.outcomes if outcome.warns)


def judge(
    kind: ChangeKind,
    policies: tuple[Policy, ...],
    facts: PolicyFacts,
    asked_by: frozenset[RoleName],
    own: frozenset[SlackUserId] = frozenset(),
) -> Verdict:
    """Evaluate every check of every matching policy and weigh them together.

    Args:
        kind: What is asked for.
        policies: The matching policies; none denies.
        facts: The snapshot to decide on.
        asked_by: Roles of the requester, for requirements that fall away; none does when people
            have to decide, since the requester never counts.
        own: All accounts of the requester; an exemption that nobody else approved does not count
            for him.
    """
    outcomes = tuple(_outcomes(policies, facts, own))
    denials = tuple(_denials(kind, policies, facts, outcomes))
    questions = tuple(_questions(kind, policies, facts, outcomes))
    asked = asking(policies, facts, outcomes, frozenset() if questions else asked_by)
    requirements = strictest_of(asked)
    if questions and not requirements:
        denials += tuple(
            f"{question}, and no policy names who may approve" for question in questions
        )
    return Verdict(
        kind=_kind(outcomes, denials, needs_people=bool(requirements)),
        outcomes=outcomes,
        reasons=denials or questions,
        requirements=requirements,
        rejections=min((policy.rejections for policy in policies), default=1),
        expires_after=min((p.expires_after for p in policies), default=timedelta(hours=24)),
        terms=terms_of(policies, asked),
        policies=tuple(policy.name for policy in policies),
    )


def _outcomes(
    policies: tuple[Policy, ...], facts: PolicyFacts, own: frozenset[SlackUserId]
) -> Iterable[CheckOutcome]:
    for policy in policies:
        for check in policy.checks:
            yield _exempted(_evaluate(check, policy, facts), policy, facts, own)


def _evaluate(check: PolicyCheck, policy: Policy, facts: PolicyFacts) -> CheckOutcome:
    try:
        return check.evaluate(facts)
    except Exception as error:  # noqa: BLE001 - a check that breaks must block, not crash
        return CheckOutcome(
            check=check.id,
            policy=policy.name,
            severity=check.severity,
            kind=OutcomeKind.ERRORED,
            message=f"the check broke ({type(error).__name__})",
            remedy="report this to whoever runs Herald",
        )


def _exempted(
    outcome: CheckOutcome, policy: Policy, facts: PolicyFacts, own: frozenset[SlackUserId]
) -> CheckOutcome:
    """Return an outcome that people exempted as such; what was found stays in it."""
    if outcome.kind in {OutcomeKind.PASSED, OutcomeKind.SKIPPED}:
        return outcome
    due = [
        exemption
        for exemption in policy.exemptions
        if exemption.covers(outcome.check, facts.name, facts.evaluated_at)
    ]
    held = longest(exemption for exemption in due if exemption.counts_beside(own))
    if held is not None:
        return replace(outcome, kind=OutcomeKind.EXEMPT, exempt_because=held.told())
    return replace(outcome, message=f"{outcome.message}; {OWN_WORD}") if due else outcome


def lapsed(
    verdict: Verdict,
    policies: Iterable[Policy],
    model: ModelName,
    at: datetime,
    own: frozenset[SlackUserId] = frozenset(),
) -> tuple[CheckOutcome, ...]:
    """Return the exempted outcomes of a verdict whose exemption does not hold any more.

    Args:
        verdict: As it was found.
        policies: Those in force.
        model: Which the verdict is about.
        at: When the exemptions have to hold.
        own: All accounts of the requester, as for ``judge``.
    """
    held = {
        (policy.name, rule, exemption.told())
        for policy in policies
        for exemption in policy.exemptions
        for rule in exemption.rules
        if exemption.covers(rule, model, at) and exemption.counts_beside(own)
    }
    exempted = (o for o in verdict.outcomes if o.kind is OutcomeKind.EXEMPT)
    return tuple(o for o in exempted if (o.policy, o.check, o.exempt_because) not in held)


def _kind(
    outcomes: tuple[CheckOutcome, ...], denials: tuple[str, ...], *, needs_people: bool
) -> VerdictKind:
    if denials or any(outcome.blocks for outcome in outcomes):
        return VerdictKind.DENIED
    return VerdictKind.NEEDS_APPROVAL if needs_people else VerdictKind.ALLOWED


def _denials(
    kind: ChangeKind,
    policies: tuple[Policy, ...],
    facts: PolicyFacts,
    outcomes: tuple[CheckOutcome, ...],
) -> Iterable[str]:
    if not policies:
        yield f"no policy covers this change of {facts.name} to {facts.alias}"
        return
    if kind is ChangeKind.PROMOTE and not _any_passed(outcomes):
        yield "no check passed: a promotion needs evidence"
    if kind is ChangeKind.PROMOTE and facts.is_first_release:
        for policy in policies:
            if policy.first_release is FirstRelease.DENY:
                yield f"policy {policy.name} allows no first release"


def _any_passed(outcomes: tuple[CheckOutcome, ...]) -> bool:
    return any(outcome.kind is OutcomeKind.PASSED for outcome in outcomes)


def _questions(
    kind: ChangeKind,
    policies: tuple[Policy, ...],
    facts: PolicyFacts,
    outcomes: tuple[CheckOutcome, ...],
) -> Iterable[str]:
    if kind is ChangeKind.PROMOTE and facts.is_first_release and _asks_people(policies):
        yield "this is the first release, so people decide"
    for outcome in outcomes:
        enforced = outcome.severity is Severity.ENFORCE
        if enforced and outcome.kind is OutcomeKind.INCONCLUSIVE:
            yield f"{outcome.check} is inconclusive, so people decide"


def _asks_people(policies: tuple[Policy, ...]) -> bool:
    return any(policy.first_release is not FirstRelease.ALLOW for policy in policies)
