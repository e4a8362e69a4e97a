import asyncio
from dataclasses import replace

import pytest

from bot.domain.change_request import RUNNABLE, UNDER_WAY, RequestState, Resolution
from bot.domain.names import RequestId
from bot.domain.store import Store
from tests.builders import LEAD, NOW
from tests.contract.store.claiming import (
    LEASE,
    claim,
    claim_all,
    claimed_by,
    due,
    holder,
    number,
    release,
)
from tests.contract.store.conftest import HandClock
from tests.contract.store.filed import add, change, of_model, read

SHARED = ("shared",)
AFTER_BEGIN = sorted(UNDER_WAY & RUNNABLE)


async def test_a_claim_locks_the_model_and_every_endpoint(store: Store) -> None:
    await add(store, of_model(1, endpoints=("east", "west")))
    await claim(store)
    resources = ("model:prod.team.model_1", "endpoint:east", "endpoint:west")
    assert [await holder(store, resource) for resource in resources] == [1, 1, 1]


async def test_a_free_resource_has_no_holder(store: Store) -> None:
    assert await holder(store, "endpoint:east") is None


async def test_a_request_behind_a_lock_is_passed_over_for_a_later_one(store: Store) -> None:
    await add(store, of_model(1, endpoints=SHARED), of_model(2, endpoints=SHARED), of_model(3))
    assert [await number(store), await number(store), await number(store)] == [1, 3, None]


async def test_a_request_behind_a_lock_is_queued_and_names_the_holder(store: Store) -> None:
    await add(store, of_model(1, endpoints=SHARED), of_model(2, endpoints=SHARED))
    await claim_all(store, "a")
    waiting = await read(store, 2)
    assert waiting.state is RequestState.QUEUED
    assert waiting.note == "CR-1 holds endpoint shared"
    assert waiting.wake_at is None


async def test_a_request_behind_a_lock_gets_its_card_redrawn(store: Store) -> None:
    await add(store, of_model(1, endpoints=SHARED), of_model(2, endpoints=SHARED))
    await claim_all(store, "a")
    assert [entry.key for entry in await due(store)] == ["card:2"]


async def test_looking_again_at_the_same_lock_writes_nothing(store: Store) -> None:
    await add(store, of_model(1, endpoints=SHARED), of_model(2, endpoints=SHARED))
    await claim_all(store, "a")
    before = (await read(store, 2), await due(store), await _audited(store))
    await claim(store)
    assert (await read(store, 2), await due(store), await _audited(store)) == before


async def test_a_deferred_request_behind_a_lock_says_what_holds_it_now(store: Store) -> None:
    await add(store, of_model(1, endpoints=SHARED), of_model(2, endpoints=SHARED))
    await change(store, 2, state=RequestState.QUEUED, note="unreadable", wake_at=NOW)
    await claim_all(store, "a")
    waiting = await read(store, 2)
    assert (waiting.note, waiting.wake_at) == ("CR-1 holds endpoint shared", None)


async def test_locks_are_taken_all_or_none(store: Store) -> None:
    await add(store, of_model(1, endpoints=("west",)), of_model(2, endpoints=("east", "west")))
    await claim_all(store, "a")
    assert await holder(store, "endpoint:east") is None
    assert await holder(store, "model:prod.team.model_2") is None


async def test_the_next_in_line_goes_on_when_the_locks_are_free(store: Store) -> None:
    await add(store, of_model(1, endpoints=SHARED), of_model(2, endpoints=SHARED))
    first = await claimed_by(store)
    assert await claim(store) is None
    await change(store, 1, state=RequestState.SUCCEEDED)
    await release(store, first)
    second = await claimed_by(store)
    assert (second.request.id, second.request.note) == (2, "")


async def test_a_claimed_request_keeps_the_reason_why_it_was_deferred(store: Store) -> None:
    await add(store, of_model(1))
    await change(store, 1, state=RequestState.QUEUED, note="unreadable", wake_at=NOW)
    assert (await claimed_by(store)).request.note == "unreadable"


@pytest.mark.parametrize("state", AFTER_BEGIN)
async def test_a_request_under_way_keeps_its_locks_on_release(
    store: Store, state: RequestState
) -> None:
    await add(store, of_model(1, state, endpoints=SHARED))
    await release(store, await claimed_by(store))
    assert await holder(store, "endpoint:shared") == 1


@pytest.mark.parametrize("state", AFTER_BEGIN)
async def test_a_request_under_way_is_claimed_again_with_its_own_locks(
    store: Store, state: RequestState
) -> None:
    await add(store, of_model(1, state, endpoints=SHARED))
    await release(store, await claimed_by(store))
    assert await number(store) == 1


async def test_a_request_under_way_whose_lock_is_gone_is_left_as_it_is(store: Store) -> None:
    await add(store, of_model(1, endpoints=SHARED))
    await claim(store)
    await add(store, of_model(2, RequestState.UNDOING, endpoints=SHARED))
    before = await read(store, 2)
    assert await claim(store) is None
    assert await read(store, 2) == before


async def test_a_queued_request_gives_its_locks_back_on_release(store: Store) -> None:
    await add(store, of_model(1, endpoints=SHARED))
    await release(store, await claimed_by(store))
    assert await holder(store, "endpoint:shared") is None


@pytest.mark.parametrize(
    "state", [RequestState.SUCCEEDED, RequestState.UNDONE, RequestState.PENDING]
)
async def test_locks_go_with_the_state_that_needed_them_even_without_a_release(
    store: Store, state: RequestState
) -> None:
    await add(store, of_model(1, RequestState.EXECUTING, endpoints=SHARED))
    await claim(store)
    await change(store, 1, state=state)
    assert await holder(store, "endpoint:shared") is None


async def test_a_failed_request_holds_its_locks_until_it_is_resolved(store: Store) -> None:
    await add(store, of_model(1, RequestState.UNDOING, endpoints=SHARED))
    mine = await claimed_by(store)
    await change(store, 1, state=RequestState.FAILED)
    await release(store, mine)
    assert await holder(store, "endpoint:shared") == 1
    seen = Resolution(by=LEAD, reason="seen", standing=(), at=NOW)
    await change(store, 1, resolution=seen)
    assert await holder(store, "endpoint:shared") is None


async def test_a_paused_request_keeps_others_off_its_endpoint(store: Store) -> None:
    await add(store, of_model(1, RequestState.EXECUTING, endpoints=SHARED))
    mine = await claimed_by(store)
    await change(store, 1, state=RequestState.PAUSED)
    await release(store, mine)
    await add(store, of_model(2, endpoints=SHARED))
    assert await claim(store) is None


async def test_freed_locks_are_free(store: Store) -> None:
    await add(store, of_model(1, endpoints=SHARED))
    await claim(store)
    async with store.transaction() as work:
        await work.claims.free(RequestId(1))
    assert await holder(store, "endpoint:shared") is None
    assert await holder(store, "model:prod.team.model_1") is None


async def test_a_dead_replicas_locks_go_over_with_its_request(
    store: Store, replica: Store, clock: HandClock
) -> None:
    await add(store, of_model(1, RequestState.EXECUTING, endpoints=SHARED))
    await claim(store)
    clock.move(LEASE)
    assert await number(replica) == 1
    assert await holder(replica, "endpoint:shared") == 1


async def test_a_blocked_request_does_not_starve_those_behind_it(store: Store) -> None:
    blocked = [of_model(n, endpoints=SHARED) for n in range(1, 31)]
    await add(store, *blocked, of_model(31))
    assert await claim_all(store, "a") == [1, 31]


async def test_two_replicas_never_share_an_endpoint(store: Store, replica: Store) -> None:
    await add(store, *(of_model(n, endpoints=("east", "west")) for n in range(1, 5)))
    await add(store, *(of_model(n, endpoints=("west",)) for n in range(5, 9)))
    first, second = await asyncio.gather(claim_all(store, "a"), claim_all(replica, "b"))
    assert len(first + second) == 1


async def test_a_lock_follows_the_plan_of_the_present_evidence(store: Store) -> None:
    request = of_model(1, endpoints=("east",))
    moved = replace(of_model(1, endpoints=("west",)).evidence, revision=2)
    await add(store, request)
    await change(store, 1, evidence=moved)
    await claim(store)
    assert await holder(store, "endpoint:east") is None
    assert await holder(store, "endpoint:west") == 1


async def _audited(store: Store) -> int:
    async with store.transaction() as work:
        return len(await work.audit.all())
