"""Whatever people click and the world does, requests end well and the record tells all of it."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.audit import AuditEvent, verify_chain
from bot.domain.change_request import OPEN, ChangeRequest, RequestState
from bot.domain.names import AliasName, ModelName, SlackUserId
from bot.domain.policy import ApprovalRequirement
from bot.domain.verdict import VerdictKind
from tests.fakes.world import (
    ADMIN,
    CHALLENGER,
    CHAMPION,
    GUEST,
    LEAD,
    LEAD2,
    LEADS,
    MODEL,
    REQUESTER,
    VIEWER,
    policy_set,
)
from tests.properties.life import OTHER, Life, Trails

S = RequestState
QUIET = {(S.EXECUTING, S.WAITING), (S.WAITING, S.EXECUTING)}
"""Changes of state that decide nothing and leave no event."""

models = st.sampled_from([MODEL, MODEL, OTHER])
versions = st.sampled_from([5, 6, 7, 7, 7, 8])
everybody = st.sampled_from([REQUESTER, LEAD, LEAD2, VIEWER, ADMIN, GUEST])
askers = st.sampled_from([REQUESTER, REQUESTER, LEAD, ADMIN, VIEWER, GUEST])
deciders = st.sampled_from([LEAD, LEAD, LEAD2, REQUESTER, VIEWER, GUEST])
picks = st.integers(0, 2)
seldom = st.sampled_from([False, False, False, True])
deaths = st.none() | st.integers(0, 60)
OTHERWISE = ["reject", "cancel", "undo", "resume", "resolve", "old card"]
TROUBLES = ["none", "none", "registry", "directory", "start", "slow", "endless"]
A_DAY = 25 * 60
POLICIES = {
    "one lead": policy_set(),
    "two leads": policy_set(
        approvals=(ApprovalRequirement(role=LEADS, count=2),), content="baseline 2"
    ),
    "nobody": policy_set(approvals=(), content="baseline 3"),
}


def trail_of(trails: Trails, request: ChangeRequest) -> list[tuple[S, S]]:
    """Return the states between which events say that a request moved."""
    first, *rest = trails.of(request)
    begin = S.DENIED if first.action == "change_request.denied" else S.PENDING
    moves = [(S(str(e.details["from"])), S(str(e.details["to"]))) for e in rest]
    return [(begin, begin), *moves]


def approvals_of(trails: Trails, request: ChangeRequest) -> list[AuditEvent]:
    return [e for e in trails.of(request) if e.action == "change_request.approved"]


def approvers(approved: AuditEvent) -> set[object]:
    people = approved.details["approvers"]
    assert isinstance(people, list | tuple)
    return set(people)


class Lives(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.life = Life()
        self.ends: dict[int, RequestState] = {}

    def teardown(self) -> None:
        try:
            self.everything_comes_to_an_end()
        finally:
            self.life.end()

    def picked(self, pick: int) -> ChangeRequest | None:
        """Return one of the latest requests."""
        latest = self.life.do(self.life.requests())[-3:]
        return latest[pick % len(latest)] if latest else None

    @initialize(model=models, version=versions)
    def begin(self, model: ModelName, version: int) -> None:
        self.life.promote(model, version, REQUESTER)

    @rule(model=models, version=versions, breaths=deaths)
    def release(self, model: ModelName, version: int, breaths: int | None) -> None:
        self.life.promote(model, version, REQUESTER)
        self.click(-1, LEAD, "approve")
        self.click(-1, LEAD2, "approve")
        self.carry_on(breaths)

    @rule(model=models, version=versions, user=askers, breaths=deaths)
    def promote(
        self, model: ModelName, version: int, user: SlackUserId, breaths: int | None
    ) -> None:
        self.life.promote(model, version, user, breaths)

    @rule(model=models, user=askers)
    def roll_back(self, model: ModelName, user: SlackUserId) -> None:
        self.life.roll_back(model, user)

    @rule(pick=picks, user=deciders, breaths=deaths)
    def approve(self, pick: int, user: SlackUserId, breaths: int | None) -> None:
        self.click(pick, user, "approve", breaths)

    @rule(pick=picks, user=everybody, how=st.sampled_from(OTHERWISE))
    def decide_otherwise(self, pick: int, user: SlackUserId, how: str) -> None:
        request = self.picked(pick)
        if request and how == "resolve":
            self.life.resolve(request, user)
        elif request and how == "old card":
            self.life.decide(request, 1, user, "approve")
        elif request:
            self.click(pick, user, how)

    @rule(breaths=deaths)
    def execute(self, breaths: int | None) -> None:
        self.carry_on(breaths)

    @rule(minutes=st.sampled_from([0.2, 1, 20, 70, A_DAY]), is_new=seldom)
    def time_passes(self, *, minutes: float, is_new: bool) -> None:
        self.life.clock.ahead += timedelta(minutes=minutes)
        self.life.expire()
        if is_new:
            self.life.start()

    @rule(model=models, alias=st.sampled_from([CHAMPION, CHALLENGER]), version=st.integers(5, 7))
    def somebody_moves_an_alias(self, model: ModelName, alias: AliasName, version: int) -> None:
        self.life.models.move(model, alias, version)

    @rule(trouble=st.sampled_from(TROUBLES), version=st.integers(5, 7))
    def trouble_comes_and_goes(self, trouble: str, version: int) -> None:
        life = self.life
        life.fate.is_down = trouble == "registry"
        life.bot.directory.is_down = trouble == "directory"
        life.endpoints.failing = {version: "no module"} if trouble == "start" else {}
        life.endpoints.slow_looks = {"slow": 2, "endless": 1000}.get(trouble, 0)

    @rule(name=st.sampled_from(sorted(POLICIES)))
    def policies_change(self, name: str) -> None:
        self.life.policies = self.life.bot.policies.policies = POLICIES[name]

    def carry_on(self, breaths: int | None) -> None:
        """Execute what can be; what says now that it is done, or undone, is so in the world."""
        open_before = {r.id for r in self.life.do(self.life.requests()) if r.is_open}
        self.life.execute(breaths)
        for request in self.life.do(self.life.requests()):
            if request.id in open_before and request.state in {S.SUCCEEDED, S.UNDONE}:
                self.says_what_is_so(request)

    def says_what_is_so(self, request: ChangeRequest) -> None:
        moved = next(m for m in request.evidence.plan.aliases if m.alias == request.alias)
        wanted = moved.after if request.state is S.SUCCEEDED else moved.before
        assert self.life.models.known[request.model].aliases.get(request.alias) == wanted

    def click(self, pick: int, user: SlackUserId, how: str, breaths: int | None = None) -> None:
        request = self.picked(pick)
        if request:
            self.life.decide(request, request.evidence.revision, user, how, breaths)

    @invariant()
    def the_record_holds(self) -> None:
        trails = self.life.do(self.life.trails())
        assert verify_chain(trails.events) is None
        for request in trails.requests:
            self.trail_is_complete(trails, request)
            self.agreement_is_real(trails, request)
            self.closed_stays_closed(request)
        self.one_open_request_an_alias(trails)
        self.locks_have_holders(trails)

    def trail_is_complete(self, trails: Trails, request: ChangeRequest) -> None:
        trail = [*trail_of(trails, request), (request.state, request.state)]
        for (_, end), (start, _) in pairwise(trail):
            assert start is end or (end, start) in QUIET, (request.label, trail)

    def agreement_is_real(self, trails: Trails, request: ChangeRequest) -> None:
        decisions = trails.decisions[trails.requests.index(request)]
        assert {d.person for d in decisions} <= {LEAD, LEAD2} - {request.requester}
        told = [e.event for e in trails.events if e.event.subject == request.label]
        words = [(e.actor, e.action) for e in told if e.action.startswith("decision.")]
        assert {d.person for d in decisions} == {actor for actor, _ in words}
        for approved in approvals_of(trails, request):
            assert approvers(approved) <= {LEAD, LEAD2} - {request.requester}
        evidence, latest = request.evidence, approvals_of(trails, request)[-1:]
        if latest and latest[0].details["content_hash"] == evidence.content_hash:
            needed = sum(r.count for r in evidence.verdict.requirements)
            assert len(approvers(latest[0])) == needed
            assert evidence.verdict.kind is not VerdictKind.DENIED

    def closed_stays_closed(self, request: ChangeRequest) -> None:
        if request.id in self.ends:
            assert request.state is self.ends[request.id]
        if request.state not in OPEN:
            self.ends[request.id] = request.state

    def one_open_request_an_alias(self, trails: Trails) -> None:
        held = [(r.model, r.alias) for r in trails.requests if r.is_open or r.holds_locks]
        assert len(held) == len(set(held))

    def locks_have_holders(self, trails: Trails) -> None:
        alive = {r.id for r in trails.requests if r.state is S.QUEUED or r.holds_locks}
        for resource, holder in trails.holders.items():
            assert holder is None or holder in alive, f"{resource} is held by CR-{holder}"

    def everything_comes_to_an_end(self) -> None:
        """Mend the world and let people tidy up: nothing is in the way of a new release."""
        life = self.life
        life.policies = POLICIES["one lead"]
        life.mend()
        passes = (self.is_anything_left() for _ in range(8))
        assert not all(passes), "something is left that nobody can end"
        trails = life.do(life.trails())
        assert not [r.label for r in trails.requests if r.is_open or r.holds_locks]
        assert set(trails.holders.values()) == {None}
        self.a_new_release_works()

    def is_anything_left(self) -> bool:
        """Carry on, cancel what waits for people and resolve what is stuck."""
        self.life.rest()
        left = [r for r in self.life.do(self.life.requests()) if r.is_open or r.holds_locks]
        for request in left:
            if request.state is S.PENDING:
                self.life.decide(request, request.evidence.revision, ADMIN, "cancel")
            elif request.holds_locks:
                self.life.resolve(request, ADMIN)
        return bool(left)

    def a_new_release_works(self) -> None:
        life = self.life
        free = next(v for v in (5, 6, 7) if v != life.models.known[MODEL].aliases.get(CHAMPION))
        life.promote(MODEL, free, REQUESTER)
        request = life.do(life.requests())[-1]
        life.decide(request, 1, LEAD, "approve")
        life.rest()
        assert life.do(life.requests())[-1].state is S.SUCCEEDED
        assert life.models.known[MODEL].aliases[CHAMPION] == free


Lives.TestCase.settings = settings(
    max_examples=max(25, settings().max_examples // 4),
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
)
TestLives = Lives.TestCase
