"""A store on a database file of its own, with a clock that tests move by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.persistence.database import SqlStore, open_store
from tests.builders import NOW


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self._now = NOW

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        self._now += by


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'herald.db'}"


@asynccontextmanager
async def opened(url: str, clock: HandClock) -> AsyncIterator[SqlStore]:
    """Open a store for one block."""
    store = await open_store(url, clock)
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
async def store(url: str, clock: HandClock) -> AsyncIterator[SqlStore]:
    async with opened(url, clock) as store:
        yield store


@pytest.fixture
async def replica(url: str, clock: HandClock, store: SqlStore) -> AsyncIterator[SqlStore]:
    """A second process's store on the same database."""
    del store
    async with opened(url, clock) as replica:
        yield replica
