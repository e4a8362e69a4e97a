"""Digests in the database: one row for each slot."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.health import Standing
from bot.domain.health_record import DigestTurn, PostedDigest
from bot.domain.ports import Clock
from bot.persistence.dialect import insert, lease_now
from bot.persistence.tables import digests as table


class SqlDigests:
    """Implements ``Digests``."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    async def claim(self, slot: datetime, lease: timedelta) -> DigestTurn | None:
        """Take a slot on; None when it is posted, or when another one has taken it on."""
        now = await lease_now(self._connection, self._clock)
        row = insert(self._connection, table).values(slot=slot, attempts=0, free_at=now)
        await self._connection.execute(row.on_conflict_do_nothing())
        taken = (
            update(table)
            .where(table.c.slot == slot, table.c.posted_at.is_(None), table.c.free_at <= now)
            .values(attempts=table.c.attempts + 1, free_at=now + lease)
            .returning(table.c.attempts)
        )
        attempt = await self._connection.scalar(taken)
        return None if attempt is None else DigestTurn(slot=slot, attempt=attempt)

    async def again(self, turn: DigestTurn, at: datetime) -> None:
        """Give a turn back; the slot may be claimed again from a moment on."""
        own = (table.c.slot == turn.slot) & (table.c.attempts == turn.attempt)
        await self._connection.execute(update(table).where(own).values(free_at=at))

    async def posted(self, turn: DigestTurn, standings: tuple[Standing, ...]) -> None:
        """Store that the digest of a slot is in its channel."""
        values = {"posted_at": self._clock.now(), "standings": standings}
        await self._connection.execute(
            update(table).where(table.c.slot == turn.slot).values(values)
        )

    async def latest(self) -> PostedDigest | None:
        """Return the newest digest that was posted, or None."""
        query = (
            select(table.c.slot, table.c.standings)
            .where(table.c.posted_at.is_not(None))
            .order_by(table.c.slot.desc())
            .limit(1)
        )
        row = (await self._connection.execute(query)).first()
        return PostedDigest(slot=row.slot, standings=row.standings) if row else None
