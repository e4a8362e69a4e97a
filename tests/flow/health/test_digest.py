"""Two real bots on one record: the digest of a slot comes once, with figures of real requests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.tour.stage import words
from tests.flow.bad_input.world import LEAD, Bot, World, until, world_of
from tests.sandbox_process import Sandbox, sandbox, sandbox_state

EVERY_MINUTE = {"HERALD_DIGEST__CRON": "* * * * *", "HERALD_DIGEST__MODELS": "prod.*"}


@pytest.fixture
def bots(tmp_path: Path) -> Iterator[tuple[Sandbox, Bot, Bot]]:
    with sandbox(sandbox_state(tmp_path), "--no-bot") as ready:
        environment = {**ready.environment, **EVERY_MINUTE}
        first, second = Bot(environment), Bot(environment)
        yield ready, first, second
        first.stop()
        second.stop()


async def reports(world: World) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = (await world.see("messages", user=LEAD, channel="C0HEALTH"))[
        "messages"
    ]
    return seen


async def test_of_two_bots_one_posts_the_digest(bots: tuple[Sandbox, Bot, Bot]) -> None:
    ready, first, second = bots
    async with aiohttp.ClientSession() as session:
        world = world_of(ready, first, session)
        answered = await world.control.traffic("iris-classifier", 25)
        assert answered["requests"] == 25
        first.start()
        second.start()

        async def posted() -> bool:
            return bool(await reports(world))

        assert await until(posted)
        first.kill()
        first.start()
        await world.heard()
        seen = await reports(world)
        slots = [message["metadata"]["event_payload"]["slot"] for message in seen]
        assert len(set(slots)) == len(slots)
        assert await world.violations() == []
    said = words(seen[0])
    assert said.startswith("Model health: 1 needs a look, 3 well")
    assert "prod.*" in said
    (iris,) = [line for line in said.splitlines() if line.startswith("iris-classifier | ")]
    assert iris.startswith("iris-classifier | ready | v1 100 % | v1 | 25 | 100 % | ")
