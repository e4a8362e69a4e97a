"""Leases on requests, with the locks that an execution needs."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.audit import AuditLog
from bot.domain.change_request import RUNNABLE, ChangeRequest, RequestState
from bot.domain.errors import LostLeaseError
from bot.domain.names import RequestId, request_label
from bot.domain.outbox import Outbox, OutboxEntry, OutboxKind
from bot.domain.ports import Clock
from bot.domain.store import Claim, Journal, Requests
from bot.persistence.dialect import lease_now
from bot.persistence.resource_locks import Held, free_locks, holder_of, take_locks
from bot.persistence.tables import change_requests as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What a claim reads and writes besides the lease."""

    requests: Requests
    audit: AuditLog
    outbox: Outbox
    journal: Journal


class SqlClaims:
    """Implements ``Claims``."""

    def __init__(self, connection: AsyncConnection, clock: Clock, records: Records) -> None:
        self._connection = connection
        self._clock = clock
        self._records = records

    async def claim(self, owner: str, lease: timedelta) -> Claim | None:
        """Claim the oldest request that can go on; those behind a lock are passed over."""
        moment = await lease_now(self._connection, self._clock)
        passed = RequestId(0)
        while request := await self._candidate(passed, moment):
            held = await take_locks(self._connection, request.id, request.evidence.plan.resources)
            if held is None:
                fence = await self._lease(request.id, owner, moment + lease)
                return Claim(
                    request=await self._taken_up(request),
                    owner=owner,
                    fence=fence,
                    journal=await self._records.journal.of(request.id, request.evidence.revision),
                )
            await self._pass_over(request, held)
            passed = request.id
        return None

    async def renew(self, claim: Claim, lease: timedelta) -> int:
        """Lengthen a lease and return the request's row version.

        Raises:
            LostLeaseError: The fence has risen.
        """
        moment = await lease_now(self._connection, self._clock)
        row_version = await self._update_own(claim, {"lease_until": moment + lease})
        if row_version is None:
            raise LostLeaseError(claim.request.label)
        return row_version

    async def pause(self) -> timedelta | None:
        """Return how long until a wait or a lease ends, None when no request waits for a time."""
        now, moment = self._clock.now(), await lease_now(self._connection, self._clock)
        woken = await self._first(table.c.wake_at, now)
        freed = await self._first(table.c.lease_until, moment)
        pauses = [*([woken - now] if woken else []), *([freed - moment] if freed else [])]
        return min(pauses, default=None)

    async def release(self, claim: Claim) -> None:
        """Give the lease back; nothing happens when another replica has taken over."""
        if await self._update_own(claim, {"lease_owner": None, "lease_until": None}) is None:
            return
        stored = await self._records.requests.get(claim.request.id)
        if stored is None or not stored.holds_locks:
            await self.free(claim.request.id)

    async def holder(self, resource: str) -> RequestId | None:
        """Return the request that holds a resource, or None."""
        return await holder_of(self._connection, resource)

    async def free(self, request: RequestId) -> None:
        """Give back all locks of a request."""
        await free_locks(self._connection, request)

    async def _first(self, column: Column[datetime], after: datetime) -> datetime | None:
        query = select(func.min(column)).where(table.c.state.in_(RUNNABLE), column > after)
        first: datetime | None = await self._connection.scalar(query)
        return first

    async def _candidate(self, passed: RequestId, moment: datetime) -> ChangeRequest | None:
        query = (
            select(table.c.id)
            .where(table.c.id > passed, table.c.state.in_(RUNNABLE))
            .where(_is_over(table.c.wake_at, self._clock.now()))
            .where(_is_over(table.c.lease_until, moment))
            .order_by(table.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        found = await self._connection.scalar(query)
        return await self._records.requests.get(found) if found else None

    async def _lease(self, request: RequestId, owner: str, until: datetime) -> int:
        statement = (
            update(table)
            .where(table.c.id == request)
            .values(lease_owner=owner, lease_until=until, fence=table.c.fence + 1)
            .returning(table.c.fence)
        )
        fence: int = (await self._connection.execute(statement)).scalar_one()
        return fence

    async def _update_own(self, claim: Claim, values: dict[str, object]) -> int | None:
        statement = (
            update(table)
            .where(table.c.id == claim.request.id, table.c.fence == claim.fence)
            .where(table.c.lease_owner == claim.owner)
            .values(values)
            .returning(table.c.row_version)
        )
        row_version: int | None = (await self._connection.execute(statement)).scalar()
        return row_version

    async def _pass_over(self, request: ChangeRequest, held: Held) -> None:
        """Let a request that has not begun say whom it waits for; write only what is new."""
        note = f"{request_label(held.by)} holds {held.resource.replace(':', ' ', 1)}"
        may_wait = request.state in {RequestState.APPROVED, RequestState.QUEUED}
        if not may_wait or request.note == note:
            return
        await self._queued(replace(request, wake_at=None), note)
        card = OutboxEntry(key=f"card:{request.id}", kind=OutboxKind.CARD, request=request.id)
        await self._records.outbox.queue(card)

    async def _taken_up(self, request: ChangeRequest) -> ChangeRequest:
        """Queue what was approved; what waited for a lock, not for a time, says so no longer."""
        waited = request.state is RequestState.QUEUED and request.wake_at is None
        return await self._queued(request, "" if waited else request.note)

    async def _queued(self, request: ChangeRequest, note: str) -> ChangeRequest:
        """Store that a request is queued, with this note; return it as it is stored now."""
        changed = replace(request, note=note)
        if request.state is RequestState.APPROVED:
            transition = changed.queue(self._clock.now())
            await self._records.audit.append(transition.event)
            changed = transition.request
        if changed == request:
            return request
        await self._records.requests.store(changed)
        return replace(changed, row_version=changed.row_version + 1)


def _is_over(column: ColumnElement[datetime], moment: datetime) -> ColumnElement[bool]:
    return or_(column.is_(None), column <= moment)
