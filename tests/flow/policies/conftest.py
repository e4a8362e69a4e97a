"""One sandbox and one bot for all of these tests, each of which has a model of its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.flow.bad_input.world import world_of
from tests.flow.policies.scene import HastyBot, Scene
from tests.sandbox_process import Sandbox, sandbox, sandbox_state

POLICIES = Path(__file__).parent / "scenes.yml"


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, HastyBot]]:
    with sandbox(sandbox_state(tmp_path_factory.mktemp("policies")), "--no-bot") as ready:
        bot = HastyBot({**ready.environment, "HERALD_POLICIES": str(POLICIES)})
        bot.start()
        yield ready, bot
        bot.stop()


@pytest.fixture
async def scene(running: tuple[Sandbox, HastyBot]) -> AsyncIterator[Scene]:
    ready, bot = running
    async with aiohttp.ClientSession() as session:
        world = world_of(ready, bot, session)
        record = ready.environment["HERALD_DATABASE_URL"].removeprefix("sqlite:///")
        scene = Scene(
            page=world.page,
            bot=bot,
            control=world.control,
            session=session,
            databricks=ready.ready["databricks"],
            record=Path(record),
        )
        await scene.heal()
        await scene.heard()
        before = len(await scene.violations())
        yield scene
        assert (await scene.violations())[before:] == []
