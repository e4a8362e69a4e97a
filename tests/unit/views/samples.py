"""Every message in every state, by a name; views' snapshots and limits are checked on all."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.agreement import Decision, DecisionKind, agreement_of
from bot.domain.change_request import RequestState as State
from bot.domain.change_request import Resolution
from bot.domain.commands import Command, Help
from bot.domain.conditions import Condition
from bot.domain.messages import (
    Better,
    CheckReport,
    Comparison,
    Difference,
    Filed,
    MetricRow,
    ModelList,
    ModelSheet,
    Note,
    RequestCard,
    RequestDetails,
    RequestList,
    RoleSheet,
    Side,
    StepView,
    WhoAmI,
)
from bot.domain.metrics import Direction, MetricDefinition
from bot.domain.names import CardKey, EndpointName, ModelName, RequestId, RoleName, SlackUserId
from bot.domain.people import MEMBERS, Action, RoleMembers, Standing
from bot.domain.plan import AliasChange
from bot.domain.policy import ChangeKind, CheckOutcome, OutcomeKind, ProposedTag, Severity
from bot.domain.refusal import Refusal
from bot.domain.registry import Dataset, RegisteredModel
from bot.domain.serving import EndpointUpdate
from bot.domain.steps import StepState, forward_steps, undo_steps
from bot.domain.tagging import TagOffer
from bot.domain.terms import AgreementTerms
from bot.domain.verdict import Verdict, VerdictKind
from bot.views.render import Answer
from tests.builders import (
    CHALLENGER,
    CHAMPION,
    LEAD,
    LEADS,
    MODEL,
    NOW,
    REQUESTER,
    make_decision,
    make_endpoint,
    make_endpoint_change,
    make_entity,
    make_evidence,
    make_journal_entry,
    make_model,
    make_outcome,
    make_person,
    make_plan,
    make_request,
    make_requirement,
    make_route,
    make_verdict,
    make_version,
)
from tests.unit.views.freeze_samples import FREEZE_ANSWERS, MIGRATION, WEEKEND
from tests.unit.views.health_samples import HEALTH_ANSWERS

KEY = CardKey("k" * 22)
RISK = RoleName("risk")
LEAD2, RISKY = SlackUserId("U0MLLEAD2"), SlackUserId("U0RISK")
RECALL = MetricDefinition(name="recall", direction=Direction.HIGHER, unit="ratio")
P95 = MetricDefinition(name="latency_p95_ms", direction=Direction.LOWER, unit="ms")
ELIGIBLE = {LEADS: (LEAD, LEAD2), RISK: (RISKY,)}


def check(name: str, kind: OutcomeKind = OutcomeKind.PASSED, **fields: Any) -> CheckOutcome:
    """Return an outcome of the policy prod-baseline."""
    built = make_outcome(
        kind,
        check=name,
        policy="prod-baseline",
        message=f"{name} 0.81, needs ≥ 0.80",
        observed="0.81",
        expected="≥ 0.80",
    )
    return replace(built, **fields)


SOAK = check(
    "soak",
    OutcomeKind.FAILED,
    severity=Severity.WARN,
    message="soak 31 h of 48 h",
    observed="31 h",
    expected="48 h",
)
FAITHFULNESS = check(
    "faithfulness",
    OutcomeKind.FAILED,
    message="faithfulness 0.81, needs ≥ 0.85",
    expected="≥ 0.85",
    remedy="train again, or show why 0.81 is enough",
)
LOAD_TEST = check(
    "load-test",
    OutcomeKind.MISSING,
    message="load test missing",
    observed="",
    expected="passed",
    remedy="run `/model loadtest fraud-scorer`",
)
UNTAGGED = check(
    "semver",
    OutcomeKind.MISSING,
    message="no tag version, needs 1.3.0",
    observed="",
    expected="1.3.0",
    remedy="tag the version `version` with 1.3.0",
    source="tag version of v7",
)
MISTAGGED = replace(
    UNTAGGED,
    kind=OutcomeKind.FAILED,
    severity=Severity.WARN,
    message="version is `1.1.9`, needs 1.3.0",
    observed="`1.1.9`",
)
BROKEN = check("contents", OutcomeKind.ERRORED, message="the model's files cannot be read")
PASSED = tuple(check(name) for name in ("precision", "recall", "accuracy", "f1", "auc", "unit"))

BOTH = Verdict(
    kind=VerdictKind.NEEDS_APPROVAL,
    outcomes=(*PASSED, SOAK),
    requirements=(make_requirement(RISK), make_requirement(LEADS)),
    policies=("prod-baseline",),
)
DENIED = Verdict(
    kind=VerdictKind.DENIED,
    outcomes=(*PASSED, FAITHFULNESS, LOAD_TEST, BROKEN),
    policies=("prod-baseline",),
)
ALLOWED = Verdict(kind=VerdictKind.ALLOWED, outcomes=PASSED, policies=("challenger",))

RISK_AGREED = make_decision(RISKY, roles=frozenset({RISK}))
LEAD_AGREED = make_decision(LEAD, decided_at=NOW + timedelta(minutes=2))
LEAD_REJECTED = make_decision(
    LEAD, DecisionKind.REJECT, reason="p95 is worse\nand <!channel> was not told"
)
RISK_SAID = replace(RISK_AGREED, reason="checked with the <!channel> of *risk*:\nno objection")
LEAD_SAID = replace(LEAD_AGREED, reason="recall is up by 4 points")


def card(
    state: State = State.PENDING, *decisions: Decision, verdict: Verdict = BOTH, **fields: Any
) -> RequestCard:
    """Return a card whose agreement follows from its decisions."""
    request = fields.pop("request", None) or make_request(
        1042, state, evidence=make_evidence(verdict=verdict)
    )
    changes = fields.pop("changes", {})
    request = replace(request, **changes)
    revision = request.evidence.revision
    required = request.evidence.verdict.requirements
    built = RequestCard(
        key=KEY,
        request=request,
        agreement=agreement_of(required, decisions, request.requester, revision),
        decisions=decisions,
        eligible=ELIGIBLE,
        shown_at=NOW + timedelta(minutes=3),
    )
    return replace(built, **fields)


BEGAN = {"began_at": NOW + timedelta(minutes=5)}
CLOSED = {**BEGAN, "closed_at": NOW + timedelta(hours=1, minutes=14)}
OVER = {"closed_at": NOW + timedelta(hours=1)}
HEAD = "9f2c" * 16


def step_views(done: int, *, failed: bool = False) -> tuple[StepView, ...]:
    """Return the progress of the usual plan after ``done`` steps."""
    names = [step.name for step in forward_steps(make_plan())]
    states = ["complete"] * done + ["error" if failed else "in_progress"] + ["pending"] * len(names)
    return tuple(
        StepView(
            name=name,
            state=state,
            seconds=192.4 if state == "complete" else None,
            detail="v7 is being built" if state == "in_progress" else "",
        )
        for name, state in zip(names, states, strict=False)
    )


def undo_views() -> tuple[StepView, ...]:
    """Return the progress of an undo."""
    plan = make_plan()
    steps = undo_steps(plan, [step.name for step in forward_steps(plan)])
    return tuple(StepView(name=step.name, state="pending") for step in steps)


def moved() -> RequestCard:
    """Return a card whose evidence moved after one approval."""
    evidence = make_evidence(
        2, verdict=BOTH, differences=("champion is v8 now, not v6", "policy prod-baseline changed")
    )
    return card(request=make_request(1042, evidence=evidence), void=(RISK_AGREED,))


def rollback(state: State = State.PENDING, **changes: Any) -> RequestCard:
    """Return the card of a rollback from v7 to v6."""
    plan = make_plan(
        version=6,
        endpoints=(
            make_endpoint_change(before=(make_route(7, 50),), after=(make_route(6, 50),)),
            make_endpoint_change(
                endpoint=EndpointName("fraud-shared"),
                before=(make_route(7, 50),),
                after=(make_route(6, 50),),
                shared_with=(ModelName("prod.fraud.rules"),),
            ),
        ),
        aliases=(AliasChange(alias=CHAMPION, before=7, after=6),),
        way_back=7,
    )
    verdict = make_verdict(outcomes=(), policies=("rollback",))
    request = make_request(1043, state, evidence=make_evidence(plan=plan, verdict=verdict))
    return card(request=replace(request, kind=ChangeKind.ROLL_BACK, **changes))


def first_release() -> RequestCard:
    """Return the card of a model without champion and without endpoint."""
    plan = make_plan(
        version=2,
        endpoints=(),
        aliases=(AliasChange(alias=CHAMPION, before=None, after=2),),
        way_back=None,
    )
    verdict = make_verdict(reasons=("this is the first release, so people decide",))
    return card(
        request=make_request(7, reason="", evidence=make_evidence(plan=plan, verdict=verdict)),
        eligible={},
    )


def skewed() -> RequestCard:
    """Return the card of a model of which the endpoint serves another version than champion."""
    change = make_endpoint_change(before=(make_route(5),))
    plan = make_plan(endpoints=(change,), skew=("fraud-scorer serves v5, champion is v6",))
    return card(request=make_request(8, evidence=make_evidence(plan=plan)))


CROWD = tuple(SlackUserId(f"U0C{number}") for number in range(14))


def conditional(**fields: Any) -> RequestCard:
    """Return the card of a request whose second requirement holds because of a tag."""
    asked = make_requirement(RISK, when=Condition(tags=(("risk", "high"),)))
    verdict = replace(
        BOTH,
        requirements=(make_requirement(LEADS, 2), asked),
        terms=AgreementTerms(four_eyes=False),
    )
    return card(State.PENDING, verdict=verdict, **fields)


CARDS: dict[str, RequestCard] = {
    "pending": card(State.PENDING, RISK_AGREED),
    "pending_with_reason": card(State.PENDING, RISK_SAID),
    "pending_nobody_yet": card(),
    "pending_directory_silent": card(eligible={}),
    "pending_by_name": conditional(
        names={LEAD: "@Lee", LEAD2: "@Kim", RISKY: "@Rae"}, eligible=ELIGIBLE
    ),
    "pending_crowd": conditional(
        eligible={LEADS: CROWD, RISK: CROWD[:4]}, groups={LEADS: ("S0LEADS",)}
    ),
    "pending_evidence_moved": moved(),
    "pending_first_release": first_release(),
    "pending_skew": skewed(),
    "pending_rollback": rollback(),
    "approved": card(State.APPROVED, RISK_AGREED, LEAD_AGREED),
    "queued_lock_held": card(
        State.QUEUED,
        RISK_AGREED,
        LEAD_AGREED,
        changes={"note": "CR-1040 holds endpoint fraud-scorer"},
    ),
    "queued_evidence_unreadable": card(
        State.QUEUED, changes={"note": "the registry does not answer"}
    ),
    "executing": card(State.EXECUTING, steps=step_views(3), changes=BEGAN),
    "waiting": card(State.WAITING, steps=step_views(3), changes=BEGAN),
    "paused": card(
        State.PAUSED,
        steps=step_views(3),
        changes={**BEGAN, "note": "fraud-scorer has been updating for 45 min"},
    ),
    "undoing": card(
        State.UNDOING, steps=undo_views(), changes={**BEGAN, "note": "<@U0MLLEAD> asked for it"}
    ),
    "succeeded": card(State.SUCCEEDED, RISK_AGREED, LEAD_AGREED, changes=CLOSED, audit_head=HEAD),
    "succeeded_with_reasons": card(
        State.SUCCEEDED, RISK_SAID, LEAD_SAID, changes=CLOSED, audit_head=HEAD
    ),
    "succeeded_rollback": rollback(State.SUCCEEDED, **CLOSED),
    "undone": card(
        State.UNDONE, changes={**CLOSED, "note": "fraud-scorer could not start it: out of memory"}
    ),
    "undone_on_request": card(State.UNDONE, changes={**CLOSED, "note": "<@U0MLLEAD> asked for it"}),
    "failed": card(
        State.FAILED,
        changes={
            **CLOSED,
            "note": "the registry refused",
            "standing": ("endpoint fraud-scorer serves v7 100 %", "champion is v6"),
        },
    ),
    "resolved": card(
        State.FAILED,
        changes={
            **CLOSED,
            "resolution": Resolution(
                by=LEAD, reason="moved by hand", standing=("champion is v7",), at=NOW
            ),
        },
    ),
    "denied": card(State.DENIED, verdict=DENIED, changes=OVER),
    "denied_no_plan": card(
        State.DENIED, changes={**OVER, "note": "the model is gone from the registry"}
    ),
    "rejected": card(State.REJECTED, LEAD_REJECTED, changes=OVER),
    "cancelled": card(State.CANCELLED, changes={**OVER, "note": f"<@{REQUESTER}> asked for it"}),
    "expired": card(State.EXPIRED, changes=OVER),
    "superseded": card(State.SUPERSEDED, changes={**OVER, "note": "overtaken by CR-1043"}),
}


def row(key: str, base: float | None, other: float | None, **fields: Any) -> MetricRow:
    """Return a line of a comparison."""
    better = Better.UNKNOWN if base is None or other is None else Better.BETTER
    built = MetricRow(key=key, definition=RECALL, base=base, other=other, better=better)
    return replace(built, **fields)


COMPARISON = Comparison(
    key=KEY,
    model=MODEL,
    base=Side(version=make_version(6), aliases=(CHAMPION,)),
    other=Side(version=make_version(7), aliases=(CHALLENGER,)),
    metrics=(
        row("recall", 0.871, 0.912, outcomes=(check("recall", expected="≥ 0.85"),)),
        row(
            "latency_p95_ms",
            48,
            61,
            definition=P95,
            better=Better.WORSE,
            outcomes=(check("p95", expected="≤ 100 ms"),),
        ),
        row("auc", 0.941, 0.94, outcomes=(check("auc", OutcomeKind.INCONCLUSIVE, expected=""),)),
        row(
            "drift_psi",
            0.03,
            None,
            outcomes=(check("drift", OutcomeKind.MISSING, expected="≤ 0.2"),),
        ),
    ),
    parameters=(
        Difference(key="max_depth", base="6", other="8"),
        Difference(key="learning_rate", base="0.1", other="0.05"),
    ),
    same_parameters=14,
    tags=(Difference(key="reviewer", base=None, other="ada"),),
    base_datasets=(Dataset(name="holdout", digest="9f2c41aa", context="eval"),),
    other_datasets=(Dataset(name="holdout", digest="9f2c41aa", context="eval"),),
    trained_by="ada@example.com",
    trained_at=NOW - timedelta(days=3),
    commit="1a2b3c4d5e6f",
    run_id="run-7",
)
BARE_COMPARISON = Comparison(
    key=None,
    model=MODEL,
    base=Side(version=make_version(6)),
    other=Side(version=make_version(7)),
    metrics=(),
    is_signature_known=False,
    unreadable=("the run of v6: permission denied",),
    shared_by=REQUESTER,
)

JOURNAL = (
    make_journal_entry("confirm", state=StepState.DONE, finished_at=NOW + timedelta(seconds=2)),
    make_journal_entry("endpoint fraud-scorer", state=StepState.FAILED, error="out of memory"),
    make_journal_entry("a step of a later Herald"),
)

COMMANDS = (
    Command(
        name="compare",
        arguments="NAME [A] [B]",
        help="Two versions side by side: metrics, parameters, signature, data.",
        example="compare scorer 6 7",
        action=Action.READ,
        details="Without versions: `challenger` against `champion`.",
    ),
    Command(
        name="whoami", arguments="", help="What you may do.", example="whoami", action=Action.READ
    ),
)

SHEET = ModelSheet(
    model=make_model(description="Scores card payments"),
    versions=(make_version(7), make_version(6, created_at=None, description="")),
    endpoints=(make_endpoint(),),
    rollback_to=5,
    open_request=RequestId(1042),
)

ANSWERS: dict[str, Answer] = {
    **{f"card_{name}": shown for name, shown in CARDS.items()},
    "comparison": COMPARISON,
    "comparison_shared_bare": BARE_COMPARISON,
    "sheet": SHEET,
    "sheet_version": ModelSheet(
        model=make_model(),
        versions=(),
        selected=make_version(7, parameters={"depth": "6"}, is_ready=False),
        endpoints=(
            make_endpoint(
                update=EndpointUpdate.FAILED,
                pending=(make_entity(7, state="FAILED", message="out of memory"),),
            ),
        ),
        rollback_to=5,
    ),
    "sheet_bare": ModelSheet(
        model=RegisteredModel(name=MODEL),
        versions=(),
        endpoints=None,
    ),
    "list": ModelList(words=("fraud",), models=(make_model(),), total=1),
    "list_empty": ModelList(words=("iris_clasifier",), models=(), total=0),
    "check_denied": CheckReport(
        key=KEY, model=MODEL, alias=CHAMPION, version=7, plan=make_plan(), verdict=DENIED
    ),
    "check_frozen": CheckReport(
        key=KEY,
        model=MODEL,
        alias=CHAMPION,
        version=7,
        plan=make_plan(),
        verdict=BOTH,
        freezes=(MIGRATION, WEEKEND),
    ),
    "check_needs_approval": CheckReport(
        key=KEY,
        model=MODEL,
        alias=CHAMPION,
        version=7,
        plan=make_plan(),
        verdict=BOTH,
        skew=("fraud-scorer serves v5, champion is v6",),
    ),
    "check_untagged": CheckReport(
        key=KEY,
        model=MODEL,
        alias=CHAMPION,
        version=7,
        plan=make_plan(),
        verdict=replace(DENIED, outcomes=(UNTAGGED,)),
        offers=(TagOffer(key=KEY, tag=ProposedTag(key="version", value="1.3.0")),),
    ),
    "check_wrongly_tagged": CheckReport(
        key=KEY,
        model=MODEL,
        alias=CHAMPION,
        version=7,
        plan=make_plan(),
        verdict=replace(BOTH, outcomes=(*PASSED, MISTAGGED)),
        offers=(
            TagOffer(
                key=CardKey("1" * 22),
                tag=ProposedTag(key="version", value="1.3.0", present="1.1.9"),
                waiting=RequestId(7),
            ),
            TagOffer(key=CardKey("2" * 22), tag=ProposedTag(key="release", value="2.0.0")),
            TagOffer(key=CardKey("3" * 22), tag=ProposedTag(key="train", value="4.0.0")),
        ),
    ),
    "check_asked_already": CheckReport(
        key=KEY,
        model=MODEL,
        alias=CHAMPION,
        version=7,
        plan=make_plan(),
        verdict=BOTH,
        holder=make_request(7, version=7),
    ),
    "check_behind_another": CheckReport(
        key=KEY,
        model=MODEL,
        alias=CHAMPION,
        version=7,
        plan=make_plan(),
        verdict=BOTH,
        freezes=(MIGRATION,),
        holder=make_request(7, version=6),
    ),
    "check_allowed": CheckReport(
        key=KEY, model=MODEL, alias=CHALLENGER, version=7, plan=make_plan(), verdict=ALLOWED
    ),
    "requests": RequestList(
        scope="waiting",
        requests=(CARDS["pending"].request, CARDS["pending_rollback"].request),
        total=3,
    ),
    "requests_none": RequestList(scope="mine", requests=(), total=0),
    "details_pending": RequestDetails(card=CARDS["pending_evidence_moved"]),
    "details_failed": RequestDetails(card=CARDS["failed"], journal=JOURNAL),
    "filed": Filed(request=CARDS["pending"].request),
    "filed_allowed": Filed(
        request=make_request(9, State.APPROVED, evidence=make_evidence(verdict=ALLOWED))
    ),
    "filed_denied": Filed(request=CARDS["denied"].request),
    "who_am_i": WhoAmI(
        standing=Standing(
            person=make_person(),
            roles=frozenset({LEADS, RoleName("members")}),
            actions=frozenset({Action.READ, Action.PROMOTE}),
        ),
        approves_as=(LEADS,),
    ),
    "access_person": WhoAmI(
        standing=Standing(
            person=make_person(LEAD, name="Lee"),
            roles=frozenset({LEADS}),
            actions=frozenset({Action.PROMOTE}),
            sources={LEADS: "Slack group ml-leads"},
            unreadable={RISK: "Databricks' groups: no answer within 10 s"},
        ),
        approves_as=(LEADS,),
        decides={LEADS: ("prod-baseline", "rollback")},
        is_asker=False,
    ),
    "access_role": RoleSheet(
        role=LEADS,
        members=RoleMembers(
            users=frozenset({LEAD}),
            groups=frozenset({"ml-leads"}),
            databricks_groups=frozenset({"ML Leads"}),
        ),
        people=(LEAD, LEAD2),
        count=5,
        actions=frozenset({Action.PROMOTE, Action.READ}),
        decides=("prod-baseline",),
    ),
    "access_role_unread": RoleSheet(
        role=RISK, members=RoleMembers(emails=frozenset({"r@acme.example"})), unread="no answer"
    ),
    "access_role_empty": RoleSheet(
        role=RISK, members=RoleMembers(databricks_groups=frozenset({"risk"}))
    ),
    "access_members": RoleSheet(role=MEMBERS, members=RoleMembers()),
    "who_am_i_guest": WhoAmI(
        standing=Standing(person=make_person(is_guest=True), roles=frozenset(), actions=frozenset())
    ),
    "note": Note(text="You have approved CR-1042 already. Your click changed nothing."),
    "refusal": Refusal(
        what="No model 'iris_clasifier'. Did you mean iris_classifier?",
        reasons=("its aliases: @champion v1",),
        remedies=("Example: `/model compare iris_classifier`",),
    ),
    "refusal_trouble": Refusal(
        what="The registry does not answer (10 s). Nothing was changed.", is_trouble=True
    ),
    **HEALTH_ANSWERS,
    **FREEZE_ANSWERS,
    "help": Help(slash="/model", commands=COMMANDS),
    "help_compare": Help(slash="/model", commands=COMMANDS, selected=COMMANDS[0]),
}
