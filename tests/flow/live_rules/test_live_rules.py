"""Rules about live facts, with a real bot and a catalog that knows people."""

from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.world import POLICIES
from tests.flow.bad_input.world import REQUESTER, Bot, World, until, world_of
from tests.sandbox_process import Sandbox, sandbox, sandbox_state

LIVE = """\
apiVersion: herald/v1
policies:
  - name: live
    match: {models: ["prod.ml_team.*"], aliases: [champion]}
    first_release: deny
    rules:
      - {id: soak, type: soak, alias: challenger, min: 30d}
      - {id: up, type: endpoint_health}
      - {id: good, type: metric, metric: success_rate, min: 0.9, source: endpoint, window: 1h,
         min_samples: 20}
      - {id: power, type: platform_privilege, privilege: MANAGE}
      - {id: files, type: artifacts, required: [documentation/, validation/tests.json]}
"""


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[tuple[Sandbox, Bot]]:
    (tmp_path / "live.yml").write_text(LIVE)
    with sandbox(sandbox_state(tmp_path), "--no-bot") as ready:
        policies = f"{POLICIES},{tmp_path}/live.yml"
        bot = Bot({**ready.environment, "HERALD_POLICIES": policies})
        yield ready, bot
        bot.stop()


async def checked(world: World) -> str:
    """Return what a check of the challenger says now."""
    return await world.told(REQUESTER, "check iris_classifier 2")


async def test_they_say_how_it_stands_and_follow_what_changes(bot: tuple[Sandbox, Bot]) -> None:
    ready, process = bot
    async with aiohttp.ClientSession() as session:
        world = world_of(ready, process, session)
        process.start()
        await world.heard()
        first = await checked(world)
        assert "the requester holds nothing on the model, needs MANAGE" in first
        assert "success_rate of iris-classifier rests on 0 of at least 20 requests" in first
        assert "up | READY | READY | ✓ passed" in first
        assert "files | documentation/; validation/tests.json" in first

        who = {"principal": "requester@acme.example", "securable": "prod"}
        grant = {**who, "privileges": ["MANAGE"]}
        async with session.post(f"{ready.ready['databricks']}/sandbox/grants", json=grant) as done:
            assert done.status == 200

        async def is_counted() -> bool:
            said = await checked(world)
            assert "power | MANAGE | MANAGE | ✓ passed" in said
            return "v2 has been challenger for 0 min, needs 30 d" in said

        assert await until(is_counted)
        assert await world.violations() == []
