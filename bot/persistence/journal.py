"""The journal of steps in the database."""

from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.names import RequestId
from bot.domain.steps import JournalEntry, StepState
from bot.persistence.dialect import insert
from bot.persistence.tables import journal as table


class SqlJournal:
    """Implements ``Journal``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, entry: JournalEntry) -> None:
        """Store an entry; it keeps the place that its step got when it started."""
        found = {
            "state": entry.state,
            "started_at": entry.started_at,
            "finished_at": entry.finished_at,
            "output": entry.output,
            "error": entry.error,
        }
        row = insert(self._connection, table).values(
            request_id=entry.request,
            evidence_revision=entry.evidence_revision,
            step=entry.step,
            position=_next_position(entry.request),
            **found,
        )
        key = list(table.primary_key.columns)
        await self._connection.execute(row.on_conflict_do_update(index_elements=key, set_=found))

    async def of(self, request: RequestId, revision: int) -> tuple[JournalEntry, ...]:
        """Return the entries of one execution in the order in which steps started."""
        query = select(table).where(
            table.c.request_id == request, table.c.evidence_revision == revision
        )
        return tuple(map(_read, await self._connection.execute(query.order_by(table.c.position))))


def _next_position(request: RequestId) -> Any:
    taken = table.alias()
    highest = select(func.coalesce(func.max(taken.c.position), 0) + 1)
    return highest.where(taken.c.request_id == request).scalar_subquery()


def _read(row: Row[Any]) -> JournalEntry:
    return JournalEntry(
        request=row.request_id,
        evidence_revision=row.evidence_revision,
        step=row.step,
        state=StepState(row.state),
        started_at=row.started_at,
        finished_at=row.finished_at,
        output=row.output,
        error=row.error,
    )
