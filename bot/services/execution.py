"""What one execution may do and remember: its lease, its journal, its card."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.change_request import ChangeRequest, Transition
from bot.domain.ledger import LedgerEntry
from bot.domain.ports import Clock
from bot.domain.steps import JournalEntry, Step, StepState
from bot.domain.store import Claim, Store, UnitOfWork
from bot.services.filing import queue_card, store_transition

LEASE = timedelta(seconds=30)
"""Longer than any single outside call may take, so that a replica that lost its lease is not in
the middle of one for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone:
    """A step reached its goal.

    Attributes:
        output: What it found, as JSON text.
        ledger: Values that it wrote.
    """

    output: str = ""
    ledger: tuple[LedgerEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWaits:
    """The world is on its way; look again later.

    Attributes:
        until: When to look.
        detail: What it waits for, for people.
    """

    until: datetime
    detail: str


class Execution:
    """One replica's hold on one request: every write proves that the lease is still its own."""

    def __init__(self, claim: Claim, store: Store, clock: Clock) -> None:
        self.claim = claim
        self._store = store
        self._clock = clock

    async def guard(self) -> None:
        """Prove, just before an outside call, that nobody has taken over; lengthen the lease.

        Raises:
            LostLeaseError: Another replica executes the request now.
        """
        async with self._store.transaction() as work:
            await work.claims.renew(self.claim, LEASE)

    async def request(self) -> ChangeRequest:
        """Return the request as it is stored now."""
        async with self._store.transaction() as work:
            found = await work.requests.get(self.claim.request.id)
        return found or self.claim.request

    async def journal(self, request: ChangeRequest) -> dict[str, JournalEntry]:
        """Return the journal of this revision's execution, by step, in the order of starting."""
        async with self._store.transaction() as work:
            entries = await work.journal.of(request.id, request.evidence.revision)
        return {entry.step: entry for entry in entries}

    async def start(self, request: ChangeRequest, step: Step) -> JournalEntry:
        """Write down the intent; a step that was started before keeps its first start."""
        entry = JournalEntry(
            request=request.id,
            evidence_revision=request.evidence.revision,
            step=step.name,
            state=StepState.STARTED,
            started_at=self._clock.now(),
        )
        async with self._store.transaction() as work:
            await work.claims.renew(self.claim, LEASE)
            known = {e.step: e for e in await work.journal.of(request.id, entry.evidence_revision)}
            if step.name in known:
                return known[step.name]
            await work.journal.put(entry)
            await queue_card(work, request)
        return entry

    async def finish(self, request: ChangeRequest, entry: JournalEntry, done: StepDone) -> None:
        """Write down the result, with the values that it brought into the ledger."""
        finished = replace(
            entry, state=StepState.DONE, finished_at=self._clock.now(), output=done.output
        )
        async with self._store.transaction() as work:
            await work.claims.renew(self.claim, LEASE)
            await work.journal.put(finished)
            for value in done.ledger:
                await work.ledger.append(value)
            await queue_card(work, request)

    async def fail(self, entry: JournalEntry, reason: str, moved: Transition | None) -> None:
        """Write down why a step cannot reach its goal, and what follows for the request."""
        failed = replace(entry, state=StepState.FAILED, finished_at=self._clock.now(), error=reason)
        async with self._store.transaction() as work:
            await work.claims.renew(self.claim, LEASE)
            await work.journal.put(failed)
            if moved is not None:
                await store_transition(work, moved)

    async def move(self, moved: Transition, entry: JournalEntry | None = None) -> ChangeRequest:
        """Store a new state, together with the end of the step that led to it."""
        async with self._store.transaction() as work:
            await work.claims.renew(self.claim, LEASE)
            if entry is not None:
                done = replace(entry, state=StepState.DONE, finished_at=self._clock.now())
                await work.journal.put(done)
            return await store_transition(work, moved)

    async def put(self, request: ChangeRequest) -> ChangeRequest:
        """Store a change of a request that is no decision: a wait, or its end."""
        async with self._store.transaction() as work:
            await work.claims.renew(self.claim, LEASE)
            await self._store_plain(work, request)
        return replace(request, row_version=request.row_version + 1)

    async def release(self) -> None:
        """Give the lease back."""
        async with self._store.transaction() as work:
            await work.claims.release(self.claim)

    @staticmethod
    async def _store_plain(work: UnitOfWork, request: ChangeRequest) -> None:
        await work.requests.store(request)
        await queue_card(work, request)
