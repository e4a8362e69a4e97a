"""A Herald on fakes with a store of its own in each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.persistence.database import open_store
from tests.fakes.world import Herald, ShiftedClock, herald
from tests.unhurried import unhurried

__all__ = ["bot", "unhurried"]


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Herald]:
    clock = ShiftedClock()
    store = await open_store(f"sqlite:///{tmp_path}/herald.db", clock)
    yield herald(store, clock)
    await store.close()
