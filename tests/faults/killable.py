"""A Herald that kills itself at one point of one step, run in a child process on files."""

import asyncio
import os
import pickle
import signal
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.domain.agreement import DecisionKind
from bot.domain.change_request import ChangeRequest
from bot.domain.errors import BackEndRefusedError
from bot.domain.messages import Filed
from bot.domain.names import EndpointName
from bot.domain.steps import JournalEntry, StepState
from bot.domain.store import Journal, UnitOfWork
from bot.persistence.database import SqlStore, open_store
from bot.services.assess import Assessment, Assessor
from bot.services.execution import StepDone, StepWaits
from bot.services.opened_card import Click
from bot.services.perform import Perform
from bot.services.step import StepWork
from bot.services.targets import Target
from bot.wiring import Core
from tests.fakes.back_ends import FakeRegistry, FakeServing
from tests.fakes.world import (
    CHANNEL,
    LEAD,
    REQUESTER,
    Herald,
    ShiftedClock,
    endpoint,
    herald_on,
    registry,
)


class Point(StrEnum):
    """Where in a step the process dies."""

    BEFORE = "before"
    INSIDE_BEFORE_EFFECT = "inside, before the effect"
    INSIDE_AFTER_EFFECT = "inside, after the effect"
    AFTER = "after"


class Story(StrEnum):
    """What happens when nobody kills anything."""

    SUCCEEDS = "succeeds"
    IS_UNDONE = "is undone"


@dataclass(frozen=True)
class Kill:
    step: str
    point: Point


@dataclass(frozen=True)
class Files:
    """Where the world and the record are kept between two lives."""

    folder: Path

    @property
    def world(self) -> Path:
        return self.folder / "world.pickle"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/herald.db"


@dataclass
class FileWorld:
    registry: FakeRegistry
    serving: FakeServing


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _KillingJournal:
    """Dies before a step's intent is stored; remembers that a result was, to die after it."""

    def __init__(self, journal: Journal, store: "_KillingStore") -> None:
        self._journal = journal
        self._store = store

    async def put(self, entry: JournalEntry) -> None:
        kill = self._store.kill
        if entry.step == kill.step:
            if kill.point is Point.BEFORE and entry.state is StepState.STARTED:
                die()
            if kill.point is Point.AFTER and entry.state is not StepState.STARTED:
                self._store.dies_after_commit = True
        await self._journal.put(entry)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)


class _KillingWork:
    def __init__(self, work: UnitOfWork, store: "_KillingStore") -> None:
        self._work = work
        self.journal = _KillingJournal(work.journal, store)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._work, name)


class _KillingStore:
    """The real store, which lets the process die round a step's journal entries."""

    def __init__(self, store: SqlStore, kill: Kill) -> None:
        self._store = store
        self.kill = kill
        self.dies_after_commit = False

    def transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return self._transaction()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[UnitOfWork]:
        async with self._store.transaction() as work:
            yield _KillingWork(work, self)
        if self.dies_after_commit:
            die()


class _KillingPerform(Perform):
    kill: Kill

    async def perform(self, work: StepWork) -> StepDone | StepWaits:
        mine = work.step.name == self.kill.step
        if mine and self.kill.point is Point.INSIDE_BEFORE_EFFECT:
            die()
        result = await super().perform(work)
        if mine and self.kill.point is Point.INSIDE_AFTER_EFFECT:
            die()
        return result


class _KillingAssessor(Assessor):
    kill: Kill

    async def reassess(self, request: ChangeRequest) -> Assessment:
        mine = self.kill.step == "confirm"
        if mine and self.kill.point is Point.INSIDE_BEFORE_EFFECT:
            die()
        result = await super().reassess(request)
        if mine and self.kill.point is Point.INSIDE_AFTER_EFFECT:
            die()
        return result


def killing_core(kill: Kill) -> type[Core]:
    """Return a wiring in which two parts may die."""

    class KillingCore(Core):
        @cached_property
        def perform(self) -> Perform:
            perform = _KillingPerform(**_made(super().perform))
            perform.kill = kill
            return perform

        @cached_property
        def assessor(self) -> Assessor:
            assessor = _KillingAssessor(**_made(super().assessor))
            assessor.kill = kill
            return assessor

    return KillingCore


def _made(part: object) -> dict[str, Any]:
    """Return the constructor's arguments of a part: its fields without their underscore."""
    return {name.removeprefix("_"): value for name, value in vars(part).items()}


def new_world(files: Files) -> None:
    """Lay a fresh world on disk: two endpoints serve v6, v7 is asked for."""
    serving = FakeServing(
        endpoints={
            EndpointName("fraud-scorer"): endpoint(),
            EndpointName("fraud-second"): endpoint("fraud-second"),
        },
        slow_looks=1,
    )
    _save(files, FileWorld(registry(), serving))


def read_world(files: Files) -> FileWorld:
    """Return the world as the last life left it."""
    world: FileWorld = pickle.loads(files.world.read_bytes())  # noqa: S301 - the test's own file
    return world


def live(files: Files, story: Story, kill: Kill | None, ahead_s: int) -> None:
    """Run one life to the request's end; the first one files and approves it."""
    asyncio.run(_live(files, story, kill, ahead_s))


async def _live(files: Files, story: Story, kill: Kill | None, ahead_s: int) -> None:
    world = read_world(files)
    clock = ShiftedClock(timedelta(seconds=ahead_s))
    real = await open_store(files.url, clock)
    store = real if kill is None else _KillingStore(real, kill)
    core = Core if kill is None else killing_core(kill)
    bot = herald_on(store, clock, world.registry, world.serving, core)
    _keep_on_disk(world, files, story)
    if ahead_s == 0:
        await _ask(bot)
    await bot.execute()
    await real.close()


def _keep_on_disk(world: FileWorld, files: Files, story: Story) -> None:
    """Store the world after each write; in one story the tags are refused, so all is undone."""

    async def keep(call: str, subject: str) -> None:
        del subject
        if call.endswith(" done"):
            _save(files, world)
        if story is Story.IS_UNDONE and call == "set_tags":
            raise BackEndRefusedError("The registry", "tags are not allowed here")

    world.registry.before = world.serving.before = keep


def _save(files: Files, world: FileWorld) -> None:
    hooks = world.registry.before, world.serving.before
    world.registry.before = world.serving.before = None
    part = files.world.with_suffix(".part")
    part.write_bytes(pickle.dumps(world))
    part.rename(files.world)
    world.registry.before, world.serving.before = hooks


async def _ask(bot: Herald) -> None:
    target = Target(model="scorer", selector=7)
    filed = await bot.core.services.propose.promote(target, REQUESTER, CHANNEL, "better")
    assert isinstance(filed, Filed)
    click = Click(key=await bot.key(filed.request.id), user=LEAD)
    assert await bot.core.services.decide.decide(click, DecisionKind.APPROVE) is None
