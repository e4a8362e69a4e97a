"""A Herald whose process may die at any breath, whose world moves, and which starts again."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.agreement import Decision, DecisionKind
from bot.domain.audit import AuditEvent, ChainedEvent
from bot.domain.change_request import ChangeRequest
from bot.domain.errors import BackEndUnavailableError, HeraldError
from bot.domain.names import EndpointName, ModelName, RequestId, SlackUserId
from bot.domain.registry import RegisteredModel
from bot.domain.serving import ServedEntity, ServingEndpoint
from bot.domain.store import RequestQuery, Store, UnitOfWork
from bot.persistence.database import SqlStore, open_store
from bot.services.dispatch import NEXT_CLAIM
from bot.services.execution import LEASE
from bot.services.opened_card import Click
from bot.services.roll_back import RollbackAsk
from bot.services.targets import Target
from tests.fakes.world import (
    CHAMPION,
    CHANNEL,
    GUEST,
    LEAD,
    LEAD2,
    MODEL,
    Herald,
    ShiftedClock,
    herald_on,
    policy_set,
    registry,
    serving,
)

T = TypeVar("T")

OTHER = ModelName("prod.fraud.rules")
"""A second model, on the same endpoint."""
SHARED = EndpointName("fraud-scorer")
RESOURCES = (f"model:{MODEL}", f"model:{OTHER}", f"endpoint:{SHARED}")
DEAD_LEASE = LEASE + timedelta(seconds=1)


class Killed(asyncio.CancelledError):
    """The process ended here; nothing catches it."""


class Fate:
    """Counts a process's breaths: each outside call, and each commit, before and after."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.is_down = False

    def breathe(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed

    async def outside(self, call: str, subject: str) -> None:
        del subject
        self.breathe()
        if self.is_down and not call.endswith("done"):
            raise BackEndUnavailableError("The registry", "no answer within 10 s")


class MortalStore:
    """A record that outlives the process that writes it."""

    def __init__(self, record: Store, fate: Fate) -> None:
        self._record = record
        self._fate = fate

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[UnitOfWork]:
        async with self._record.transaction() as work:
            yield work
            self._fate.breathe()
        self._fate.breathe()


class Life:
    """One world with its record, and the Herald that works in it at the moment."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._folder = Path(tempfile.mkdtemp())
        self.clock = ShiftedClock()
        self.fate = Fate()
        self.models = registry()
        self.endpoints = serving()
        self._add_other()
        self.policies = policy_set()
        self.deaths = 0
        self.record = self._open()
        self.start()

    def end(self) -> None:
        self.do(self.record.close())
        self._runner.close()
        shutil.rmtree(self._folder)

    def do(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(coroutine)

    def start(self) -> None:
        """Start a Herald that knows only what is on record."""
        self.fate.left = None
        self.models.before = self.endpoints.before = self.fate.outside
        store = MortalStore(self.record, self.fate)
        self.bot: Herald = herald_on(store, self.clock, self.models, self.endpoints)
        self.bot.policies.policies = self.policies
        self.bot.directory.groups["ml-leads"] = frozenset({LEAD, LEAD2, GUEST})

    def mend(self) -> None:
        """Start again in a world without trouble."""
        self.fate.is_down = False
        self.endpoints.failing, self.endpoints.slow_looks = {}, 0
        self.endpoints._looks.clear()
        self.clock.ahead += DEAD_LEASE
        self.start()

    def attempt(self, coroutine: Coroutine[Any, Any, object], breaths: int | None = None) -> None:
        """Do something that may end in an error, or in death; then start again."""
        self.fate.left = breaths
        try:
            self.do(coroutine)
        except HeraldError:
            pass
        except asyncio.CancelledError:
            self.rise()
        self.fate.left = None

    def rise(self) -> None:
        """Start again after a death, when the lease of the dead has run out."""
        self.deaths += 1
        self.clock.ahead += DEAD_LEASE
        self.start()

    def execute(self, breaths: int | None = None) -> None:
        """Carry on what can be carried on, one request at a time; die after some breaths."""
        self.fate.left = breaths
        while self.do(self._one()):
            if self.fate.left is not None and self.fate.left < 0:
                self.rise()
        self.fate.left = None

    def rest(self) -> None:
        """Carry on, waits included, until nothing moves or what is left waits for a lock."""
        for _ in range(20):
            self.execute()
            self.clock.ahead += timedelta(seconds=6)
            if not self.do(self.bot.has_work()):
                return

    async def _one(self) -> bool:
        """Claim one request and take it as far as it goes; tell whether there may be another."""
        dispatch = self.bot.core.dispatch
        try:
            claimed = await dispatch.dispatch() == NEXT_CLAIM
            await dispatch.drain(60)
        except asyncio.CancelledError:
            return True
        return claimed

    def _open(self) -> SqlStore:
        path = self._folder / "herald.db"
        shutil.copy(_empty_record(), path)
        return self.do(open_store(f"sqlite:///{path}", self.clock))

    def _add_other(self) -> None:
        """Let a second model share the endpoint."""
        self.models.known[OTHER] = RegisteredModel(name=OTHER, aliases={CHAMPION: 5})
        for number in (5, 6, 7):
            twin = replace(self.models.numbered[MODEL, number], name=OTHER)
            self.models.numbered[OTHER, number] = twin
        own = self.endpoints.endpoints[SHARED]
        entities = (
            replace(own.entities[0], traffic_percentage=50),
            ServedEntity(name="rules-5", model=OTHER, version=5, traffic_percentage=50),
        )
        self.endpoints.endpoints[SHARED] = ServingEndpoint(name=SHARED, entities=entities)

    # What people do.

    def promote(
        self, model: ModelName, version: int, user: SlackUserId, breaths: int | None = None
    ) -> None:
        target, propose = Target(model=model, selector=version), self.bot.core.services.propose
        self.attempt(propose.promote(target, user, CHANNEL, "better"), breaths)

    def roll_back(self, model: ModelName, user: SlackUserId) -> None:
        ask = RollbackAsk(
            model=model, version=None, requester=user, channel=CHANNEL, reason="alarms"
        )
        self.attempt(self.bot.core.services.roll_back.roll_back(ask))

    def decide(
        self,
        request: ChangeRequest,
        revision: int,
        user: SlackUserId,
        how: str,
        breaths: int | None = None,
    ) -> None:
        key, services = self.do(self.bot.key(request.id, revision)), self.bot.core.services
        click, withdraw = Click(key=key, user=user, reason="because"), services.withdraw
        orders = {"cancel": withdraw.cancel, "undo": withdraw.undo, "resume": withdraw.resume}
        if how in orders:
            self.attempt(orders[how](click), breaths)
        else:
            self.attempt(services.decide.decide(click, DecisionKind(how)), breaths)

    def resolve(self, request: ChangeRequest, user: SlackUserId) -> None:
        self.attempt(self.bot.core.services.resolve.resolve(request.id, user, "as it is"))

    def expire(self) -> None:
        self.attempt(self.bot.core.expire.expire_due())

    # What is on record.

    async def requests(self) -> tuple[ChangeRequest, ...]:
        async with self.record.transaction() as work:
            found = await work.requests.find(RequestQuery(limit=1000))
        return tuple(reversed(found))

    async def trails(self) -> "Trails":
        async with self.record.transaction() as work:
            found = await work.requests.find(RequestQuery(limit=1000))
            return Trails(
                requests=tuple(reversed(found)),
                events=await work.audit.all(),
                decisions=tuple([await work.decisions.of(request.id) for request in found][::-1]),
                holders={resource: await work.claims.holder(resource) for resource in RESOURCES},
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trails:
    """All that is on record.

    Attributes:
        requests: In the order of filing.
        decisions: Those of each request, in the same order.
        holders: Who holds which resource.
    """

    requests: tuple[ChangeRequest, ...]
    events: tuple[ChainedEvent, ...]
    decisions: tuple[tuple[Decision, ...], ...]
    holders: Mapping[str, RequestId | None]

    def of(self, request: ChangeRequest) -> list[AuditEvent]:
        """Return what happened to a request itself, oldest first."""
        own = (chained.event for chained in self.events if chained.event.subject == request.label)
        return [event for event in own if event.action.startswith("change_request.")]


@cache
def _empty_record() -> Path:
    """Return a record in its present form, with nothing in it."""
    path = Path(tempfile.mkdtemp()) / "empty.db"

    async def make() -> None:
        await (await open_store(f"sqlite:///{path}", ShiftedClock())).close()

    asyncio.run(make())
    return path
