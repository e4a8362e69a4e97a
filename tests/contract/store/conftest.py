"""A store on a database file of its own, with a clock that tests move by hand."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

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
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: each commit waits for its disk."""
    memory = "/dev/shm"  # noqa: S108 - TemporaryDirectory makes a private folder in it
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


@pytest.fixture
def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'herald.db'}"


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
