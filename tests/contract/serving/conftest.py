"""The world of each test; every serving adapter is to pass the same tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.ports import ServingPlatform
from tests.contract.serving.world import ServingWorld, databricks_world
from tests.seeded_world import copied_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[ServingWorld]:
    async with databricks_world(copied_world(tmp_path)) as world:
        yield world


@pytest.fixture
def platform(world: ServingWorld) -> ServingPlatform:
    return world.platform()
