"""A digest for each slot, posted once."""

from datetime import datetime, timedelta

from bot.domain.health import Standing
from bot.domain.health_record import DigestTurn
from bot.domain.store import Store
from tests.builders import ENDPOINT, MODEL, NOW, make_request
from tests.contract.store.conftest import HandClock
from tests.contract.store.filed import add

LEASE = timedelta(minutes=2)
STOOD = (Standing(endpoint=ENDPOINT, model=MODEL, versions=(6, 7), champion=None),)


async def claim(store: Store, slot: datetime = NOW) -> DigestTurn | None:
    async with store.transaction() as work:
        return await work.digests.claim(slot, LEASE)


async def test_one_replica_gets_the_turn(store: Store, replica: Store) -> None:
    assert await claim(store) == DigestTurn(slot=NOW, attempt=1)
    assert await claim(replica) is None
    assert await claim(replica, NOW + LEASE) is not None


async def test_a_turn_that_came_to_nothing_is_taken_over(
    store: Store, replica: Store, clock: HandClock
) -> None:
    await claim(store)
    clock.move(LEASE)
    assert await claim(replica) == DigestTurn(slot=NOW, attempt=2)


async def test_a_turn_given_back_waits(store: Store, clock: HandClock) -> None:
    turn = await claim(store)
    assert turn is not None
    async with store.transaction() as work:
        await work.digests.again(turn, NOW + timedelta(seconds=30))
    assert await claim(store) is None
    clock.move(timedelta(seconds=30))
    assert await claim(store) == DigestTurn(slot=NOW, attempt=2)


async def test_a_posted_slot_is_never_claimed_again(store: Store, clock: HandClock) -> None:
    turn = await claim(store)
    assert turn is not None
    async with store.transaction() as work:
        assert await work.digests.latest() is None
        await work.digests.posted(turn, STOOD)
    clock.move(2 * LEASE)
    assert await claim(store) is None
    async with store.transaction() as work:
        latest = await work.digests.latest()
    assert latest is not None
    assert (latest.slot, latest.standings) == (NOW, STOOD)


async def test_waiting_requests_are_counted_with_the_oldest(store: Store) -> None:
    async with store.transaction() as work:
        none = await work.requests.waiting()
    await add(store, make_request())
    async with store.transaction() as work:
        one = await work.requests.waiting()
    assert (none.total, none.oldest) == (0, None)
    assert (one.total, one.oldest) == (1, make_request().created_at)
