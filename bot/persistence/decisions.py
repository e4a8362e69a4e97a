"""Decisions in the database."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.agreement import Decision, DecisionKind
from bot.domain.change_request import Evidence
from bot.domain.names import PersonKey, RequestId
from bot.persistence.dialect import insert
from bot.persistence.evidence_rows import evidence_of
from bot.persistence.tables import decisions as table


class SqlDecisions:
    """Implements ``Decisions``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def record(self, decision: Decision) -> None:
        """Store a decision in place of the same person's earlier one on that revision."""
        word = {
            "kind": decision.kind,
            "person_key": decision.person_key,
            "roles": decision.roles,
            "decided_at": decision.decided_at,
            "reason": decision.reason,
        }
        row = insert(self._connection, table).values(
            request_id=decision.request,
            evidence_revision=decision.evidence_revision,
            person=decision.person,
            **word,
        )
        key = list(table.primary_key.columns)
        await self._connection.execute(row.on_conflict_do_update(index_elements=key, set_=word))

    async def of(self, request: RequestId) -> tuple[Decision, ...]:
        """Return all decisions on a request, of every revision, oldest first."""
        query = select(table).where(table.c.request_id == request)
        rows = await self._connection.execute(query.order_by(table.c.decided_at, table.c.person))
        return tuple(map(_read, rows))

    async def evidence_of(self, request: RequestId) -> tuple[Evidence, ...]:
        """Return every revision of a request's evidence, oldest first."""
        return await evidence_of(self._connection, request)


def _read(row: Row[Any]) -> Decision:
    return Decision(
        request=row.request_id,
        evidence_revision=row.evidence_revision,
        person=row.person,
        kind=DecisionKind(row.kind),
        person_key=row.person_key and PersonKey(row.person_key),
        roles=row.roles,
        decided_at=row.decided_at,
        reason=row.reason,
    )
