"""A Herald whose process may die at any breath, whose world moves, and which starts again."""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.change_request import ChangeRequest, Evidence
from bot.domain.errors import HeraldError
from bot.domain.names import ModelName, RequestId
from bot.domain.registry import ModelVersion, RegisteredModel
from bot.domain.serving import EndpointUpdate, ServedEntity, ServingEndpoint
from bot.persistence.database import SqlStore, open_store
from bot.services.dispatch import NEXT_CLAIM
from bot.services.execution import LEASE
from tests.fakes.people import FakeNotifier
from tests.fakes.world import (
    CHAMPION,
    CHANNEL,
    MODEL,
    Herald,
    herald_on,
    registry,
    serving,
)
from tests.properties.accounts import Account, accounts
from tests.properties.history import History
from tests.properties.mortal import Fate, Message, MortalStore
from tests.properties.regimes import Regime, policies_of
from tests.properties.seen import SeenRegistry, SeenServing, TickingClock, Write
from tests.properties.shutter import Shutter
from tests.properties.trails import EVERYTHING, FRESH, OTHER, SHARED, Trails, trails

T = TypeVar("T")

DEAD_LEASE = LEASE + timedelta(seconds=1)


class Life:
    """One world with its record, and the Herald that works in it at the moment.

    Attributes:
        risks: What the tag of each version says, over time.
        heard: What people were to be told, by transaction.
        proposing_since: When Herald first looked for challengers under policies that propose them,
            without a look under others since; None when it does not.
    """

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._folder = Path(tempfile.mkdtemp())
        self.clock = TickingClock()
        self.fate = Fate()
        self.writes: list[Write] = []
        self.models = SeenRegistry(**vars(registry()), clock=self.clock, seen=self.writes)
        self.endpoints = SeenServing(**vars(serving()), clock=self.clock, seen=self.writes)
        self._add_others()
        self._gone: dict[tuple[ModelName, int], ModelVersion] = {}
        self._gone_models: dict[ModelName, RegisteredModel] = {}
        self.chat = FakeNotifier()
        self.shutter = Shutter(self.clock)
        self.regimes = History(self.clock, Regime())
        self.accounts = History(self.clock, accounts())
        self.risks: dict[tuple[ModelName, int], History[str]] = {
            key: History(self.clock, "") for key in self.models.numbered
        }
        self.heard: list[list[Message]] = []
        self.proposing_since: datetime | None = None
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
        store = MortalStore(self.record, self.fate, self.clock, self.heard)
        self.bot: Herald = herald_on(store, self.clock, self.models, self.endpoints)
        vars(self.bot.notifier).update(vars(self.chat))
        self._let_know()

    def mend(self) -> None:
        """Start again in a world without trouble."""
        self.fate.is_down = False
        self.endpoints.failing, self.endpoints.slow_looks = {}, 0
        self.endpoints._looks.clear()
        self.accounts.put(accounts())
        self.regimes.put(Regime())
        self.clock.ahead += DEAD_LEASE
        self.start()

    def enact(self, regime: Regime, exempt_for: timedelta | None = None) -> None:
        """Let other policies come into force, with an exemption for some time."""
        until = regime.exempt_until if exempt_for is None else self.clock.now() + exempt_for
        self.regimes.put(replace(regime, exempt_until=until))
        self._let_know()

    def become(self, account: Account) -> None:
        """Let an account be another than it was."""
        self.accounts.put({**self.accounts.now, account.id: account})
        self._let_know()

    def tag(self, model: ModelName, version: int, risk: str) -> None:
        """Let somebody say how risky a version is."""
        known = self.models.numbered.get((model, version))
        if known is None:
            return
        self.models.numbered[model, version] = replace(known, tags={**known.tags, "risk": risk})
        self.risks[model, version].put(risk)

    def delete(self, model: ModelName, version: int | None) -> None:
        """Let a version be gone with its aliases, or the whole model."""
        known = self.models.known.get(model)
        if known is None:
            return
        for number in (5, 6, 7, 8) if version is None else (version,):
            gone = self.models.numbered.pop((model, number), None)
            self._gone.update({(model, number): gone} if gone else {})
        for alias, number in known.aliases.items():
            if number == version:
                self.models.move(model, alias, None)
        if version is None:
            self._gone_models[model] = self.models.known.pop(model)

    def restore(self) -> None:
        """Let what was deleted be there again."""
        self.models.known |= self._gone_models
        self.models.numbered |= self._gone
        self._gone_models, self._gone = {}, {}

    def serve_elsewise(self, version: int) -> None:
        """Let somebody serve another version of the first model, past Herald."""
        endpoint = self.endpoints.endpoints[SHARED]
        others = (each for each in endpoint.entities if each.model != MODEL)
        own = ServedEntity(name="other", model=MODEL, version=version, traffic_percentage=50)
        self.endpoints.endpoints[SHARED] = replace(
            endpoint, entities=(own, *others), update=EndpointUpdate.SETTLED, pending=()
        )

    def _let_know(self) -> None:
        people = self.accounts.now
        self.bot.policies.policies = policies_of(self.regimes.now, self.shutter)
        self.bot.directory.people = {user: each.person() for user, each in people.items()}
        leads = frozenset(user for user, each in people.items() if each.is_lead)
        self.bot.directory.groups["ml-leads"] = leads

    def attempt(self, coroutine: Coroutine[Any, Any, T], breaths: int | None = None) -> T | None:
        """Do something that may end in an error, or in death; then start again."""
        self.fate.left = breaths
        try:
            return self.do(coroutine)
        except HeraldError:
            return None
        except asyncio.CancelledError:
            self.rise()
            return None
        finally:
            self.fate.left = None

    def rise(self) -> None:
        """Start again after a death, when the lease of the dead has run out."""
        self.clock.ahead += DEAD_LEASE
        self.start()

    def propose(self, breaths: int | None = None) -> None:
        """Let policies propose; a look that ends before its time may have seen all or nothing."""
        began, proposes = self.clock.now(), self.regimes.now.per_day > 0
        filed = self.attempt(self.bot.core.auto_propose.look(CHANNEL), breaths)
        if proposes:
            self.proposing_since = self.proposing_since or began
        elif filed is not None:
            self.proposing_since = None

    def execute(self, breaths: int | None = None) -> None:
        """Carry on what can be carried on, one request at a time; die after some breaths."""
        self.fate.left = breaths
        while self.do(self._one()):
            if self.fate.left is not None and self.fate.left < 0:
                self.rise()
        self.fate.left = None

    def die_after(self, breaths: int) -> None:
        """Carry on for some breaths; what was begun then waits for somebody to go on."""
        self.fate.left = breaths
        while self.do(self._one()) and self.fate.left >= 0:
            pass
        self.rise()

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

    def _add_others(self) -> None:
        """Let a second model share the endpoint, and a third wait for its first release."""
        self.models.known[OTHER] = RegisteredModel(name=OTHER, aliases={CHAMPION: 5})
        self.models.known[FRESH] = RegisteredModel(name=FRESH)
        for number, name in product((5, 6, 7, 8), (OTHER, FRESH)):
            twin = replace(self.models.numbered[MODEL, number], name=name)
            self.models.numbered[name, number] = twin
        own = self.endpoints.endpoints[SHARED]
        entities = (
            replace(own.entities[0], traffic_percentage=50),
            ServedEntity(name="rules-5", model=OTHER, version=5, traffic_percentage=50),
        )
        self.endpoints.endpoints[SHARED] = ServingEndpoint(name=SHARED, entities=entities)

    async def send(self) -> None:
        """Bring out cards, then what single people are told."""
        await self.bot.core.deliver.deliver_due()
        await self.bot.core.reach.reach_due()

    async def unsent(self) -> int:
        """Return how many messages wait."""
        async with self.record.transaction() as work:
            return await work.outbox.count()

    async def requests(self) -> tuple[ChangeRequest, ...]:
        async with self.record.transaction() as work:
            return (await work.requests.find(EVERYTHING))[::-1]

    async def evidence(self, request: RequestId) -> tuple[Evidence, ...]:
        async with self.record.transaction() as work:
            return await work.decisions.evidence_of(request)

    async def trails(self) -> Trails:
        return await trails(self.record, self.clock.now())


@cache
def _empty_record() -> Path:
    """Return a record in its present form, with nothing in it."""
    path = Path(tempfile.mkdtemp()) / "empty.db"

    async def make() -> None:
        await (await open_store(f"sqlite:///{path}", TickingClock())).close()

    asyncio.run(make())
    return path
