"""A version gets the number that a rule proposes, by a click, in either registry."""

from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.demo.world import CHURN
from bot.sandbox.tour.stage import actions
from bot.sandbox.world import POLICIES
from tests.flow.bad_input.world import REQUESTER, VIEWER, Bot, World, world_of
from tests.sandbox_process import Sandbox, sandbox, sandbox_state

NUMBERED = """\
apiVersion: herald/v1
policies:
  - name: numbered
    match: {models: ["*churn*"], aliases: [champion]}
    first_release: allow
    rules:
      - {id: number, type: semver}
"""
CHECK, TAG = f"check {CHURN} 1", "check.tag"
OTHER_CHECK = f"check {CHURN} 2"
DENIED = "❌ No version is tagged"


@pytest.fixture(scope="module", params=["databricks", "mlflow"])
def bot(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Sandbox, Bot]]:
    tmp_path: Path = tmp_path_factory.mktemp("numbered")
    (tmp_path / "numbered.yml").write_text(NUMBERED)
    flags = ("--registry", "mlflow") if request.param == "mlflow" else ()
    with sandbox(sandbox_state(tmp_path), "--no-bot", *flags) as ready:
        policies = f"{POLICIES},{tmp_path}/numbered.yml"
        bot = Bot({**ready.environment, "HERALD_POLICIES": policies})
        bot.start()
        yield ready, bot
        bot.stop()


async def writes(world: World) -> list[str]:
    """Return the addresses to which tags were written."""
    calls = await world.control.calls()
    paths = [call["path"] for call in calls if call["method"] in {"POST", "PATCH"}]
    return [path for path in paths if "tag" in path]


async def test_a_click_writes_the_tag_once_and_the_rule_passes(bot: tuple[Sandbox, Bot]) -> None:
    async with aiohttp.ClientSession() as session:
        world = world_of(*bot, session)
        await world.heard()
        assert "no tag version" in await world.told(REQUESTER, CHECK)
        report = (await world.private(REQUESTER))[-1]
        assert TAG in actions(report)

        said = await world.told_on_click(REQUESTER, report, TAG)
        assert "v1 has the tag version = 1.0.0 now" in said.replace("`", "")
        (address,) = await writes(world)
        assert address.endswith("/model-versions/set-tag")
        assert "already" in await world.told_on_click(REQUESTER, report, TAG)
        assert len(await writes(world)) == 1

        after = (await world.told(REQUESTER, CHECK)).splitlines()
        (row,) = [line for line in after if line.startswith("number |")]
        assert row.replace("`", "") == "number | 1.0.0 | a semantic version | ✓ passed"
        assert TAG not in actions((await world.private(REQUESTER))[-1])
        assert await world.violations() == []


async def test_who_may_only_look_is_refused_at_the_click(bot: tuple[Sandbox, Bot]) -> None:
    async with aiohttp.ClientSession() as session:
        world = world_of(*bot, session)
        await world.heard()
        before = await writes(world)
        await world.told(VIEWER, OTHER_CHECK)
        report = (await world.private(VIEWER))[-1]
        assert DENIED in await world.told_on_click(VIEWER, report, TAG)
        assert await writes(world) == before
