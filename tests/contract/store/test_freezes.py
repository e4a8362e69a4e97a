"""Freezes that people declared."""

from datetime import timedelta

from bot.domain.freezing import Freeze
from bot.domain.store import Store
from tests.builders import LEAD, NOW

HOUR = timedelta(hours=1)
FREEZE = Freeze(models=("prod.*",), begins_at=NOW, ends_at=NOW + HOUR, by=LEAD, reason="migration")
ENDLESS = Freeze(begins_at=NOW, by=LEAD, reason="incident")


async def test_a_freeze_is_in_force_until_its_end(store: Store, replica: Store) -> None:
    async with store.transaction() as work:
        first, second = await work.freezes.add(FREEZE), await work.freezes.add(ENDLESS)
    assert 0 < first.number < second.number
    async with replica.transaction() as work:
        assert await work.freezes.in_force(NOW) == (first, second)
        assert await work.freezes.in_force(NOW + HOUR) == (second,)
        assert await work.freezes.in_force(NOW - HOUR) == ()


async def test_a_freeze_is_lifted_once(store: Store) -> None:
    async with store.transaction() as work:
        kept, lifted = await work.freezes.add(ENDLESS), await work.freezes.add(FREEZE)
        assert await work.freezes.lift(lifted, NOW, LEAD)
        assert not await work.freezes.lift(lifted, NOW, LEAD)
        assert await work.freezes.in_force(NOW) == (kept,)
