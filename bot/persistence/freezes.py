"""Freezes that people declared, in the database."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.freezing import Freeze
from bot.domain.names import SlackUserId
from bot.persistence.dialect import insert
from bot.persistence.tables import freezes as table


class SqlFreezes:
    """Implements ``Freezes``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, freeze: Freeze) -> Freeze:
        """Store a freeze; return it with its number."""
        row = insert(self._connection, table).values(
            models=freeze.models,
            begins_at=freeze.begins_at,
            ends_at=freeze.ends_at,
            declared_by=freeze.by,
            reason=freeze.reason,
        )
        added = await self._connection.execute(row.returning(table.c.number))
        return replace(freeze, number=added.scalar_one())

    async def in_force(self, at: datetime) -> tuple[Freeze, ...]:
        """Return those that are neither over nor lifted, oldest first."""
        query = (
            select(table)
            .where(table.c.lifted_at.is_(None), table.c.begins_at <= at)
            .where(or_(table.c.ends_at.is_(None), table.c.ends_at > at))
            .order_by(table.c.number)
        )
        return tuple(map(_read, await self._connection.execute(query)))

    async def lift(self, freeze: Freeze, at: datetime, by: SlackUserId) -> bool:
        """End a freeze; False when it was lifted before."""
        lifted = (
            update(table)
            .where(table.c.number == freeze.number, table.c.lifted_at.is_(None))
            .values(lifted_at=at, lifted_by=by)
            .returning(table.c.number)
        )
        return await self._connection.scalar(lifted) is not None


def _read(row: Row[Any]) -> Freeze:
    return Freeze(
        models=row.models,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        by=SlackUserId(row.declared_by),
        reason=row.reason,
        number=row.number,
    )
