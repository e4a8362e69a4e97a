"""What policies proposed by themselves is proposed once, and so often a day."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.automatic import Proposal, Switch, Turn
from bot.domain.names import AliasName, ModelName, RequestId
from bot.domain.store import Store
from bot.persistence.proposals import IN_VAIN_AFTER
from tests.builders import NOW
from tests.contract.store.conftest import HandClock


def proposal(version: int = 7, policy: str = "baseline") -> Proposal:
    return Proposal(
        model=ModelName("prod.fraud.scorer"),
        alias=AliasName("champion"),
        version=version,
        policy=policy,
    )


async def claim(store: Store, clock: HandClock, version: int = 7, per_day: int = 2) -> Turn:
    async with store.transaction() as work:
        return await work.proposals.claim(proposal(version), clock.now(), per_day)


async def test_a_version_is_taken_once(store: Store, replica: Store, clock: HandClock) -> None:
    assert await claim(store, clock) is Turn.TAKEN
    assert await claim(replica, clock) is Turn.NOT_OURS


async def test_what_was_taken_in_vain_is_free_after_a_while(
    store: Store, replica: Store, clock: HandClock
) -> None:
    await claim(store, clock)
    clock.move(IN_VAIN_AFTER)
    assert await claim(replica, clock) is Turn.TAKEN


async def test_what_was_proposed_never_is_again(store: Store, clock: HandClock) -> None:
    await claim(store, clock)
    async with store.transaction() as work:
        await work.proposals.settle(proposal(), RequestId(1))
        await work.proposals.give_back(proposal())
    clock.move(timedelta(days=9))
    assert await claim(store, clock) is Turn.NOT_OURS


async def test_what_was_settled_is_known(store: Store, clock: HandClock) -> None:
    await claim(store, clock, 7)
    await claim(store, clock, 8)
    async with store.transaction() as work:
        await work.proposals.settle(proposal(8), None)
        assert await work.proposals.settled() == {proposal(8).key}


async def watching(store: Store, clock: HandClock, **aliases: str) -> Mapping[str, datetime]:
    clock.move(timedelta(hours=1))
    async with store.transaction() as work:
        named = {policy: AliasName(alias) for policy, alias in aliases.items()}
        return await work.proposals.watching(named, clock.now())


async def test_policies_are_known_since_they_began_to_propose(
    store: Store, clock: HandClock
) -> None:
    first = await watching(store, clock, one="challenger")
    second = await watching(store, clock, one="challenger", two="challenger")
    assert second == {"one": first["one"], "two": first["one"] + timedelta(hours=1)}
    third = await watching(store, clock, two="staging")
    assert third == {"two": clock.now()}
    assert await watching(store, clock) == {}
    assert await watching(store, clock, one="challenger") == {"one": clock.now()}


async def test_what_was_given_back_may_be_proposed_and_does_not_count(
    store: Store, clock: HandClock
) -> None:
    await claim(store, clock, per_day=1)
    async with store.transaction() as work:
        await work.proposals.give_back(proposal())
    assert await claim(store, clock, per_day=1) is Turn.TAKEN


async def test_a_policy_proposes_so_often_a_day_of_utc(store: Store, clock: HandClock) -> None:
    assert [await claim(store, clock, version) for version in (1, 2, 3)] == [
        Turn.TAKEN,
        Turn.TAKEN,
        Turn.ENOUGH_TODAY,
    ]
    tomorrow = NOW.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    clock.move(tomorrow - NOW)
    assert await claim(store, clock, 3) is Turn.TAKEN
    async with store.transaction() as work:
        assert await work.proposals.today("baseline", clock.now()) == 1
        assert await work.proposals.today("other", clock.now()) == 0


async def test_what_was_taken_in_vain_counts_on_the_day_when_it_is_taken_again(
    store: Store, replica: Store, clock: HandClock
) -> None:
    await claim(store, clock, 7, per_day=1)
    clock.move(timedelta(days=1))
    assert await claim(store, clock, 8, per_day=1) is Turn.TAKEN
    assert await claim(replica, clock, 7, per_day=1) is Turn.ENOUGH_TODAY
    clock.move(timedelta(days=1))
    assert await claim(replica, clock, 7, per_day=1) is Turn.TAKEN
    clock.move(IN_VAIN_AFTER)
    assert await claim(store, clock, 7, per_day=1) is Turn.TAKEN
    assert await claim(store, clock, 8, per_day=1) is Turn.ENOUGH_TODAY


async def test_the_switch_is_on_until_somebody_moves_it(store: Store) -> None:
    async with store.transaction() as work:
        assert await work.proposals.switch() == Switch()
    for switch in (
        Switch(is_on=False, by="U0ADMIN", reason="broken", at=NOW),
        Switch(is_on=True, by="U0LEAD", reason="mended", at=NOW + timedelta(hours=1)),
    ):
        async with store.transaction() as work:
            await work.proposals.turn(switch)
        async with store.transaction() as work:
            assert await work.proposals.switch() == switch
