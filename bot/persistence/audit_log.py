"""The audit log in the database: one event at a time, each chained to the one before."""

import json
from dataclasses import replace
from datetime import UTC
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.audit import GENESIS, AuditEvent, ChainedEvent, chain_hash
from bot.domain.canonical import canonical_json
from bot.persistence.dialect import insert, take_turns
from bot.persistence.tables import audit_log as table


class SqlAuditLog:
    """Implements ``AuditLog``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def append(self, event: AuditEvent) -> ChainedEvent:
        """Add an event at the head of the chain, as it will be read back."""
        await take_turns(self._connection, "audit_log")
        last = await self._last()
        number, previous = (last.number + 1, last.hash) if last else (1, GENESIS)
        plain = _as_read_back(event)
        chained = ChainedEvent(
            number=number,
            event=plain,
            previous_hash=previous,
            hash=chain_hash(previous, number, plain),
        )
        await self._connection.execute(insert(self._connection, table).values(_columns(chained)))
        return chained

    async def head(self) -> str:
        """Return the hash of the last event, or the genesis hash."""
        last = await self._last()
        return last.hash if last else GENESIS

    async def of(self, subject: str) -> tuple[ChainedEvent, ...]:
        """Return the events about one subject, oldest first."""
        query = select(table).where(table.c.subject == subject).order_by(table.c.number)
        return tuple(map(_read, await self._connection.execute(query)))

    async def all(self) -> tuple[ChainedEvent, ...]:
        """Return the whole log, oldest first."""
        query = select(table).order_by(table.c.number)
        return tuple(map(_read, await self._connection.execute(query)))

    async def _last(self) -> Row[Any, Any] | None:
        query = select(table.c.number, table.c.hash).order_by(table.c.number.desc()).limit(1)
        return (await self._connection.execute(query)).first()


def _as_read_back(event: AuditEvent) -> AuditEvent:
    """Return the event in the form that is hashed: UTC, and details as plain JSON values."""
    details = json.loads(canonical_json(event.details))
    return replace(event, at=event.at.astimezone(UTC), details=details)


def _columns(chained: ChainedEvent) -> dict[str, object]:
    return {
        "number": chained.number,
        "at": chained.event.at,
        "actor": chained.event.actor,
        "action": chained.event.action,
        "subject": chained.event.subject,
        "details": chained.event.details,
        "previous_hash": chained.previous_hash,
        "hash": chained.hash,
    }


def _read(row: Row[Any]) -> ChainedEvent:
    event = AuditEvent(
        at=row.at, actor=row.actor, action=row.action, subject=row.subject, details=row.details
    )
    return ChainedEvent(
        number=row.number, event=event, previous_hash=row.previous_hash, hash=row.hash
    )
