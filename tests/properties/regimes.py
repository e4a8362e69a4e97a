"""Policies that may come into force, and what they ask, in words of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.automatic import Automatic
from bot.domain.canonical import canonical_json
from bot.domain.conditions import WARNED, Condition
from bot.domain.evidence import NOTHING_MORE, Needs, PolicyFacts
from bot.domain.exemptions import Exemption
from bot.domain.freezing import FreezeWindow
from bot.domain.names import RoleName
from bot.domain.people import Action, RoleMembers
from bot.domain.policy import (
    ApprovalRequirement,
    CheckOutcome,
    OutcomeKind,
    PolicySet,
    Severity,
)
from bot.domain.terms import AgreementTerms, Escalation, ReasonFrom
from tests.fakes.world import (
    ADMINS,
    CHALLENGER,
    LEAD,
    LEADS,
    REQUESTER,
    RecallCheck,
    policy_set,
)
from tests.properties.accounts import ADMINS_USERS

ASKS: Mapping[str, Mapping[RoleName, int]] = {
    "one lead": {LEADS: 1},
    "two leads": {LEADS: 2},
    "lead and admin": {LEADS: 1, ADMINS: 1},
    "nobody": {},
}
FINE = frozenset({7})
"""Versions whose recall gives nobody a second thought."""
REMIND_AFTER = timedelta(hours=1)
ESCALATION = Escalation(after=timedelta(hours=2), role=ADMINS)
ELSEWHERE = frozenset({"leads"})
"""A group of the platform that makes leads, and has nobody in it."""
BAD = 8
"""The version that no policy lets through without an exemption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """What the policies of promotion say.

    Attributes:
        is_careful: An admin has to agree to what is risky, two leads to what is not so fine.
        is_lenient: Requesters count, and one person may stand for two roles.
        per_day: How many challengers it proposes by itself; 0 for none.
        has_window: The shutter freezes it.
        is_short: Requests wait half an hour, not a day.
        is_patient: Two rejections close a request, not one.
        asks_why: Who asks for something and who approves it have to say why.
        escalates: Admins hear of what has waited for two hours.
        exempt_until: Until when nobody needs a good recall, says the lead.
    """

    asks: str = "one lead"
    is_careful: bool = False
    is_lenient: bool = False
    per_day: int = 0
    has_window: bool = False
    is_short: bool = False
    is_patient: bool = False
    asks_why: bool = False
    escalates: bool = False
    exempt_until: datetime | None = None

    def wanted(self, risk: str, version: int) -> dict[RoleName, int]:
        """Return how many of each role have to agree to a version."""
        wanted = dict(ASKS[self.asks])
        if self.is_careful and risk == "high":
            wanted[ADMINS] = 1
        if self.is_careful and version not in FINE:
            wanted[LEADS] = 2
        return wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class FineRecall:
    """Warns of a recall below 0.9."""

    id: str = "fine_recall"
    severity: Severity = Severity.WARN
    needs: Needs = NOTHING_MORE

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        is_fine = any(m.key == "recall" and m.value >= 0.9 for m in facts.candidate.metrics())
        return CheckOutcome(
            check=self.id,
            policy="baseline",
            severity=self.severity,
            kind=OutcomeKind.PASSED if is_fine else OutcomeKind.FAILED,
            message="fine" if is_fine else "not so fine",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HasRun:
    """Passes for what came from a run."""

    id: str = "run"
    severity: Severity = Severity.ENFORCE
    needs: Needs = NOTHING_MORE

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        return CheckOutcome(
            check=self.id,
            policy="baseline",
            severity=self.severity,
            kind=OutcomeKind.PASSED if facts.candidate.version.run_id else OutcomeKind.FAILED,
            message="its run",
        )


def policies_of(regime: Regime, window: FreezeWindow) -> PolicySet:
    """Return a regime as Herald reads it."""
    strict = not regime.is_lenient
    days = {"automatic": Automatic(on=CHALLENGER, per_day=regime.per_day)} if regime.per_day else {}
    base = policy_set(
        checks=(RecallCheck(), FineRecall(), HasRun()),
        approvals=tuple(_requirements(regime)),
        expires_after=timedelta(minutes=30) if regime.is_short else timedelta(hours=24),
        rejections=2 if regime.is_patient else 1,
        terms=AgreementTerms(
            four_eyes=strict,
            distinct=strict,
            reasons=frozenset(ReasonFrom) if regime.asks_why else frozenset(),
            remind_after=REMIND_AFTER,
            escalations=(ESCALATION,) if regime.escalates else (),
        ),
        freezes=(window,) if regime.has_window else (),
        exemptions=tuple(_exemptions(regime)),
        content=canonical_json(replace(regime, exempt_until=None)),
        **days,
    )
    admins = base.may[ADMINS] | {Action.FREEZE, Action.AUTOMATE}
    return replace(
        base,
        roles={
            **base.roles,
            ADMINS: RoleMembers(users=ADMINS_USERS),
            LEADS: RoleMembers(groups=frozenset({"ml-leads"}), databricks_groups=ELSEWHERE),
        },
        may={**base.may, ADMINS: admins},
    )


def _requirements(regime: Regime) -> list[ApprovalRequirement]:
    asked = [ApprovalRequirement(role=role, count=n) for role, n in ASKS[regime.asks].items()]
    if regime.is_careful:
        is_risky = Condition(tags=(("risk", "high"),))
        is_not_fine = Condition(outcomes=(("fine_recall", frozenset({WARNED})),))
        asked.append(ApprovalRequirement(role=ADMINS, when=is_risky))
        asked.append(ApprovalRequirement(role=LEADS, count=2, when=is_not_fine))
    return asked


def _exemptions(regime: Regime) -> list[Exemption]:
    if regime.exempt_until is None:
        return []
    exemption = Exemption(
        policy="baseline",
        rules=frozenset({"recall"}),
        models=("prod.*",),
        reason="the holdout is being rebuilt",
        requested_by=REQUESTER,
        approved_by=(LEAD,),
        expires_at=regime.exempt_until,
    )
    return [exemption]
