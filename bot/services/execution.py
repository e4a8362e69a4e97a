"""What one execution may do and remember: its lease, its journal, its card."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.change_request import ChangeRequest, Transition
from bot.domain.errors import StaleWriteError
from bot.domain.ledger import LedgerEntry
from bot.domain.policy import ChangeKind
from bot.domain.ports import Clock
from bot.domain.steps import JournalEntry, Step, StepState
from bot.domain.store import Claim, Store, UnitOfWork
from bot.services.filing import queue_card, queue_reply, store_transition

LEASE = timedelta(seconds=30)
"""Longer than any single outside call may take, so that a replica that lost its lease is not in
the middle of one for long."""
FRESH = timedelta(seconds=2)
"""Age up to which a lengthened lease needs no further proof; short beside the lease."""


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
        is_trouble: Whether that is an outage, not work that is being done.
    """

    until: datetime
    detail: str
    is_trouble: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A request in execution, and what the journal says of this revision's execution.

    Attributes:
        journal: By step, in the order of starting.
    """

    request: ChangeRequest
    journal: Mapping[str, JournalEntry]


class Execution:
    """One replica's hold on one request: every write proves that the lease is still its own.

    Whoever holds the lease is the only one to write the journal, so it is read once. Whether a
    person has changed the request meanwhile (ordered its undo) shows each time the lease is
    lengthened: no step starts then before the request is read again.
    """

    def __init__(self, claim: Claim, store: Store, clock: Clock) -> None:
        self.claim = claim
        self._store = store
        self._clock = clock
        self._held: Held | None = _held(claim.request, claim.journal)
        self._renewed_at: datetime | None = None

    async def guard(self) -> None:
        """Prove, just before an outside call, that nobody has taken over; lengthen the lease.

        A lease that was lengthened a moment ago cannot have been taken over yet.

        Raises:
            LostLeaseError: Another replica executes the request now.
            StaleWriteError: Somebody changed the request.
        """
        if self._renewed_at is None or not self._is_fresh(self._renewed_at):
            async with self._own() as (_, row_version):
                self._require(row_version)

    async def held(self) -> Held:
        """Return the request and its journal as they stand now."""
        if self._held is None:
            async with self._store.transaction() as work:
                request = await work.requests.get(self.claim.request.id) or self.claim.request
                entries = await work.journal.of(request.id, request.evidence.revision)
            self._held = _held(request, entries)
        return self._held

    def forget(self) -> None:
        """Read everything again: somebody else changed the request."""
        self._held = None

    async def start(self, held: Held, step: Step) -> JournalEntry:
        """Write down the intent; a step that was started before keeps its first start.

        Raises:
            StaleWriteError: Somebody changed the request; nothing is written.
        """
        if step.name in held.journal:
            return held.journal[step.name]
        entry = JournalEntry(
            request=held.request.id,
            evidence_revision=held.request.evidence.revision,
            step=step.name,
            state=StepState.STARTED,
            started_at=self._clock.now(),
        )
        async with self._own() as (work, row_version):
            self._require(row_version)
            await work.journal.put(entry)
            await queue_card(work, held.request)
        self._keep(held.request, entry)
        return entry

    async def finish(self, request: ChangeRequest, entry: JournalEntry, done: StepDone) -> None:
        """Write down the result, with the values that it brought into the ledger."""
        finished = replace(_ended(entry, self._clock.now()), output=done.output)
        async with self._own() as (work, row_version):
            await work.journal.put(finished)
            for value in done.ledger:
                await work.ledger.append(value)
            await queue_card(work, request)
        self._keep(request, finished)
        self._check(row_version)

    async def fail(
        self, request: ChangeRequest, entry: JournalEntry, reason: str, moved: Transition | None
    ) -> None:
        """Write down why a step cannot reach its goal, and what follows for the request."""
        failed = replace(entry, state=StepState.FAILED, finished_at=self._clock.now(), error=reason)
        async with self._own() as (work, row_version):
            await work.journal.put(failed)
            if moved is not None:
                request = await store_transition(work, moved)
        self._keep(request, failed)
        if moved is None:
            self._check(row_version)

    async def begin(self, request: ChangeRequest, entry: JournalEntry) -> bool:
        """Let writing start, unless somebody has frozen the model by now; tell whether it may.

        Whoever freezes is told which requests wait: so the two never cross.
        """
        async with self._own() as (work, _):
            if await self._is_frozen(work, request):
                return False
            stored, done = await self._store_move(work, request.begin(self._clock.now()), entry)
        self._keep(stored, done)
        return True

    async def _is_frozen(self, work: UnitOfWork, request: ChangeRequest) -> bool:
        if request.kind is ChangeKind.ROLL_BACK:
            return False
        await work.freezes.hold()
        in_force = await work.freezes.in_force(self._clock.now())
        return any(freeze.covers(request.model) for freeze in in_force)

    async def move(self, moved: Transition, entry: JournalEntry | None = None) -> None:
        """Store a new state, together with the end of the step that led to it."""
        async with self._own() as (work, _):
            stored, done = await self._store_move(work, moved, entry)
        self._keep(stored, done)

    async def _store_move(
        self, work: UnitOfWork, moved: Transition, entry: JournalEntry | None
    ) -> tuple[ChangeRequest, JournalEntry | None]:
        if entry is not None:
            entry = _ended(entry, self._clock.now())
            await work.journal.put(entry)
        return await store_transition(work, moved), entry

    async def put(self, request: ChangeRequest) -> None:
        """Store a change of a request that is no decision: a wait, or its end."""
        async with self._own() as (work, _):
            await work.requests.store(request)
            await queue_card(work, request)
        self._keep(replace(request, row_version=request.row_version + 1))

    async def hold_up(self, request: ChangeRequest, entry: JournalEntry, waits: StepWaits) -> None:
        """Store that an undo step waits, and for what; an outage is told in the thread once.

        The request's note stays what it was: why everything is taken back.
        """
        held_up = replace(entry, error=waits.detail)
        async with self._own() as (work, _):
            await work.requests.store(request)
            await work.journal.put(held_up)
            if waits.is_trouble:
                told = f"Not everything is taken back yet ({entry.step}): {waits.detail}"
                await queue_reply(work, request, f"held-up:{entry.step}", told)
            await queue_card(work, request)
        self._keep(replace(request, row_version=request.row_version + 1), held_up)

    async def release(self) -> None:
        """Give the lease back."""
        async with self._store.transaction() as work:
            await work.claims.release(self.claim)

    @asynccontextmanager
    async def _own(self) -> AsyncIterator[tuple[UnitOfWork, int]]:
        """Open a transaction that fails when the lease is lost, and lengthens it otherwise.

        With it comes the row version that the request had when the transaction began.
        """
        asked_at = self._clock.now()
        async with self._store.transaction() as work:
            yield work, await work.claims.renew(self.claim, LEASE)
        self._renewed_at = asked_at

    def _require(self, row_version: int) -> None:
        if self._held and self._held.request.row_version != row_version:
            raise StaleWriteError(self.claim.request.label)

    def _check(self, row_version: int) -> None:
        if self._held and self._held.request.row_version != row_version:
            self.forget()

    def _is_fresh(self, renewed_at: datetime) -> bool:
        return timedelta(0) <= self._clock.now() - renewed_at < FRESH

    def _keep(self, request: ChangeRequest, entry: JournalEntry | None = None) -> None:
        journal = dict(self._held.journal) if self._held else {}
        if entry is not None:
            journal[entry.step] = entry
        self._held = Held(request=request, journal=journal)


def _ended(entry: JournalEntry, at: datetime) -> JournalEntry:
    return replace(entry, state=StepState.DONE, finished_at=at, error="")


def _held(request: ChangeRequest, entries: Iterable[JournalEntry]) -> Held:
    return Held(request=request, journal={entry.step: entry for entry in entries})
