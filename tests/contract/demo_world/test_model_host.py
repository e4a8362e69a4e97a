"""The model host answers with the real models, and the instant one keeps the same contract."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.sandbox.databricks.model_host_client import (
    InstantModelHost,
    ModelHost,
    ModelLoadError,
    ProcessModelHost,
)
from bot.sandbox.demo.seed import child_environment
from bot.sandbox.demo.traffic import sample_request
from bot.sandbox.demo.world import CANNOT_START_REASON, ENDPOINTS, MODELS, QUIRKS, Quirk

DEADLINE_S = 120
SCORER = "prod.fraud.scorer"
BROKEN = [key for key, quirk in QUIRKS.items() if quirk is Quirk.CANNOT_START]
WHOLE = [
    (m.name, v.version) for m in MODELS for v in m.versions if (m.name, v.version) not in BROKEN
]
SERVED = [(e.name, s.model, s.version) for e in ENDPOINTS for s in e.entities]

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process(state: Path) -> AsyncIterator[ProcessModelHost]:
    host = ProcessModelHost()
    await host.start(state)
    yield host
    await host.stop()


@pytest.fixture(params=["process", "instant"])
def host(request: pytest.FixtureRequest, process: ProcessModelHost) -> ModelHost:
    instant = InstantModelHost(failing={(SCORER, 2): CANNOT_START_REASON})
    return process if request.param == "process" else instant


async def test_version_that_cannot_start_gives_its_reason(host: ModelHost) -> None:
    with pytest.raises(ModelLoadError, match="ModuleNotFoundError: No module named 'lightgbm'"):
        await host.load(SCORER, 2)


async def test_loaded_version_answers_with_predictions(host: ModelHost) -> None:
    await host.load(SCORER, 1)
    status, answer = await host.invoke(SCORER, 1, sample_request("fraud-scorer"))
    assert status == 200
    assert isinstance(answer["predictions"], list)


async def test_version_that_was_never_loaded_is_not_found(host: ModelHost) -> None:
    status, answer = await host.invoke(SCORER, 9, sample_request("fraud-scorer"))
    assert (status, answer["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")


async def test_unloaded_version_no_longer_answers(host: ModelHost) -> None:
    await host.load(SCORER, 4)
    await host.unload(SCORER, 4)
    status, _ = await host.invoke(SCORER, 4, sample_request("fraud-scorer"))
    assert status == 404


async def test_unloading_what_is_not_loaded_is_no_error(host: ModelHost) -> None:
    await host.unload(SCORER, 9)


@pytest.mark.parametrize(("name", "version"), WHOLE)
async def test_every_other_version_loads(
    process: ProcessModelHost, name: str, version: int
) -> None:
    await process.load(name, version)


@pytest.mark.parametrize(("endpoint", "name", "version"), SERVED)
async def test_sample_request_is_answered_by_each_served_entity(
    process: ProcessModelHost, endpoint: str, name: str, version: int
) -> None:
    await process.load(name, version)
    status, answer = await process.invoke(name, version, sample_request(endpoint))
    assert (status, len(_predictions(answer)) > 0) == (200, True)


async def test_assistant_answers_from_the_notice_that_knows(process: ProcessModelHost) -> None:
    name = "sandbox.nasa_gcn_models.gcn_rag_assistant"
    await process.load(name, 1)
    _, answer = await process.invoke(name, 1, sample_request("nasa-gcn-rag-assistant"))
    assert "z = 1.41" in str(_predictions(answer)[0])


async def test_iris_is_told_from_its_measurements(process: ProcessModelHost) -> None:
    await process.load("prod.ml_team.iris_classifier", 2)
    _, answer = await process.invoke(
        "prod.ml_team.iris_classifier", 2, sample_request("iris-classifier")
    )
    assert answer == {"predictions": [0, 2]}


async def test_slow_version_does_not_hold_up_another(process: ProcessModelHost) -> None:
    await process.load(SCORER, 3)
    await process.load(SCORER, 1)
    asked = sample_request("fraud-scorer")
    slow = asyncio.create_task(process.invoke(SCORER, 3, asked))
    await asyncio.sleep(0.05)
    assert (await process.invoke(SCORER, 1, asked))[0] == 200
    assert not slow.done()
    assert (await slow)[0] == 200


async def test_request_without_the_models_columns_is_refused(process: ProcessModelHost) -> None:
    await process.load(SCORER, 1)
    wrong: dict[str, object] = {"dataframe_split": {"columns": ["nothing"], "data": [[1]]}}
    status, answer = await process.invoke(SCORER, 1, wrong)
    assert status == 400
    assert "Model is missing inputs" in str(answer["message"])


@pytest.mark.parametrize(
    "payload",
    [
        {"dataframe_records": [{"question": "How long was GRB 260117B?"}]},
        {"dataframe_split": {"columns": ["question"], "data": [["How long was GRB 260117B?"]]}},
        {"instances": [{"question": "How long was GRB 260117B?"}]},
        {"inputs": {"question": ["How long was GRB 260117B?"]}},
    ],
    ids=lambda payload: next(iter(payload)),
)
async def test_all_four_of_mlflows_forms_are_understood(
    process: ProcessModelHost, payload: dict[str, object]
) -> None:
    name = "sandbox.nasa_gcn_models.gcn_rag_assistant"
    await process.load(name, 2)
    status, answer = await process.invoke(name, 2, payload)
    assert (status, "DEMO-0004" in str(answer)) == (200, True)


async def test_payload_in_no_known_form_is_refused(process: ProcessModelHost) -> None:
    await process.load(SCORER, 1)
    status, _ = await process.invoke(SCORER, 1, {"rows": []})
    assert status == 400


@pytest.mark.parametrize(("name", "version"), [(SCORER, 99), ("prod.fraud.nobody", 1)])
async def test_version_that_does_not_exist_cannot_be_loaded(
    process: ProcessModelHost, name: str, version: int
) -> None:
    with pytest.raises(ModelLoadError, match="not found"):
        await process.load(name, version)


async def test_host_that_was_stopped_is_unavailable(state: Path) -> None:
    host = ProcessModelHost()
    await host.start(state)
    await host.stop()
    status, answer = await host.invoke(SCORER, 1, sample_request("fraud-scorer"))
    assert (status, answer["error_code"]) == (503, "TEMPORARILY_UNAVAILABLE")


async def test_host_run_by_hand_says_what_it_has_loaded_and_ends_on_sigterm(state: Path) -> None:
    async with _by_hand(state) as (process, url), aiohttp.ClientSession() as session:
        async with session.get(f"{url}/health") as answer:
            assert await answer.json() == {"loaded": []}
        process.terminate()
        assert await asyncio.wait_for(process.wait(), DEADLINE_S) == 0


async def test_host_loads_from_an_address_as_well_as_from_the_registry(state: Path) -> None:
    models = state / "artifacts" / "prod.ml_team.churn" / "models"
    folder = next(models.iterdir()).relative_to(state / "artifacts")
    async with _by_hand(state) as (_, url), aiohttp.ClientSession() as session:
        body = {"key": "mine/1", "uri": f"mlflow-artifacts:/{folder}/artifacts"}
        async with session.post(f"{url}/load", json=body) as answer:
            assert await answer.json() == {"loaded": "mine/1"}


async def test_host_ends_when_its_parent_is_gone(state: Path) -> None:
    async with _by_hand(state, "--with-parent") as (process, _):
        stdin = process.stdin
        assert stdin is not None
        stdin.close()
        assert await asyncio.wait_for(process.wait(), DEADLINE_S) == 0


@asynccontextmanager
async def _by_hand(
    state: Path, *options: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.sandbox.databricks.model_host",
        "--state",
        str(state),
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=child_environment(),
    )
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), DEADLINE_S)
    yield process, f"http://127.0.0.1:{json.loads(line)['port']}"
    if process.returncode is None:
        process.kill()
        await process.wait()


def _predictions(answer: dict[str, object]) -> list[object]:
    predictions = answer["predictions"]
    assert isinstance(predictions, list)
    return predictions


async def test_memory_that_models_take_is_measured_where_they_are(
    process: ProcessModelHost,
) -> None:
    measured = process.memory_percentage()

    assert measured is not None
    assert 0 < measured < 100
    assert InstantModelHost().memory_percentage() is None
    assert ProcessModelHost().memory_percentage() is None
