"""Change requests in the database."""

from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.change_request import RUNNABLE, ChangeRequest, RequestState
from bot.domain.errors import StaleWriteError
from bot.domain.health import Waiting
from bot.domain.names import RequestId
from bot.domain.policy import ChangeKind
from bot.domain.store import RequestQuery
from bot.persistence.dialect import insert, take_turns
from bot.persistence.evidence_rows import add_evidence, read_evidence
from bot.persistence.resource_locks import free_locks
from bot.persistence.tables import change_requests as table
from bot.persistence.tables import evidence


class SqlRequests:
    """Implements ``Requests``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def next_id(self) -> RequestId:
        """Return the number after the highest one."""
        await take_turns(self._connection, "change_requests")
        highest = await self._connection.scalar(select(func.max(table.c.id)))
        return RequestId((highest or 0) + 1)

    async def add(self, request: ChangeRequest) -> None:
        """Store a new request; ``StaleWriteError`` when its alias is taken by an open one."""
        row = insert(self._connection, table).values(
            **_columns(request), row_version=request.row_version
        )
        try:
            await self._connection.execute(row)
        except IntegrityError as error:
            raise _alias_is_taken(request) from error
        await add_evidence(self._connection, request.id, request.evidence)

    async def get(self, request: RequestId) -> ChangeRequest | None:
        """Return a request, or None."""
        found = await self._connection.execute(_with_evidence().where(table.c.id == request))
        row = found.first()
        return _read(row) if row else None

    async def get_to_change(self, request: RequestId) -> ChangeRequest | None:
        """Return a request, or None; others who ask for it so wait until this transaction ends."""
        await take_turns(self._connection, f"request {request}")
        return await self.get(request)

    async def store(self, request: ChangeRequest) -> None:
        """Store a changed request; locks that it can no longer need go with its old state.

        So a replica that dies between closing a request and giving its lease back leaves nothing
        locked behind.
        """
        await self._update(request)
        await add_evidence(self._connection, request.id, request.evidence)
        if not request.holds_locks and request.state not in RUNNABLE:
            await free_locks(self._connection, request.id)

    async def find(self, query: RequestQuery) -> tuple[ChangeRequest, ...]:
        """Return matching requests, newest first unless the query says otherwise."""
        order = table.c.id.desc() if query.after is None else table.c.id
        statement = _with_evidence().where(*_conditions(query)).order_by(order)
        return tuple(map(_read, await self._connection.execute(statement.limit(query.limit))))

    async def count(self) -> dict[RequestState, int]:
        """Return how many requests there are in each state that has any."""
        query = select(table.c.state, func.count()).group_by(table.c.state)
        found = await self._connection.execute(query)
        return {RequestState(state): total for state, total in found}

    async def waiting(self) -> Waiting:
        """Return how many requests wait for approval, and since when."""
        query = select(func.count(), func.min(table.c.created_at)).where(
            table.c.state == RequestState.PENDING
        )
        total, oldest = (await self._connection.execute(query)).one()
        return Waiting(total=total, oldest=oldest)

    async def _update(self, request: ChangeRequest) -> None:
        statement = (
            update(table)
            .where(table.c.id == request.id, table.c.row_version == request.row_version)
            .values(**_columns(request), row_version=request.row_version + 1)
            .returning(table.c.id)
        )
        try:
            changed = (await self._connection.execute(statement)).first()
        except IntegrityError as error:
            raise _alias_is_taken(request) from error
        if changed is None:
            raise StaleWriteError(request.label)


def _alias_is_taken(request: ChangeRequest) -> StaleWriteError:
    return StaleWriteError(f"{request.model} {request.alias}")


def _with_evidence() -> Select[Any]:
    of_request = evidence.c.request_id == table.c.id
    is_present = evidence.c.revision == table.c.evidence_revision
    return select(table, evidence).join(evidence, of_request & is_present)


def _conditions(query: RequestQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.states is not None:
        conditions.append(table.c.state.in_(query.states))
    if query.model is not None:
        conditions.append(table.c.model == query.model)
    if query.version is not None:
        conditions.append(table.c.version == query.version)
    if query.alias is not None:
        conditions.append(table.c.alias == query.alias)
    if query.requester is not None:
        conditions.append(table.c.requester == query.requester)
    if query.expires_before is not None:
        conditions.append(table.c.expires_at <= query.expires_before)
    if query.after is not None:
        conditions.append(table.c.id > query.after)
    return conditions


def _columns(request: ChangeRequest) -> dict[str, object]:
    return {
        "id": request.id,
        "kind": request.kind,
        "model": request.model,
        "alias": request.alias,
        "version": request.version,
        "requester": request.requester,
        "requester_key": request.requester_key,
        "reason": request.reason,
        "channel": request.channel,
        "state": request.state,
        "evidence_revision": request.evidence.revision,
        "created_at": request.created_at,
        "expires_at": request.expires_at,
        "began_at": request.began_at,
        "closed_at": request.closed_at,
        "note": request.note,
        "standing": request.standing,
        "wake_at": request.wake_at,
        "resolution": request.resolution,
    }


def _read(row: Row[Any]) -> ChangeRequest:
    return ChangeRequest(
        id=row.id,
        kind=ChangeKind(row.kind),
        model=row.model,
        alias=row.alias,
        version=row.version,
        requester=row.requester,
        requester_key=row.requester_key,
        reason=row.reason,
        channel=row.channel,
        state=RequestState(row.state),
        evidence=read_evidence(row),
        created_at=row.created_at,
        expires_at=row.expires_at,
        began_at=row.began_at,
        closed_at=row.closed_at,
        note=row.note,
        standing=row.standing,
        wake_at=row.wake_at,
        resolution=row.resolution,
        row_version=row.row_version,
    )
