"""A Herald on fakes that listens, with a store of its own in each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.persistence.database import open_store
from tests.fakes.world import ShiftedClock, herald
from tests.unit.handlers.chat import Chat, chat_with


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    clock = ShiftedClock()
    store = await open_store(f"sqlite:///{tmp_path}/herald.db", clock)
    listening = chat_with(herald(store, clock))
    yield listening
    await listening.desk.drain(5)
    await store.close()
