"""Revisions of evidence, added once and never changed."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.change_request import Evidence
from bot.domain.names import RequestId
from bot.persistence.dialect import insert
from bot.persistence.tables import evidence as table


async def add_evidence(connection: AsyncConnection, request: RequestId, evidence: Evidence) -> None:
    """Add a revision; one that is stored already stays as it is."""
    row = insert(connection, table).values(
        request_id=request,
        revision=evidence.revision,
        plan=evidence.plan,
        verdict=evidence.verdict,
        content=evidence.content,
        content_hash=evidence.content_hash,
        collected_at=evidence.collected_at,
        differences=evidence.differences,
    )
    await connection.execute(row.on_conflict_do_nothing())


async def evidence_of(connection: AsyncConnection, request: RequestId) -> tuple[Evidence, ...]:
    """Return every revision of a request's evidence, oldest first."""
    query = select(table).where(table.c.request_id == request).order_by(table.c.revision)
    return tuple(map(read_evidence, await connection.execute(query)))


def read_evidence(row: Row[Any]) -> Evidence:
    """Return the evidence in a row that has the columns of its table."""
    return Evidence(
        revision=row.revision,
        plan=row.plan,
        verdict=row.verdict,
        content=row.content,
        content_hash=row.content_hash,
        collected_at=row.collected_at,
        differences=row.differences,
    )
