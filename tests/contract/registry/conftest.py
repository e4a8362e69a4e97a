"""The world of each test; every registry adapter is to pass the same tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.contract.registry.world import Ports, RegistryWorld, unity_catalog_world
from tests.seeded_world import copied_world, seeded_state


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[RegistryWorld]:
    async with unity_catalog_world(copied_world(tmp_path)) as world:
        yield world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def library(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ports]:
    """Ports on one world for all tests of a module; nobody may write to it."""
    async with unity_catalog_world(seeded_state(tmp_path_factory)) as world:
        yield world.ports()


@pytest.fixture
def ports(world: RegistryWorld) -> Ports:
    return world.ports()
