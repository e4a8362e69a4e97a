"""What may happen in a life of Herald, each part of it followed by a look at the whole record."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.names import AliasName, ModelName, SlackUserId
from bot.domain.policy import ChangeKind
from tests.fakes.world import ADMIN, CHALLENGER, LEAD, LEAD2, REQUESTER
from tests.properties.census import COUNTED
from tests.properties.chances import EXEMPT_FOR
from tests.properties.deeds import Deeds, Press, press_now
from tests.properties.laws import Laws
from tests.properties.life import Life
from tests.properties.messages import is_true, missing
from tests.properties.record import holds_together
from tests.properties.regimes import REMIND_AFTER, Regime
from tests.properties.shutter import Shut
from tests.properties.told import Asked
from tests.properties.trails import Trails

S = RequestState
ANY = -1
"""Picks the latest request, whether it is open or not."""


class Lives:
    """A life, and the laws that are looked after while it goes on."""

    def __init__(self) -> None:
        self.life = Life()
        self.people = Deeds(self.life)
        self.laws = Laws(self.life)
        self.asked = Asked()

    def picked(self, pick: int) -> ChangeRequest | None:
        """Return one of the latest requests, open ones first."""
        known = self.life.do(self.life.requests())
        alive = tuple(r for r in known if r.is_open or r.holds_locks)
        latest = (alive or known)[-3:] if pick != ANY else known
        return latest[pick % len(latest)] if latest else None

    def promote(
        self, model: ModelName, version: int, user: SlackUserId, breaths: int | None = None
    ) -> None:
        self.people.promote(model, version, user, breaths)

    def release(
        self, model: ModelName, version: int, trouble: str = "", breaths: int | None = None
    ) -> None:
        """Let somebody ask for a release, those needed agree, and Herald begin."""
        self.people.promote(model, version, REQUESTER)
        self.agree(-1)
        if trouble:
            self.trouble(trouble, version)
        self.carry_on(breaths)

    def roll_back(self, model: ModelName, user: SlackUserId) -> None:
        self.people.roll_back(model, user)

    def agree(self, pick: int) -> None:
        """Let everybody agree whom a request waits for."""
        for user in (LEAD, LEAD2, ADMIN):
            request = self.picked(pick)
            if request and request.state is S.PENDING:
                self.people.press(press_now(request, user, "approve"))

    def lead_on(self, pick: int, how: str, breaths: int | None = None) -> None:
        """Let one request go on, as people and time would have it."""
        request = self.picked(pick)
        match request and request.state:
            case S.PENDING:
                self.agree(pick)
            case S.PAUSED if request:
                self.settle(request, how)
            case S.FAILED if request:
                self.people.resolve(request, LEAD)
            case S.WAITING | S.UNDOING | S.QUEUED:
                self.life.clock.ahead += timedelta(minutes=50 if how == "wait" else 0.2)
            case _:
                pass
        self.carry_on(breaths)

    def settle(self, request: ChangeRequest, how: str) -> None:
        """Let an admin say what becomes of what is paused."""
        if how == "resolve":
            self.people.resolve(request, ADMIN)
        elif how in {"undo", "resume"}:
            self.people.press(press_now(request, ADMIN, how))

    def press(self, pick: int, user: SlackUserId, how: str, breaths: int | None = None) -> None:
        """Let somebody press a button, or type what has none."""
        request = self.picked(pick)
        if request and how == "resolve":
            self.people.resolve(request, user)
        elif how == "unknown card":
            self.people.press_unknown(user)
        elif request and how == "old card":
            self.people.press(Press(request=request, revision=1, user=user, how="approve"))
        elif request:
            self.people.press(press_now(request, user, how), breaths)

    def two_people_act_at_once(self, pick: int, user: SlackUserId, how: str, turn: int) -> None:
        """Let one approve, and what follows go on, while another does something too."""
        request = self.picked(pick)
        if request is None:
            return
        if how == "freeze":
            self.people.freeze_meanwhile(turn)
        else:
            self.people.press_meanwhile(press_now(request, user, how), turn)
        self.press(pick, LEAD2, "approve")
        self.carry_on(None)
        self.life.fate.let(None)

    def execute(self, breaths: int | None = None) -> None:
        self.carry_on(breaths)

    def dies_while(self, state: str) -> None:
        """Let Herald die again and again, until the latest request stands there."""
        for breaths in range(2, 60):
            self.life.die_after(breaths)
            if self.life.do(self.life.requests())[-1].state == state:
                return

    def dies_at(self, call: str) -> None:
        """Let Herald die at its next call of a kind."""
        self.life.fate.last_call = call
        self.life.die_after(1000)

    def time_passes(self, minutes: float, *, is_new: bool = False, is_late: bool = False) -> None:
        self.life.clock.ahead += timedelta(minutes=minutes)
        if not is_late:
            self.work("expire")
        if is_new:
            self.life.start()

    def an_alias_moves(self, model: ModelName, alias: AliasName, version: int | None) -> None:
        """Let somebody move an alias past Herald."""
        if model in self.life.models.known:
            self.life.models.move(model, alias, version)

    def an_endpoint_changes(self, version: int) -> None:
        """Let somebody serve another version past Herald."""
        self.life.serve_elsewise(version)

    def something_goes(self, model: ModelName, version: int | None) -> None:
        """Let somebody delete a version, or the whole model."""
        self.life.delete(model, version)

    def it_comes_back(self) -> None:
        """Let whatever was deleted be there again."""
        self.life.restore()

    def a_challenger_comes(
        self, model: ModelName, version: int, limit: int, breaths: int | None = None
    ) -> None:
        """Let a version become challenger where policies propose what does."""
        now = self.life.regimes.now
        self.life.enact(replace(now, per_day=now.per_day or limit))
        self.life.propose()
        self.an_alias_moves(model, CHALLENGER, version)
        self.life.propose(breaths)

    def policies_propose(self, *, is_on: bool, breaths: int | None = None) -> None:
        self.people.switch(is_on=is_on)
        self.life.propose(breaths)

    def trouble(self, trouble: str, version: int = 7) -> None:
        """Let one kind of trouble come, and every other go."""
        life = self.life
        life.fate.is_down = trouble == "registry"
        life.bot.directory.is_down = trouble == "directory"
        life.bot.groups.is_down = trouble == "groups"
        life.endpoints.failing = {version: "no module"} if trouble == "start" else {}
        life.endpoints.slow_looks = {"slow": 2, "endless": 1000}.get(trouble, 0)
        if not life.endpoints.slow_looks:
            life.endpoints._looks.clear()

    def policies_change(self, regime: Regime, *, is_exempt: bool = False) -> None:
        self.life.enact(regime, EXEMPT_FOR if is_exempt else None)

    def a_version_is_tagged(self, model: ModelName, version: int, risk: str) -> None:
        self.life.tag(model, version, risk)

    def an_account_changes(self, user: SlackUserId, change: str) -> None:
        known = self.life.accounts.now[user]
        self.life.become(known.after(change))

    def somebody_freezes(self, how: str, breaths: int | None = None) -> None:
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

    def a_job_runs(self, job: str, breaths: int | None = None) -> None:
        self.work(job, breaths)

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

    def carry_on(self, breaths: int | None = None) -> None:
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

    def the_record_holds(self) -> Trails:
        trails = self.life.do(self.life.trails())
        holds_together(trails)
        self.laws.uphold(trails)
        self.messages_are_true()
        self.words_are_answered(trails)
        return trails

    def words_are_answered(self, trails: Trails) -> None:
        """See that what counts is on record, and nothing else is."""
        said = [e for e in trails.events if e.event.action.startswith("decision.")]
        counted = sum(kind in COUNTED for kind in self.people.answers)
        assert counted <= len(said) <= counted + self.people.unsure

    def messages_are_true(self) -> None:
        life = self.life
        is_readable = not (life.bot.directory.is_down or life.bot.groups.is_down)
        for messages in life.heard:
            for message in messages:
                assert is_true(message, life.accounts), message.entry
            self.asked.hear(messages, life.accounts, is_readable=is_readable)
        life.heard.clear()

    def nobody_is_forgotten(self) -> None:
        """See, where nothing is in the way, that what has waited long is on somebody's mind."""
        self.life.clock.ahead += timedelta(minutes=6)
        self.work("remind")
        trails = self.the_record_holds()
        for request in (r for r in trails.requests if r.kind is ChangeKind.PROMOTE):
            waited = trails.at - request.evidence.collected_at
            if request.state is S.PENDING and waited > REMIND_AFTER + timedelta(minutes=1):
                assert self.asked.is_reminded(request) or not self._missing(request, trails)

    def _missing(self, request: ChangeRequest, trails: Trails) -> frozenset[SlackUserId]:
        decisions = trails.decisions[trails.requests.index(request)]
        return missing(request, decisions, self.life.accounts)
