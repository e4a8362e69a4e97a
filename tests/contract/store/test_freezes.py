"""Freezes that people declared."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.domain.freezing import Freeze, FreezeNews
from bot.domain.store import Store
from tests.builders import LEAD, NOW

HOUR = timedelta(hours=1)
FREEZE = Freeze(models=("prod.*",), begins_at=NOW, ends_at=NOW + HOUR, by=LEAD, reason="migration")
ENDLESS = Freeze(begins_at=NOW, by=LEAD, reason="incident")


LATER = NOW + timedelta(minutes=1)


async def test_a_freeze_is_in_force_until_its_end(store: Store, replica: Store) -> None:
    async with store.transaction() as work:
        first, _ = await work.freezes.declare(FREEZE)
        second, replaced = await work.freezes.declare(ENDLESS)
    assert 0 < first.number < second.number
    assert replaced == ()
    async with replica.transaction() as work:
        assert await work.freezes.in_force(NOW) == (first, second)
        assert await work.freezes.in_force(NOW + HOUR) == (second,)
        assert await work.freezes.in_force(NOW - HOUR) == (first, second), "by a slow clock"


async def test_a_freeze_is_lifted_once(store: Store) -> None:
    async with store.transaction() as work:
        kept, _ = await work.freezes.declare(ENDLESS)
        lifted, _ = await work.freezes.declare(FREEZE)
        assert await work.freezes.lift(("prod.*",), NOW, LEAD) == (lifted,)
        assert await work.freezes.lift(("prod.*",), NOW, LEAD) == ()
        assert await work.freezes.in_force(NOW) == (kept,)


async def test_what_is_over_is_not_lifted(store: Store) -> None:
    async with store.transaction() as work:
        await work.freezes.declare(FREEZE)
        assert await work.freezes.lift(("prod.*",), NOW + HOUR, LEAD) == ()


async def test_of_freezes_declared_at_once_one_is_in_force(store: Store, replica: Store) -> None:
    async def declare(where: Store) -> None:
        async with where.transaction() as work:
            await work.freezes.declare(ENDLESS)

    await asyncio.gather(*(declare(where) for where in (store, replica) * 5))
    async with store.transaction() as work:
        (last,) = await work.freezes.in_force(NOW)
        again, replaced = await work.freezes.declare(replace(ENDLESS, reason="once more"))
        assert replaced == (last,)
        assert await work.freezes.in_force(NOW) == (again,)


async def test_news_waits_for_one_teller_at_a_time_until_it_is_told(
    store: Store, replica: Store
) -> None:
    async with store.transaction() as work:
        freeze, _ = await work.freezes.declare(FREEZE)
        news = FreezeNews(freeze=freeze, by=LEAD, reason="migration", waiting=2)
        lifted = replace(news, lifted=True)
        await work.freezes.queue(lifted, LATER)
        await work.freezes.queue(news, LATER)
        assert await work.freezes.take_due(NOW, LATER) == ()
        assert await work.freezes.take_due(LATER, LATER + HOUR) == (news, lifted)
    async with replica.transaction() as work:
        assert await work.freezes.take_due(LATER, LATER + HOUR) == ()
        await work.freezes.told(lifted)
        assert await work.freezes.take_due(LATER + HOUR, LATER + 2 * HOUR) == (news,)
