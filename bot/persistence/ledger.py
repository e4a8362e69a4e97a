"""The ledger of aliases and served versions in the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ledger import Cause, LedgerEntry
from bot.domain.names import ModelName
from bot.persistence.dialect import insert, take_turns
from bot.persistence.tables import ledger as table


class SqlLedger:
    """Implements ``Ledger``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def append(self, entry: LedgerEntry) -> None:
        """Add a value unless it equals the latest one of its place."""
        await take_turns(self._connection, f"ledger {entry.model} {entry.place}")
        newest_first = _place(entry.model, entry.place).order_by(table.c.number.desc())
        latest = (await self._connection.execute(newest_first.limit(1))).first()
        if latest is not None and latest.value == entry.value:
            return
        row = insert(self._connection, table).values(
            model=entry.model,
            place=entry.place,
            value=entry.value,
            cause=entry.cause,
            at=entry.at,
            request_id=entry.request,
        )
        await self._connection.execute(row)

    async def of(self, model: ModelName, place: str) -> tuple[LedgerEntry, ...]:
        """Return the values of one place of a model, oldest first."""
        query = _place(model, place).order_by(table.c.number)
        return tuple(map(_read, await self._connection.execute(query)))

    async def moved_since(self, place: str, moment: datetime) -> tuple[LedgerEntry, ...]:
        """Return where a place of any model has moved after a moment, as it is now."""
        latest = select(func.max(table.c.number)).where(table.c.place == place)
        earlier = table.alias()
        is_move = exists().where(
            earlier.c.model == table.c.model,
            earlier.c.place == table.c.place,
            earlier.c.number < table.c.number,
        )
        query = (
            select(table)
            .where(table.c.number.in_(latest.group_by(table.c.model)))
            .where(table.c.at > moment)
            .where(or_(is_move, table.c.cause != Cause.OUTSIDE))
            .order_by(table.c.number)
        )
        return tuple(map(_read, await self._connection.execute(query)))


def _place(model: ModelName, place: str) -> Select[Any]:
    return select(table).where(table.c.model == model, table.c.place == place)


def _read(row: Row[Any]) -> LedgerEntry:
    return LedgerEntry(
        model=row.model,
        place=row.place,
        value=row.value,
        cause=Cause(row.cause),
        at=row.at,
        request=row.request_id,
    )
