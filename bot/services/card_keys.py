"""Makes the keys that buttons carry, and remembers what each of them stands for."""

from collections.abc import Mapping

from bot.domain.messages import CardKind, StoredCard
from bot.domain.names import CardKey
from bot.domain.ports import Clock, IdSource
from bot.domain.store import Store, UnitOfWork


class CardKeys:
    """Stores what a card is about under a fresh key."""

    def __init__(self, store: Store, clock: Clock, ids: IdSource) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    async def new(self, kind: CardKind, subject: Mapping[str, str | int]) -> CardKey:
        """Store a card of a private answer in a transaction of its own."""
        async with self._store.transaction() as work:
            return await self.add(work, kind, subject)

    async def add(
        self, work: UnitOfWork, kind: CardKind, subject: Mapping[str, str | int], revision: int = 1
    ) -> CardKey:
        """Store a card together with what it is about."""
        key = CardKey(self._ids.new())
        card = StoredCard(
            key=key,
            kind=kind,
            subject=subject,
            revision=revision,
            created_at=self._clock.now(),
        )
        await work.cards.add(card)
        return key

    async def open(self, key: CardKey) -> StoredCard | None:
        """Return what a key stands for, or None when Herald never made it."""
        async with self._store.transaction() as work:
            return await work.cards.get(key)
