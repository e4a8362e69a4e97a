"""The outbox in the database, and where each request's card is."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.messages import MessageRef
from bot.domain.names import RequestId, SlackUserId
from bot.domain.outbox import IN_CHANNELS, OutboxEntry, OutboxKind
from bot.domain.ports import Clock
from bot.persistence.dialect import insert
from bot.persistence.tables import card_messages
from bot.persistence.tables import outbox as table


class SqlOutbox:
    """Implements ``Outbox``."""

    def __init__(self, connection: AsyncConnection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    async def queue(self, entry: OutboxEntry) -> None:
        """Ask for a message; one that still waits keeps its place and is due at once."""
        due_at = self._clock.now()
        row = insert(self._connection, table).values(
            key=entry.key,
            kind=entry.kind,
            request_id=entry.request,
            text=entry.text,
            addressee=entry.addressee or entry.ring or None,
            attempts=0,
            version=1,
            position=_next_position(),
            due_at=due_at,
        )
        again = {"version": table.c.version + 1, "due_at": due_at}
        await self._connection.execute(
            row.on_conflict_do_update(index_elements=[table.c.key], set_=again)
        )

    async def due(
        self, now: datetime, limit: int, kinds: Collection[OutboxKind] = IN_CHANNELS
    ) -> tuple[OutboxEntry, ...]:
        """Return messages that may be tried now, oldest first, cards before replies."""
        cards_first = case((table.c.kind == OutboxKind.CARD, 0), else_=1)
        query = (
            select(table)
            .where(table.c.due_at <= now, table.c.kind.in_(kinds))
            .order_by(cards_first, table.c.position, table.c.key)
            .limit(limit)
        )
        return tuple(map(_read, await self._connection.execute(query)))

    async def next_due(self, kinds: Collection[OutboxKind] = IN_CHANNELS) -> datetime | None:
        """Return when the next message may be tried, None when no message waits."""
        query = select(func.min(table.c.due_at)).where(table.c.kind.in_(kinds))
        moment: datetime | None = await self._connection.scalar(query)
        return moment

    async def done(self, entry: OutboxEntry) -> None:
        """Take a message out unless it was queued again meanwhile."""
        sent = (table.c.key == entry.key) & (table.c.version == entry.version)
        await self._connection.execute(delete(table).where(sent))

    async def retry(self, entry: OutboxEntry, at: datetime) -> None:
        """Try a message again later, also when it was queued again meanwhile."""
        later = {"attempts": table.c.attempts + 1, "due_at": at}
        await self._connection.execute(update(table).where(table.c.key == entry.key).values(later))

    async def count(self) -> int:
        """Return how many messages wait."""
        query = select(func.count()).select_from(table)
        return int((await self._connection.execute(query)).scalar_one())

    async def message_of(self, request: RequestId) -> MessageRef | None:
        """Return where a request's card is, or None."""
        query = select(card_messages).where(card_messages.c.request_id == request)
        row = (await self._connection.execute(query)).first()
        return MessageRef(channel=row.channel, ts=row.ts) if row else None

    async def place(self, request: RequestId, message: MessageRef) -> None:
        """Remember where a request's card is, in place of where it was."""
        where = {"channel": message.channel, "ts": message.ts}
        row = insert(self._connection, card_messages).values(request_id=request, **where)
        key = [card_messages.c.request_id]
        await self._connection.execute(row.on_conflict_do_update(index_elements=key, set_=where))


def _next_position() -> Any:
    waiting = table.alias()
    return select(func.coalesce(func.max(waiting.c.position), 0) + 1).scalar_subquery()


def _read(row: Row[Any]) -> OutboxEntry:
    kind, whom = OutboxKind(row.kind), row.addressee or ""
    rings = kind is OutboxKind.REPLY
    return OutboxEntry(
        key=row.key,
        kind=kind,
        request=row.request_id,
        text=row.text,
        addressee=SlackUserId(whom) if whom and not rings else None,
        ring=whom if rings else "",
        attempts=row.attempts,
        version=row.version,
    )
