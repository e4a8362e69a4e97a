"""Domain values with defaults: fraud scorer v7 is to take the place of champion v6."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.agreement import Decision, DecisionKind
from bot.domain.audit import HERALD, AuditEvent
from bot.domain.canonical import canonical_json
from bot.domain.change_request import ChangeRequest, Evidence, RequestState
from bot.domain.content_hash import content_hash, hashed_content
from bot.domain.evidence import PolicyFacts, VersionEvidence
from bot.domain.ledger import Cause, LedgerEntry
from bot.domain.messages import CardKind, StoredCard
from bot.domain.names import (
    AliasName,
    CardKey,
    ChannelId,
    EndpointName,
    ModelName,
    RequestId,
    RoleName,
    SlackUserId,
)
from bot.domain.outbox import OutboxEntry, OutboxKind
from bot.domain.people import Person
from bot.domain.plan import AliasChange, EndpointChange, Plan
from bot.domain.planning import AliasNames
from bot.domain.policy import (
    ApprovalRequirement,
    ChangeKind,
    CheckOutcome,
    OutcomeKind,
    Policy,
    Severity,
)
from bot.domain.registry import Metric, ModelVersion, RegisteredModel, Run
from bot.domain.serving import Route, ServedEntity, ServingEndpoint
from bot.domain.steps import JournalEntry, StepState
from bot.domain.verdict import Verdict, VerdictKind

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""A Monday morning; every builder's present."""

MODEL = ModelName("prod.fraud.scorer")
ENDPOINT = EndpointName("fraud-scorer")
CHAMPION = AliasName("champion")
CHALLENGER = AliasName("challenger")
ARCHIVED = AliasName("archived")
NAMES = AliasNames(champion=CHAMPION, challenger=CHALLENGER, archived=ARCHIVED)
LEADS = RoleName("ml-leads")
REQUESTER = SlackUserId("U0REQUESTER")
LEAD = SlackUserId("U0MLLEAD")
CHANNEL = ChannelId("C0RELEASES")

# The builders take any field of what they build by its name; dataclasses.replace checks the names.


def make_metric(key: str = "auc", value: float = 0.91, **fields: Any) -> Metric:
    return replace(Metric(key=key, value=value), **fields)


def make_version(version: int = 7, **fields: Any) -> ModelVersion:
    built = ModelVersion(
        name=MODEL,
        version=version,
        description="Better recall on small merchants",
        run_id=f"run-{version}",
        created_at=NOW - timedelta(days=1),
        created_by="ada@example.com",
        tags={"team": "fraud"},
        metrics=(make_metric(value=0.90 + version / 1000),),
    )
    return replace(built, **fields)


def make_run(run_id: str = "run-7", **fields: Any) -> Run:
    built = Run(
        run_id=run_id,
        user="ada@example.com",
        started_at=NOW - timedelta(days=1),
        parameters={"depth": "6"},
    )
    return replace(built, **fields)


def make_version_evidence(version: int = 7, **fields: Any) -> VersionEvidence:
    built = VersionEvidence(version=make_version(version), run=make_run(f"run-{version}"))
    return replace(built, **fields)


def make_model(**fields: Any) -> RegisteredModel:
    aliases = {CHAMPION: 6, CHALLENGER: 7, ARCHIVED: 5}
    return replace(RegisteredModel(name=MODEL, aliases=aliases), **fields)


def make_entity(version: int | None = 6, **fields: Any) -> ServedEntity:
    built = ServedEntity(
        name=f"scorer-{version}", model=MODEL, version=version, traffic_percentage=100
    )
    return replace(built, **fields)


def make_endpoint(**fields: Any) -> ServingEndpoint:
    return replace(ServingEndpoint(name=ENDPOINT, entities=(make_entity(),)), **fields)


def make_facts(**fields: Any) -> PolicyFacts:
    built = PolicyFacts(
        model=make_model(),
        alias=CHAMPION,
        candidate=make_version_evidence(7),
        current=make_version_evidence(6),
        endpoints=(make_endpoint(),),
        evaluated_at=NOW,
    )
    return replace(built, **fields)


def make_route(version: int = 7, traffic_percentage: int = 100, **fields: Any) -> Route:
    built = Route(
        version=version, traffic_percentage=traffic_percentage, entity=f"scorer-{version}"
    )
    return replace(built, **fields)


def make_endpoint_change(**fields: Any) -> EndpointChange:
    built = EndpointChange(endpoint=ENDPOINT, before=(make_route(6),), after=(make_route(7),))
    return replace(built, **fields)


def make_plan(**fields: Any) -> Plan:
    built = Plan(
        model=MODEL,
        version=7,
        endpoints=(make_endpoint_change(),),
        aliases=(
            AliasChange(alias=ARCHIVED, before=5, after=6),
            AliasChange(alias=CHAMPION, before=6, after=7),
            AliasChange(alias=CHALLENGER, before=7, after=None),
        ),
        way_back=6,
    )
    return replace(built, **fields)


def make_outcome(kind: OutcomeKind = OutcomeKind.PASSED, **fields: Any) -> CheckOutcome:
    built = CheckOutcome(
        check="auc",
        policy="champion",
        severity=Severity.ENFORCE,
        kind=kind,
        message="auc is 0.907",
        observed="0.907",
        expected="at least 0.9",
    )
    return replace(built, **fields)


def make_requirement(role: RoleName = LEADS, count: int = 1, **fields: Any) -> ApprovalRequirement:
    return replace(ApprovalRequirement(role=role, count=count), **fields)


def make_verdict(kind: VerdictKind = VerdictKind.NEEDS_APPROVAL, **fields: Any) -> Verdict:
    built = Verdict(
        kind=kind,
        outcomes=(make_outcome(),),
        requirements=(make_requirement(),) if kind is VerdictKind.NEEDS_APPROVAL else (),
        policies=("champion",),
    )
    return replace(built, **fields)


def make_policy(name: str = "champion", **fields: Any) -> Policy:
    built = Policy(
        name=name,
        kinds=frozenset(ChangeKind),
        models=("prod.*",),
        aliases=frozenset({CHAMPION}),
        approvals=(make_requirement(),),
        content=f"name: {name}",
    )
    return replace(built, **fields)


def make_evidence(revision: int = 1, **fields: Any) -> Evidence:
    """Return evidence whose content and hash belong to its plan and verdict, unless given."""
    plan, verdict = fields.pop("plan", make_plan()), fields.pop("verdict", make_verdict())
    hashed = hashed_content(plan, make_facts(), verdict.outcomes, (make_policy(),))
    content = fields.pop("content", json.loads(canonical_json(hashed)))
    built = Evidence(
        revision=revision,
        plan=plan,
        verdict=verdict,
        content=content,
        content_hash=content_hash(dict(content)),
        collected_at=NOW,
    )
    return replace(built, **fields)


def make_request(
    number: int = 1, state: RequestState = RequestState.PENDING, **fields: Any
) -> ChangeRequest:
    """Return a request about the model, alias and version of its evidence's plan, unless given."""
    evidence: Evidence = fields.pop("evidence", None) or make_evidence()
    built = ChangeRequest(
        id=RequestId(number),
        kind=ChangeKind.PROMOTE,
        model=evidence.plan.model,
        alias=CHAMPION,
        version=evidence.plan.version,
        requester=REQUESTER,
        reason="better recall",
        channel=CHANNEL,
        state=state,
        evidence=evidence,
        created_at=NOW,
        expires_at=NOW + timedelta(hours=24),
    )
    return replace(built, **fields)


def make_decision(
    person: SlackUserId = LEAD, kind: DecisionKind = DecisionKind.APPROVE, **fields: Any
) -> Decision:
    built = Decision(
        request=RequestId(1),
        evidence_revision=1,
        person=person,
        kind=kind,
        roles=frozenset({LEADS}),
        decided_at=NOW,
    )
    return replace(built, **fields)


def make_journal_entry(step: str = "confirm", **fields: Any) -> JournalEntry:
    built = JournalEntry(
        request=RequestId(1),
        evidence_revision=1,
        step=step,
        state=StepState.STARTED,
        started_at=NOW,
    )
    return replace(built, **fields)


def make_ledger_entry(value: str | None = "7", **fields: Any) -> LedgerEntry:
    built = LedgerEntry(
        model=MODEL, place="alias:champion", value=value, cause=Cause.PROMOTE, at=NOW
    )
    return replace(built, **fields)


def make_event(action: str = "change_request.filed", **fields: Any) -> AuditEvent:
    return replace(AuditEvent(at=NOW, actor=HERALD, action=action, subject="CR-1"), **fields)


def make_card(key: str = "k" * 22, **fields: Any) -> StoredCard:
    built = StoredCard(
        key=CardKey(key),
        kind=CardKind.REQUEST,
        subject={"request": 1},
        revision=1,
        created_at=NOW,
    )
    return replace(built, **fields)


def make_outbox_entry(key: str = "card:1", **fields: Any) -> OutboxEntry:
    return replace(OutboxEntry(key=key, kind=OutboxKind.CARD, request=RequestId(1)), **fields)


def make_person(user: SlackUserId = REQUESTER, **fields: Any) -> Person:
    return replace(Person(id=user, name="Ada", email="ada@example.com"), **fields)
