"""A whole Herald on back ends in memory and a real store: fraud scorer v6 serves, v7 is good."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.change_request import RUNNABLE
from bot.domain.evidence import NOTHING_MORE, TEST_EVIDENCE_PATH, Needs, PolicyFacts
from bot.domain.messages import MessageRef
from bot.domain.metrics import Direction, MetricDefinition
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
from bot.domain.people import MEMBERS, Action, Person, RoleMembers
from bot.domain.planning import AliasNames
from bot.domain.policy import (
    ApprovalRequirement,
    ChangeKind,
    CheckOutcome,
    OutcomeKind,
    Policy,
    PolicySet,
    Severity,
)
from bot.domain.registry import Dataset, Metric, ModelContents, ModelVersion, RegisteredModel, Run
from bot.domain.serving import ServedEntity, ServingEndpoint
from bot.domain.store import RequestQuery, Store
from bot.outside import Outside
from bot.services.dispatch import NEXT_CLAIM
from bot.services.world import World
from bot.wiring import Core
from policies.model_card import ModelCardCheck, read_card
from tests.fakes.back_ends import FakeMetrics, FakeRegistry, FakeServing
from tests.fakes.people import FakeDirectory, FakeGroups, FakeNotifier, FakePolicies

MODEL = ModelName("prod.fraud.scorer")
CHAMPION = AliasName("champion")
CHALLENGER = AliasName("challenger")
ARCHIVED = AliasName("archived")
NAMES = AliasNames(champion=CHAMPION, challenger=CHALLENGER, archived=ARCHIVED)
CHANNEL = ChannelId("C0RELEASES")

REQUESTER = SlackUserId("U0REQUESTER")
LEAD = SlackUserId("U0MLLEAD")
LEAD2 = SlackUserId("U0MLLEAD2")
VIEWER = SlackUserId("U0VIEWER")
ADMIN = SlackUserId("U0ADMIN")
GUEST = SlackUserId("U0GUEST")

LEADS = RoleName("ml-leads")
SCIENTISTS = RoleName("data-scientists")
ADMINS = RoleName("admins")

CARD_CHECK = ModelCardCheck(id="model_card", policy="compliance", severity=Severity.ENFORCE)
BOTH = frozenset({Action.PROMOTE, Action.ROLL_BACK})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallCheck:
    """Passes when the candidate's recall is at least 0.8."""

    id: str = "recall"
    severity: Severity = Severity.ENFORCE
    needs: Needs = NOTHING_MORE

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        values = [m.value for m in facts.candidate.metrics() if m.key == "recall"]
        kind = OutcomeKind.MISSING
        if values:
            kind = OutcomeKind.PASSED if min(values) >= 0.8 else OutcomeKind.FAILED
        return CheckOutcome(
            check=self.id,
            policy="baseline",
            severity=self.severity,
            kind=kind,
            message=f"recall {values or 'not logged'}",
            metric="recall",
        )


def policy_set(**changes: Any) -> PolicySet:
    """Return promotion by one lead, and rollback by one lead unless a lead asks."""
    promote: dict[str, Any] = {
        "name": "baseline",
        "kinds": frozenset({ChangeKind.PROMOTE}),
        "models": ("prod.*",),
        "aliases": frozenset({CHAMPION}),
        "checks": (RecallCheck(),),
        "approvals": (ApprovalRequirement(role=LEADS),),
        "content": "baseline 1",
    }
    rollback = Policy(
        name="rollback",
        kinds=frozenset({ChangeKind.ROLL_BACK}),
        models=("*",),
        aliases=frozenset({CHAMPION}),
        approvals=(ApprovalRequirement(role=LEADS, unless_asked_by=frozenset({LEADS})),),
        content="rollback 1",
    )
    return PolicySet(
        policies=(Policy(**{**promote, **changes}), rollback),
        roles={
            LEADS: RoleMembers(groups=frozenset({"ml-leads"})),
            SCIENTISTS: RoleMembers(users=frozenset({REQUESTER})),
            ADMINS: RoleMembers(users=frozenset({ADMIN})),
        },
        may={
            MEMBERS: frozenset({Action.READ}),
            SCIENTISTS: BOTH,
            LEADS: BOTH | {Action.RESOLVE},
            ADMINS: BOTH | {Action.CANCEL, Action.RESOLVE},
        },
        metrics={
            "recall": MetricDefinition(name="recall", direction=Direction.HIGHER, unit="ratio")
        },
        source="test",
    )


def registry() -> FakeRegistry:
    """Return a registry with v5 (archived), v6 (champion), v7 (challenger, better), v8 (bad)."""
    recalls = {5: 0.85, 6: 0.87, 7: 0.91, 8: 0.5}
    fake = FakeRegistry()
    fake.known[MODEL] = RegisteredModel(
        name=MODEL,
        description="Scores payments",
        aliases={ARCHIVED: 5, CHAMPION: 6, CHALLENGER: 7},
    )
    for number, recall in recalls.items():
        fake.numbered[MODEL, number] = ModelVersion(
            name=MODEL,
            version=number,
            description=f"Version {number}",
            run_id=f"run{number}",
            tags={"owner": "fraud"},
            metrics=(Metric(key="recall", value=recall, dataset_digest="d1"),),
            parameters={"depth": str(number)},
        )
        fake.runs[f"run{number}"] = Run(
            run_id=f"run{number}",
            user="trainer",
            datasets=(Dataset(name="holdout", digest="d1", context="eval"),),
        )
        fake.contents_of[MODEL, number] = ModelContents(inputs="[]", outputs="[]")
        fake.files[f"run{number}", TEST_EVIDENCE_PATH] = (
            b'{"tests": [{"name": "unit", "outcome": "passed",'
            b' "finished_at": "2026-01-01T00:00:00Z"}]}'
        )
    return fake


def endpoint(name: str = "fraud-scorer", version: int = 6, **fields: Any) -> ServingEndpoint:
    """Return an endpoint that serves one version of the model at 100 %."""
    own = ServedEntity(
        name=f"scorer-{version}", model=MODEL, version=version, traffic_percentage=100
    )
    return ServingEndpoint(name=EndpointName(name), entities=(own,), **fields)


def serving() -> FakeServing:
    """Return a serving platform with one endpoint of the model."""
    return FakeServing(endpoints={EndpointName("fraud-scorer"): endpoint()})


def directory() -> FakeDirectory:
    """Return everybody, with the two leads in their group."""
    people = {
        user: Person(id=user, name=user.lower(), is_guest=user == GUEST)
        for user in (REQUESTER, LEAD, LEAD2, VIEWER, ADMIN, GUEST)
    }
    return FakeDirectory(people=people, groups={"ml-leads": frozenset({LEAD, LEAD2})})


class ShiftedClock:
    """The machine's clock, moved forward as tests please."""

    def __init__(self, ahead: timedelta = timedelta(0)) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead  # noqa: TID251 - a test's clock


@dataclass
class FakeModals:
    """Modals that are open, by id."""

    opened: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def open(self, trigger_id: str, view: dict[str, Any]) -> str:
        self.opened[trigger_id] = view
        return trigger_id

    async def update(self, view_id: str, view: dict[str, Any]) -> None:
        self.opened[view_id] = view


@dataclass
class FakeHomeTabs:
    """Home tabs as they were last drawn."""

    drawn: dict[SlackUserId, dict[str, Any]] = field(default_factory=dict)

    async def publish(self, user: SlackUserId, view: dict[str, Any]) -> None:
        self.drawn[user] = view


@dataclass
class Herald:
    """The use cases on fakes, with the fakes at hand."""

    core: Core
    store: Store
    registry: FakeRegistry
    serving: FakeServing
    metrics: FakeMetrics
    directory: FakeDirectory
    groups: FakeGroups
    policies: FakePolicies
    notifier: FakeNotifier
    clock: ShiftedClock
    modals: FakeModals
    home_tabs: FakeHomeTabs

    async def execute(self, rounds: int = 200) -> None:
        """Carry on whatever can be carried on, waits included, until nothing moves."""
        for _ in range(rounds):
            while await self.core.dispatch.dispatch() == NEXT_CLAIM:
                pass
            await self.core.dispatch.drain(60)
            self.clock.ahead += timedelta(seconds=6)
            if not await self.has_work():
                return

    async def has_work(self) -> bool:
        async with self.store.transaction() as work:
            return bool(await work.requests.find(RequestQuery(states=RUNNABLE)))

    async def key(self, request: RequestId, revision: int = 1) -> CardKey:
        """Return what the buttons of a request's card carry."""
        async with self.store.transaction() as work:
            card = await work.cards.of_request(request, revision)
        assert card is not None
        return card.key

    async def card_at(self, request: RequestId) -> MessageRef | None:
        async with self.store.transaction() as work:
            return await work.outbox.message_of(request)


def herald(store: Store, clock: ShiftedClock, core: type[Core] = Core) -> Herald:
    """Return a Herald on fresh fakes."""
    return herald_on(store, clock, registry(), serving(), core)


def herald_on(
    store: Store,
    clock: ShiftedClock,
    models: FakeRegistry,
    endpoints: FakeServing,
    core: type[Core] = Core,
) -> Herald:
    """Return a Herald on a registry and endpoints of a test's own."""
    people, policies = directory(), FakePolicies(policy_set())
    notifier, modals, tabs = FakeNotifier(), FakeModals(), FakeHomeTabs()
    metrics, groups = FakeMetrics(), FakeGroups()
    outside = Outside(
        world=World(registry=models, writer=models, serving=endpoints),
        metrics=metrics,
        tracking=models,
        artifacts=models,
        archive=models,
        card_check=CARD_CHECK,
        read_card=read_card,
        privileges=models,
        tables=models,
        directory=people,
        groups=groups,
        notifier=notifier,
        voice=notifier,
        board=notifier,
        modals=modals,
        home_tabs=tabs,
        policies=policies,
        store=store,
    )
    wired = core(outside, NAMES, timedelta(seconds=5), "test")
    wired.clock = clock
    return Herald(
        core=wired,
        store=store,
        registry=models,
        serving=endpoints,
        metrics=metrics,
        directory=people,
        groups=groups,
        policies=policies,
        notifier=notifier,
        clock=clock,
        modals=modals,
        home_tabs=tabs,
    )
