"""Freezes that people declared, and what channels have to be told of them, in the database."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.freezing import Freeze, FreezeNews
from bot.domain.names import SlackUserId
from bot.persistence.dialect import insert, take_turns
from bot.persistence.tables import freeze_news as news_table
from bot.persistence.tables import freezes as table


class SqlFreezes:
    """Implements ``Freezes``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def declare(self, freeze: Freeze) -> tuple[Freeze, tuple[Freeze, ...]]:
        """Store a freeze in place of those of the same models; return it, numbered, and those."""
        replaced = await self._end(freeze.models, freeze.begins_at, freeze.by)
        row = insert(self._connection, table).values(
            models=freeze.models,
            begins_at=freeze.begins_at,
            ends_at=freeze.ends_at,
            declared_by=freeze.by,
            reason=freeze.reason,
        )
        added = await self._connection.execute(row.returning(table.c.number))
        return replace(freeze, number=added.scalar_one()), replaced

    async def in_force(self, at: datetime) -> tuple[Freeze, ...]:
        """Return those that are neither over nor lifted, oldest first."""
        query = select(table).where(_is_in_force(at)).order_by(table.c.number)
        return tuple(map(_read, await self._connection.execute(query)))

    async def hold(self) -> None:
        """Let nobody declare or lift a freeze until this transaction ends."""
        await take_turns(self._connection, "freezes")

    async def lift(
        self, models: tuple[str, ...], at: datetime, by: SlackUserId
    ) -> tuple[Freeze, ...]:
        """End every freeze in force of just these models; return them, oldest first."""
        return await self._end(models, at, by)

    async def _end(
        self, models: tuple[str, ...], at: datetime, by: SlackUserId | None
    ) -> tuple[Freeze, ...]:
        """End freezes of just these models; who declares or lifts others waits for his turn."""
        await self.hold()
        ended = (
            update(table)
            .where(_is_in_force(at), table.c.models == models)
            .values(lifted_at=at, lifted_by=by)
            .returning(table)
        )
        rows = await self._connection.execute(ended)
        return tuple(sorted(map(_read, rows), key=lambda freeze: freeze.number))

    async def queue(self, news: FreezeNews, due_at: datetime) -> None:
        """Remember what a channel has to be told; until ``due_at`` whoever queued it tells it."""
        row = insert(self._connection, news_table).values(key=news.key, news=news, due_at=due_at)
        await self._connection.execute(row)

    async def take_due(self, now: datetime, due_at: datetime) -> tuple[FreezeNews, ...]:
        """Return what nobody has told yet, oldest first; it is due again at ``due_at``."""
        await take_turns(self._connection, "freeze news")
        taken = (
            update(news_table)
            .where(news_table.c.due_at <= now)
            .values(due_at=due_at)
            .returning(news_table.c.news)
        )
        found = (await self._connection.scalars(taken)).all()
        return tuple(sorted(found, key=lambda news: (news.freeze.number, news.lifted)))

    async def told(self, news: FreezeNews) -> None:
        """Forget what a channel was told."""
        await self._connection.execute(delete(news_table).where(news_table.c.key == news.key))


def _is_in_force(at: datetime) -> ColumnElement[bool]:
    """Hold for what is not over; a declared freeze has begun, also by a clock that was set back."""
    return and_(
        table.c.lifted_at.is_(None),
        or_(table.c.ends_at.is_(None), table.c.ends_at > at),
    )


def _read(row: Row[Any]) -> Freeze:
    return Freeze(
        models=row.models,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        by=SlackUserId(row.declared_by),
        reason=row.reason,
        number=row.number,
    )
