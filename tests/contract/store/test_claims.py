import asyncio
from datetime import timedelta

import pytest

from bot.domain.audit import verify_chain
from bot.domain.change_request import RUNNABLE, RequestState
from bot.domain.errors import LostLeaseError
from bot.domain.store import Store
from tests.builders import NOW
from tests.contract.store.claiming import (
    LEASE,
    claim,
    claim_all,
    claimed_by,
    holder,
    number,
    release,
    renew,
)
from tests.contract.store.conftest import HandClock
from tests.contract.store.filed import add, change, of_model, read


async def test_nothing_to_do_is_none(store: Store) -> None:
    assert await claim(store) is None


@pytest.mark.parametrize("state", sorted(RUNNABLE))
async def test_what_can_go_on_is_claimed(store: Store, state: RequestState) -> None:
    await add(store, of_model(1, state))
    claimed = await claim(store)
    assert claimed is not None
    assert (claimed.request.id, claimed.owner, claimed.fence) == (1, "a", 1)


@pytest.mark.parametrize("state", sorted(frozenset(RequestState) - RUNNABLE))
async def test_what_waits_for_people_or_is_closed_is_left_alone(
    store: Store, state: RequestState
) -> None:
    await add(store, of_model(1, state))
    assert await claim(store) is None


async def test_the_oldest_is_claimed_first(store: Store) -> None:
    await add(store, of_model(2), of_model(1))
    assert [await number(store), await number(store)] == [1, 2]


async def test_an_approved_request_is_queued_by_its_claim(store: Store) -> None:
    await add(store, of_model(1))
    claimed = await claim(store)
    assert claimed is not None
    assert claimed.request.state is RequestState.QUEUED
    assert claimed.request == await read(store)


async def test_queueing_is_on_record(store: Store) -> None:
    await add(store, of_model(1))
    await claim(store)
    async with store.transaction() as work:
        events = await work.audit.of("CR-1")
    assert [e.event.action for e in events] == ["change_request.queued"]
    assert verify_chain(events) is None


async def test_without_a_wait_or_a_lease_nothing_comes_with_time(store: Store) -> None:
    await add(store, of_model(1))
    assert await _pause(store) is None


async def test_it_is_known_when_the_first_wait_or_lease_ends(
    store: Store, clock: HandClock
) -> None:
    await add(store, of_model(1), of_model(2, RequestState.WAITING))
    await claim(store)
    assert await _pause(store) == LEASE
    await change(store, 2, wake_at=NOW + timedelta(seconds=10))
    assert await _pause(store) == timedelta(seconds=10)
    clock.move(timedelta(seconds=10))
    assert await _pause(store) == LEASE - timedelta(seconds=10)


async def _pause(store: Store) -> timedelta | None:
    async with store.transaction() as work:
        return await work.claims.pause()


async def test_a_claimed_request_is_not_claimed_again(store: Store, replica: Store) -> None:
    await add(store, of_model(1))
    await claim(store)
    assert await claim(replica, "b") is None


async def test_an_expired_lease_is_taken_over_with_a_higher_fence(
    store: Store, replica: Store, clock: HandClock
) -> None:
    await add(store, of_model(1, RequestState.EXECUTING))
    await claim(store)
    clock.move(LEASE)
    taken_over = await claim(replica, "b")
    assert taken_over is not None
    assert (taken_over.owner, taken_over.fence) == ("b", 2)


async def test_a_renewed_lease_is_not_taken_over(store: Store, clock: HandClock) -> None:
    await add(store, of_model(1, RequestState.EXECUTING))
    mine = await claimed_by(store)
    clock.move(LEASE - timedelta(seconds=1))
    await renew(store, mine)
    clock.move(LEASE - timedelta(seconds=1))
    assert await claim(store, "b") is None


async def test_an_overdue_lease_that_nobody_took_can_be_renewed(
    store: Store, clock: HandClock
) -> None:
    await add(store, of_model(1, RequestState.EXECUTING))
    mine = await claimed_by(store)
    clock.move(2 * LEASE)
    await renew(store, mine)
    assert await claim(store, "b") is None


async def test_a_replica_that_was_taken_over_cannot_renew(store: Store, clock: HandClock) -> None:
    await add(store, of_model(1, RequestState.EXECUTING))
    mine = await claimed_by(store)
    clock.move(LEASE)
    await claim(store, "b")
    with pytest.raises(LostLeaseError, match="CR-1 is executed by another replica"):
        await renew(store, mine)


async def test_a_replica_that_restarts_under_its_name_cannot_use_its_old_claim(
    store: Store, clock: HandClock
) -> None:
    await add(store, of_model(1, RequestState.EXECUTING))
    mine = await claimed_by(store)
    clock.move(LEASE)
    await claim(store)
    with pytest.raises(LostLeaseError):
        await renew(store, mine)


async def test_what_was_written_with_a_lost_lease_is_not_stored(
    store: Store, clock: HandClock
) -> None:
    await add(store, of_model(1, RequestState.EXECUTING))
    mine = await claimed_by(store)
    clock.move(LEASE)
    await claim(store, "b")

    async def write() -> None:
        async with store.transaction() as work:
            await work.requests.store(mine.request.wait(NOW))
            await work.claims.renew(mine, LEASE)

    with pytest.raises(LostLeaseError):
        await write()
    assert (await read(store)).state is RequestState.EXECUTING


async def test_a_released_request_can_be_claimed_at_once(store: Store) -> None:
    await add(store, of_model(1, RequestState.EXECUTING))
    await release(store, await claimed_by(store))
    again = await claimed_by(store, "b")
    assert again.fence == 2


async def test_a_released_claim_cannot_be_renewed(store: Store) -> None:
    await add(store, of_model(1, RequestState.EXECUTING))
    mine = await claimed_by(store)
    await release(store, mine)
    with pytest.raises(LostLeaseError):
        await renew(store, mine)


async def test_a_lost_claim_releases_nothing(store: Store, clock: HandClock) -> None:
    await add(store, of_model(1, RequestState.QUEUED))
    lost = await claimed_by(store)
    clock.move(LEASE)
    theirs = await claimed_by(store, "b")
    await release(store, lost)
    await renew(store, theirs)
    assert await holder(store, "model:prod.team.model_1") == 1


async def test_storing_a_request_leaves_its_lease_alone(store: Store) -> None:
    await add(store, of_model(1, RequestState.EXECUTING))
    mine = await claimed_by(store)
    await change(store, 1, note="half-way")
    await renew(store, mine)
    assert await claim(store, "b") is None


async def test_a_sleeping_request_is_claimed_when_it_wakes(store: Store, clock: HandClock) -> None:
    await add(store, of_model(1, RequestState.WAITING))
    await change(store, 1, wake_at=NOW + timedelta(seconds=10))
    assert await claim(store) is None
    clock.move(timedelta(seconds=10))
    assert await number(store) == 1


async def test_two_replicas_claim_each_request_once(store: Store, replica: Store) -> None:
    await add(store, *(of_model(n) for n in range(1, 21)))
    first, second = await asyncio.gather(claim_all(store, "a"), claim_all(replica, "b"))
    assert sorted(first + second) == list(range(1, 21))


async def test_many_tasks_of_one_process_claim_each_request_once(store: Store) -> None:
    await add(store, *(of_model(n) for n in range(1, 11)))
    claimed = await asyncio.gather(*(number(store) for _ in range(15)))
    assert sorted(n for n in claimed if n) == list(range(1, 11))
