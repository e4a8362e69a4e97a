"""What a process may die at, and others get their turn at: outside calls and transactions."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.agreement import Decision
from bot.domain.change_request import ChangeRequest
from bot.domain.errors import BackEndUnavailableError
from bot.domain.outbox import TO_PEOPLE, OutboxEntry
from bot.domain.ports import Clock
from bot.domain.store import Store, UnitOfWork
from bot.persistence.outbox import SqlOutbox
from bot.persistence.unit_of_work import SqlUnitOfWork


class Killed(asyncio.CancelledError):
    """The process ended here; nothing catches it."""


class Fate:
    """Counts a process's breaths.

    Attributes:
        last_call: The outside call at which it dies; empty for none.
    """

    def __init__(self) -> None:
        self.left: int | None = None
        self.is_down = False
        self.last_call = ""
        self._turns = 0
        self._other: Callable[[], Awaitable[None]] | None = None

    def let(self, other: Callable[[], Awaitable[None]] | None, turns: int = 0) -> None:
        """Let somebody else do something after some turns, in the middle of what comes next."""
        self._other, self._turns = other, turns

    async def turn(self) -> None:
        """Whoever waits for something outside, or for the record, lets others go on."""
        self._turns -= 1
        if self._other is not None and self._turns < 0:
            other, self._other = self._other, None
            await other()

    def breathe(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed

    async def outside(self, call: str, subject: str) -> None:
        del subject
        await self.turn()
        if call == self.last_call:
            self.last_call, self.left = "", 0
        self.breathe()
        if self.is_down and not call.endswith("done"):
            raise BackEndUnavailableError("The registry", "no answer within 10 s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to a person, and what was on record of its request when it was queued."""

    at: datetime
    entry: OutboxEntry
    request: ChangeRequest
    decisions: Collection[Decision]


class HeardOutbox(SqlOutbox):
    """An outbox that notes what people are to be told."""

    def __init__(self, work: SqlUnitOfWork, clock: Clock, heard: list[Message]) -> None:
        super().__init__(work.outbox._connection, clock)
        self._work = work
        self._heard = heard

    async def queue(self, entry: OutboxEntry) -> None:
        await super().queue(entry)
        if entry.kind in TO_PEOPLE:
            request = await self._work.requests.get(entry.request)
            assert request is not None
            decisions = await self._work.decisions.of(entry.request)
            at = self._clock.now()
            said = Message(at=at, entry=entry, request=request, decisions=decisions)
            self._heard.append(said)


class MortalStore:
    """A record that outlives the process that writes it."""

    def __init__(self, record: Store, fate: Fate, clock: Clock, heard: list[list[Message]]) -> None:
        self._record = record
        self._fate = fate
        self._clock = clock
        self._heard = heard

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[UnitOfWork]:
        await self._fate.turn()
        async with self._record.transaction() as work:
            assert isinstance(work, SqlUnitOfWork)
            heard: list[Message] = []
            yield replace(work, outbox=HeardOutbox(work, self._clock, heard))
            self._fate.breathe()
        self._heard.append(heard)
        self._fate.breathe()
