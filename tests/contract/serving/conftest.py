"""The world of each test; every serving adapter is to pass the same tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.ports import ServingPlatform
from tests.contract.serving.world import ServingWorld, databricks_world
from tests.seeded_world import copied_world, seeded_state


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[ServingWorld]:
    async with databricks_world(copied_world(tmp_path)) as world:
        yield world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def library(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServingPlatform]:
    """The port on one world for all tests of a module; nobody may write to it."""
    async with databricks_world(seeded_state(tmp_path_factory)) as world:
        yield world.platform()


@pytest.fixture
def platform(world: ServingWorld) -> ServingPlatform:
    return world.platform()
