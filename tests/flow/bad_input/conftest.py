"""One sandbox and one bot for all of these tests; each finds them without trouble."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.flow.bad_input.world import Bot, World, world_of
from tests.sandbox_process import Sandbox, sandbox, sandbox_state


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Bot]]:
    with sandbox(sandbox_state(tmp_path_factory.mktemp("bad_input")), "--no-bot") as ready:
        bot = Bot(ready.environment)
        bot.start()
        yield ready, bot
        bot.stop()


@pytest.fixture
async def world(running: tuple[Sandbox, Bot]) -> AsyncIterator[World]:
    async with aiohttp.ClientSession() as session:
        world = world_of(*running, session)
        await world.heal()
        await world.heard()
        before = len(await world.violations())
        yield world
        await world.heal()
        await world.withdraw_all()
        assert (await world.violations())[before:] == []
