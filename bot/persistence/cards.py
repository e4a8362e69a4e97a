"""Stored cards in the database: what buttons lead to."""

from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.messages import CardKind, StoredCard
from bot.domain.names import CardKey, RequestId
from bot.persistence.dialect import insert
from bot.persistence.tables import cards as table


class SqlCards:
    """Implements ``Cards``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, card: StoredCard) -> None:
        """Store a card; the same key again changes nothing."""
        is_request = card.kind is CardKind.REQUEST
        row = insert(self._connection, table).values(
            key=card.key,
            kind=card.kind,
            subject=card.subject,
            request_id=card.subject["request"] if is_request else None,
            revision=card.revision,
            created_at=card.created_at,
        )
        await self._connection.execute(row.on_conflict_do_nothing())

    async def get(self, key: CardKey) -> StoredCard | None:
        """Return what a key stands for, or None."""
        found = await self._connection.execute(select(table).where(table.c.key == key))
        row = found.first()
        return _read(row) if row else None

    async def of_request(self, request: RequestId, revision: int) -> StoredCard | None:
        """Return the newest card of one revision of a request's evidence, or None."""
        query = (
            select(table)
            .where(table.c.request_id == request, table.c.revision == revision)
            .order_by(table.c.created_at.desc(), table.c.key)
        )
        row = (await self._connection.execute(query)).first()
        return _read(row) if row else None


def _read(row: Row[Any]) -> StoredCard:
    return StoredCard(
        key=row.key,
        kind=CardKind(row.kind),
        subject=row.subject,
        revision=row.revision,
        created_at=row.created_at,
    )
