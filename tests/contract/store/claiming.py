"""Claims in transactions of their own."""

from datetime import timedelta

from bot.domain.names import RequestId
from bot.domain.outbox import OutboxEntry
from bot.domain.store import Claim, Store
from tests.builders import NOW

LEASE = timedelta(seconds=30)


async def claim(store: Store, owner: str = "a") -> Claim | None:
    async with store.transaction() as work:
        return await work.claims.claim(owner, LEASE)


async def claimed_by(store: Store, owner: str = "a") -> Claim:
    claimed = await claim(store, owner)
    assert claimed is not None
    return claimed


async def number(store: Store) -> RequestId | None:
    claimed = await claim(store)
    return claimed.request.id if claimed else None


async def claim_all(store: Store, owner: str) -> list[int]:
    numbers: list[int] = []
    while claimed := await claim(store, owner):
        numbers.append(claimed.request.id)
    return numbers


async def renew(store: Store, claimed: Claim) -> None:
    async with store.transaction() as work:
        await work.claims.renew(claimed, LEASE)


async def release(store: Store, claimed: Claim) -> None:
    async with store.transaction() as work:
        await work.claims.release(claimed)


async def holder(store: Store, resource: str) -> RequestId | None:
    async with store.transaction() as work:
        return await work.claims.holder(resource)


async def due(store: Store) -> tuple[OutboxEntry, ...]:
    async with store.transaction() as work:
        return await work.outbox.due(NOW + timedelta(days=1), 100)
