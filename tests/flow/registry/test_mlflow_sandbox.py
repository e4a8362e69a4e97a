"""The sandbox with MLflow's own registry: the same world through another door."""

import os
from collections.abc import Iterator

import aiohttp
import pytest
from mlflow.tracking import MlflowClient

from bot.sandbox.tour.clients import ControlClient, HumanClient
from bot.sandbox.tour.scenes import IRIS, IRIS_ENDPOINT, ask, ended
from bot.sandbox.tour.stage import APPROVE, LEAD, Stage
from bot.sandbox.tour.transcript import Transcript
from bot.sandbox.world import DATABRICKS_TOKEN
from tests.sandbox_process import Sandbox, sandbox, sandbox_state

TIMEOUT = aiohttp.ClientTimeout(total=30)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(
        sandbox_state(tmp_path_factory.mktemp("world")), "--registry", "mlflow"
    ) as running:
        yield running


async def test_an_approved_promotion_moves_the_alias_through_mlflow(
    world: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        stage = Stage(
            HumanClient(world.ready["page"], session),
            ControlClient(world.ready["databricks"], DATABRICKS_TOKEN, session),
            Transcript(lambda _: None),
        )
        await _promote(stage)
        assert stage.transcript.failures == []
        assert {call["path"] for call in await stage.writes() if "alias" in call["path"]} == {
            "/mlflow/api/2.0/mlflow/registered-models/alias"
        }
    for name, value in world.environment.items():
        monkeypatch.setitem(os.environ, name, value)
    assert MlflowClient().get_registered_model(IRIS).aliases["champion"] == "2"


async def _promote(stage: Stage) -> None:
    card = await ask(stage, "promote iris_classifier 2 because it is better")
    assert card is not None
    await stage.click(LEAD, card, APPROVE)
    await ended(stage, card, "✅", "the promotion ends well")
    await stage.stands(IRIS, {"champion": 2, "archived": 1}, "the aliases moved")
    await stage.serves(IRIS_ENDPOINT, {IRIS: 2}, "the endpoint serves it")


async def test_the_ready_line_names_the_mlflow_server(world: Sandbox) -> None:
    assert world.ready["mlflow_tracking_uri"] == f"{world.ready['databricks']}/mlflow"
    assert world.environment["HERALD_REGISTRY"] == "mlflow"
