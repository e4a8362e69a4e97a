"""Whatever people click and the world does, requests end well and the record tells all of it."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.names import AliasName, ModelName, SlackUserId
from tests.fakes.world import (
    ADMIN,
    CHALLENGER,
    CHAMPION,
    LEAD,
    LEAD2,
    MODEL,
    REQUESTER,
)
from tests.properties.chances import (
    A_DAY,
    CHANGES,
    EXEMPT_FOR,
    FREEZES,
    JOBS,
    MEANWHILE,
    OTHERWISE,
    TROUBLES,
    askers,
    deaths,
    deciders,
    everybody,
    models,
    picks,
    regimes,
    seldom,
    turns,
    versions,
)
from tests.properties.deeds import Deeds, Press, press_now
from tests.properties.laws import Laws
from tests.properties.life import Life
from tests.properties.messages import is_true
from tests.properties.record import holds_together
from tests.properties.regimes import Regime
from tests.properties.shutter import Shut

S = RequestState


class Lives(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.life = Life()
        self.people = Deeds(self.life)
        self.laws = Laws(self.life)

    def teardown(self) -> None:
        try:
            self.everything_comes_to_an_end()
        finally:
            self.life.end()

    def picked(self, pick: int) -> ChangeRequest | None:
        """Return one of the latest requests."""
        latest = self.life.do(self.life.requests())[-3:]
        return latest[pick % len(latest)] if latest else None

    @initialize(regime=regimes, model=models, version=versions)
    def begin(self, regime: Regime, model: ModelName, version: int) -> None:
        self.life.enact(regime)
        self.people.promote(model, version, REQUESTER)

    @rule(model=models, version=versions, breaths=deaths)
    def release(self, model: ModelName, version: int, breaths: int | None) -> None:
        self.people.promote(model, version, REQUESTER)
        self.click(-1, LEAD, "approve")
        self.click(-1, LEAD2, "approve")
        self.carry_on(breaths)

    @rule(model=models, version=versions, user=askers, breaths=deaths)
    def promote(
        self, model: ModelName, version: int, user: SlackUserId, breaths: int | None
    ) -> None:
        self.people.promote(model, version, user, breaths)

    @rule(model=models, user=askers)
    def roll_back(self, model: ModelName, user: SlackUserId) -> None:
        self.people.roll_back(model, user)

    @rule(pick=picks, user=deciders, breaths=deaths)
    def approve(self, pick: int, user: SlackUserId, breaths: int | None) -> None:
        self.click(pick, user, "approve", breaths)

    @rule(pick=picks, user=everybody, how=st.sampled_from(OTHERWISE))
    def decide_otherwise(self, pick: int, user: SlackUserId, how: str) -> None:
        request = self.picked(pick)
        if request and how == "resolve":
            self.people.resolve(request, user)
        elif request and how == "old card":
            self.people.press(Press(request=request, revision=1, user=user, how="approve"))
        elif request:
            self.click(pick, user, how)

    @rule(pick=picks, user=deciders, how=st.sampled_from(MEANWHILE), turn=turns)
    def two_people_act_at_once(self, pick: int, user: SlackUserId, how: str, turn: int) -> None:
        """Let one approve, and what follows go on, while another does something too."""
        request = self.picked(pick)
        if request is None:
            return
        if how == "freeze":
            self.people.freeze_meanwhile(turn)
        else:
            self.people.press_meanwhile(press_now(request, user, how), turn)
        self.click(pick, LEAD2, "approve")
        self.carry_on(None)
        self.life.fate.let(None)

    @rule(breaths=deaths)
    def execute(self, breaths: int | None) -> None:
        self.carry_on(breaths)

    @rule(minutes=st.sampled_from([0.2, 1, 20, 70, A_DAY]), is_new=seldom, is_late=seldom)
    def time_passes(self, *, minutes: float, is_new: bool, is_late: bool) -> None:
        self.life.clock.ahead += timedelta(minutes=minutes)
        if not is_late:
            self.work("expire")
        if is_new:
            self.life.start()

    @rule(model=models, alias=st.sampled_from([CHAMPION, CHALLENGER]), version=st.integers(5, 7))
    def somebody_moves_an_alias(self, model: ModelName, alias: AliasName, version: int) -> None:
        self.life.models.move(model, alias, version)

    @rule(model=models, version=st.integers(5, 8), limit=st.integers(1, 2), breaths=deaths)
    def a_challenger_comes(
        self, model: ModelName, version: int, limit: int, breaths: int | None
    ) -> None:
        """Let a version become challenger where policies propose what does."""
        now = self.life.regimes.now
        self.life.enact(replace(now, per_day=now.per_day or limit))
        self.life.propose()
        self.life.models.move(model, CHALLENGER, version)
        self.life.propose(breaths)

    @rule(is_on=seldom.map(lambda seldom: not seldom), breaths=deaths)
    def policies_propose(self, *, is_on: bool, breaths: int | None) -> None:
        self.people.switch(is_on=is_on)
        self.life.propose(breaths)

    @rule(trouble=st.sampled_from(TROUBLES), version=st.integers(5, 7))
    def trouble_comes_and_goes(self, trouble: str, version: int) -> None:
        life = self.life
        life.fate.is_down = trouble == "registry"
        life.bot.directory.is_down = trouble == "directory"
        life.endpoints.failing = {version: "no module"} if trouble == "start" else {}
        life.endpoints.slow_looks = {"slow": 2, "endless": 1000}.get(trouble, 0)

    @rule(regime=regimes, is_exempt=seldom)
    def policies_change(self, *, regime: Regime, is_exempt: bool) -> None:
        self.life.enact(regime, EXEMPT_FOR if is_exempt else None)

    @rule(model=models, version=versions, risk=st.sampled_from(["low", "high"]))
    def somebody_tags_a_version(self, model: ModelName, version: int, risk: str) -> None:
        self.life.tag(model, version, risk)

    @rule(user=deciders, change=st.sampled_from(CHANGES))
    def an_account_changes(self, user: SlackUserId, change: str) -> None:
        known = self.life.accounts.now[user]
        self.life.become(known.after(change))

    @rule(how=st.sampled_from(FREEZES), breaths=deaths)
    def somebody_freezes(self, how: str, breaths: int | None) -> None:
        match how:
            case "all":
                self.people.freeze("", breaths=breaths)
            case "model":
                self.people.freeze("scorer", breaths=breaths)
            case "two hours":
                self.people.freeze("prod.fraud.*", "for 2h", breaths)
            case "lift":
                self.people.unfreeze_all()
            case _:
                self.life.shutter.leave(Shut(how))

    @rule(job=st.sampled_from(JOBS), breaths=deaths)
    def a_job_runs(self, job: str, breaths: int | None) -> None:
        self.work(job, breaths)

    @rule(pick=picks)
    def an_auditor_asks(self, pick: int) -> None:
        self.audit(self.picked(pick))

    def audit(self, request: ChangeRequest | None) -> None:
        report = self.people.report(request.model, request.version) if request else None
        if report:
            requests = self.life.do(self.life.requests())
            self.laws.vouch(report, {each.label: each for each in requests})

    def work(self, job: str, breaths: int | None = None) -> None:
        core = self.life.bot.core
        jobs = {
            "rejudge": core.rejudge.look,
            "remind": core.remind.remind_due,
            "messages": self.life.send,
            "expire": core.expire.expire_due,
        }
        self.life.attempt(jobs[job](), breaths)

    def carry_on(self, breaths: int | None) -> None:
        """Execute what can be; what says now that it is done, or undone, is so in the world."""
        open_before = {r.id for r in self.life.do(self.life.requests()) if r.is_open}
        self.life.execute(breaths)
        for request in self.life.do(self.life.requests()):
            if request.id in open_before and request.state in {S.SUCCEEDED, S.UNDONE}:
                self.says_what_is_so(request)

    def says_what_is_so(self, request: ChangeRequest) -> None:
        is_done = request.state is S.SUCCEEDED
        moved = [m for m in request.evidence.plan.aliases if m.alias == request.alias]
        wanted = {m.after if is_done else m.before for m in moved} or {request.version}
        assert {self.life.models.known[request.model].aliases.get(request.alias)} == wanted
        self.the_record_holds()
        self.audit(request)

    def click(self, pick: int, user: SlackUserId, how: str, breaths: int | None = None) -> None:
        request = self.picked(pick)
        if request:
            self.people.press(press_now(request, user, how), breaths)

    @invariant()
    def the_record_holds(self) -> None:
        trails = self.life.do(self.life.trails())
        holds_together(trails)
        self.laws.uphold(trails)
        self.messages_are_true()

    def messages_are_true(self) -> None:
        while self.life.heard:
            message = self.life.heard.pop()
            assert is_true(message, self.life.accounts.now), message.entry

    def everything_comes_to_an_end(self) -> None:
        """Mend the world and let people tidy up: nothing is in the way of a new release."""
        life = self.life
        life.mend()
        self.work("expire")
        self.people.unfreeze_all()
        passes = (self.is_anything_left() for _ in range(8))
        assert not all(passes), "something is left that nobody can end"
        trails = life.do(life.trails())
        assert not [r.label for r in trails.requests if r.is_open or r.holds_locks]
        assert set(trails.holders.values()) == {None}
        self.a_new_release_works()
        self.the_way_back_is_never_frozen()
        self.the_record_holds()

    def is_anything_left(self) -> bool:
        """Carry on, cancel what waits for people and resolve what is stuck."""
        self.life.rest()
        left = [r for r in self.life.do(self.life.requests()) if r.is_open or r.holds_locks]
        for request in left:
            if request.state is S.PENDING:
                self.people.press(press_now(request, ADMIN, "cancel"))
            elif request.holds_locks:
                self.people.resolve(request, ADMIN)
        return bool(left)

    def a_new_release_works(self) -> None:
        life, free = self.life, self.another_version()
        self.people.promote(MODEL, free, REQUESTER)
        self.click(-1, LEAD, "approve")
        life.rest()
        assert life.do(life.requests())[-1].state is S.SUCCEEDED
        assert life.models.known[MODEL].aliases[CHAMPION] == free

    def another_version(self) -> int:
        """Return a good version that is not champion."""
        champion = self.life.models.known[MODEL].aliases.get(CHAMPION)
        return next(version for version in (5, 6, 7) if version != champion)

    def the_way_back_is_never_frozen(self) -> None:
        life = self.life
        self.people.freeze("")
        filed = len(life.do(life.requests()))
        self.people.promote(MODEL, self.another_version(), REQUESTER)
        assert len(life.do(life.requests())) == filed
        self.people.roll_back(MODEL, LEAD)
        life.rest()
        assert life.do(life.requests())[-1].state is S.SUCCEEDED


Lives.TestCase.settings = settings(
    max_examples=max(40, settings().max_examples // 4),
    stateful_step_count=25,
    suppress_health_check=list(HealthCheck),
)
TestLives = Lives.TestCase
