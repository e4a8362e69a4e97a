"""The sandbox with MLflow's own registry: the same world through another door."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from mlflow.tracking import MlflowClient

from bot.sandbox.tour.clients import ControlClient, HumanClient, Json, until
from bot.sandbox.tour.health_scene import IRIS_ENDPOINT
from bot.sandbox.tour.scenes import IRIS, ask, ended
from bot.sandbox.tour.stage import APPROVE, LEAD, Stage, words
from bot.sandbox.tour.transcript import Transcript
from bot.sandbox.world import DATABRICKS_TOKEN
from tests.sandbox_process import Sandbox, joined, sandbox, sandbox_state

TIMEOUT = aiohttp.ClientTimeout(total=120)
ALIAS = "/mlflow/api/2.0/mlflow/registered-models/alias"
START_S = 120.0


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    state = sandbox_state(tmp_path_factory.mktemp("world"))
    with sandbox(state, "--registry", "mlflow") as running:
        yield running


@asynccontextmanager
async def staged(world: Sandbox) -> AsyncIterator[Stage]:
    """Play in a world; in the end nothing may have been otherwise than expected."""
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        stage = Stage(
            HumanClient(world.ready["page"], session),
            ControlClient(world.ready["databricks"], DATABRICKS_TOKEN, session),
            Transcript(lambda _: None),
        )
        yield stage
        assert stage.transcript.failures == []


async def promoted(stage: Stage) -> Json:
    """Let version 2 become champion; return the card as it was asked."""
    card = await ask(stage, "promote iris_classifier 2 because it is better")
    assert card is not None
    await stage.click(LEAD, card, APPROVE)
    await ended(stage, card, "✅", "the promotion ends well")
    await stage.stands(IRIS, {"champion": 2, "archived": 1}, "the aliases moved")
    return card


async def test_an_approved_promotion_moves_the_alias_through_mlflow(
    world: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(world) as stage:
        await promoted(stage)
        await stage.serves(IRIS_ENDPOINT, {IRIS: 2}, "the endpoint serves it")
        written = {call["path"] for call in await stage.writes()}
        assert {path for path in written if path.endswith("/alias")} == {ALIAS}
    for name, value in world.environment.items():
        monkeypatch.setitem(os.environ, name, value)
    found = await asyncio.to_thread(MlflowClient().get_registered_model, IRIS)
    assert found.aliases["champion"] == "2"


async def test_the_ready_line_names_the_mlflow_server(world: Sandbox) -> None:
    assert world.ready["mlflow_tracking_uri"] == f"{world.ready['databricks']}/mlflow"
    assert world.environment["HERALD_REGISTRY"] == "mlflow"


async def test_without_databricks_a_promotion_moves_aliases_only(tmp_path: Path) -> None:
    with sandbox(sandbox_state(tmp_path), "--registry", "mlflow", "--no-bot") as alone:
        alike = {**alone.environment, "DATABRICKS_HOST": "", "DATABRICKS_TOKEN": ""}
        with joined(["bot", "run"], alike):
            async with staged(alone) as stage:
                await heard(stage)
                card = await promoted(stage)
                assert "no endpoint changes: only aliases move" in words(card)
                await stage.serves(IRIS_ENDPOINT, {IRIS: 1}, "the endpoint is left alone")


async def heard(stage: Stage) -> None:
    """Wait until the bot hears Slack."""

    async def is_connected() -> bool:
        return bool((await stage.human.workspace())["bot"]["is_connected"])

    assert await until(is_connected, START_S)
