"""Endpoints where a platform answers in ways that the sandbox's does not."""

from typing import Any

import pytest

from bot.adapters.databricks_client import DatabricksClient
from bot.adapters.databricks_serving import PATH, DatabricksServing
from bot.domain.errors import BackEndUnavailableError, EndpointBusyError
from bot.domain.names import EndpointName, ModelName
from bot.domain.serving import EndpointUpdate, Route
from tests.unit.adapters.workspace import StubWorkspace

NAME, SCORER = EndpointName("fraud"), ModelName("prod.fraud.scorer")
TO_7 = (Route(version=7, traffic_percentage=100, entity="scorer-7"),)


@pytest.fixture
def serving(client: DatabricksClient) -> DatabricksServing:
    return DatabricksServing(client)


def shows(stub: StubWorkspace, entity: dict[str, Any] | None = None, **fields: object) -> None:
    """Let the endpoint serve one entity, in a settled state where nothing else is said."""
    raw = {"name": "scorer-6", "entity_name": SCORER, "entity_version": "6"} | (entity or {})
    state = {"ready": "READY", "config_update": "NOT_UPDATING"}
    config = {"served_entities": [raw]}
    stub.says(f"{PATH}/{NAME}", {"name": NAME, "state": state, "config": config} | fields)


@pytest.mark.parametrize(
    ("word", "update"),
    [
        ("NOT_UPDATING", EndpointUpdate.SETTLED),
        ("IN_PROGRESS", EndpointUpdate.IN_PROGRESS),
        ("UPDATE_FAILED", EndpointUpdate.FAILED),
        ("UPDATE_CANCELED", EndpointUpdate.CANCELED),
        ("SOMETHING_NEW", EndpointUpdate.IN_PROGRESS),
        (None, EndpointUpdate.IN_PROGRESS),
    ],
)
async def test_each_word_for_an_update_is_known_or_taken_with_caution(
    serving: DatabricksServing, stub: StubWorkspace, word: str | None, update: EndpointUpdate
) -> None:
    shows(stub, state={"ready": "READY", "config_update": word})
    assert (await serving.endpoint(NAME)).update is update


async def test_nothing_is_written_while_the_state_is_not_understood(
    serving: DatabricksServing, stub: StubWorkspace
) -> None:
    shows(stub, state={"ready": "READY", "config_update": "SOMETHING_NEW"})
    with pytest.raises(EndpointBusyError):
        await serving.serve(NAME, SCORER, TO_7)
    assert [call.method for call in stub.calls] == ["GET"]


async def test_endpoint_without_a_state_is_not_ready(
    serving: DatabricksServing, stub: StubWorkspace
) -> None:
    shows(stub, state=None)
    assert not (await serving.endpoint(NAME)).is_ready


async def test_reason_of_a_failure_gives_nothing_away(
    serving: DatabricksServing, stub: StubWorkspace
) -> None:
    message = f"Failed at {stub.origin}/x with {{{{secrets/fraud/key}}}}:\n  OOM"
    state = {"deployment": "DEPLOYMENT_FAILED", "deployment_state_message": message}
    pending = {"served_entities": [{"name": "scorer-7", "state": state}]}
    shows(stub, pending_config=pending, state={"config_update": "UPDATE_FAILED"})
    assert (await serving.endpoint(NAME)).failure() == "Failed at …/x with …: OOM"


@pytest.mark.parametrize(
    "entity",
    [
        {"entity_name": None, "entity_version": None, "external_model": {"name": "gpt"}},
        {"entity_name": "system.ai.llama", "entity_version": None, "foundation_model": {}},
        {"entity_name": "prod.features.spec", "entity_version": ""},
    ],
)
async def test_entity_without_a_version_is_no_registered_model(
    serving: DatabricksServing, stub: StubWorkspace, entity: dict[str, Any]
) -> None:
    shows(stub, entity)
    (served,) = (await serving.endpoint(NAME)).entities
    assert (served.model, served.version) == (None, None)


async def test_digest_is_blind_for_what_the_platform_writes(
    serving: DatabricksServing, stub: StubWorkspace
) -> None:
    digests = []
    for moment, size in ((1, "Small"), (2, "Small"), (2, "Large")):
        shows(stub, {"creation_timestamp": moment, "state": {"x": moment}, "workload_size": size})
        digests.append((await serving.endpoint(NAME)).entities[0].settings_digest)
    assert digests[0] == digests[1] != digests[2]


async def test_new_endpoint_serves_nothing_yet(
    serving: DatabricksServing, stub: StubWorkspace
) -> None:
    pending = {"served_entities": [{"name": "s", "entity_name": SCORER, "entity_version": "6"}]}
    shows(stub, config=None, pending_config=pending)
    endpoint = await serving.endpoint(NAME)
    assert endpoint.entities == ()
    assert endpoint.pending_routes_of(SCORER)[0].traffic_percentage == 100


async def test_endpoints_that_name_the_model_in_the_old_way_are_found(
    serving: DatabricksServing, stub: StubWorkspace
) -> None:
    old = {"served_models": [{"name": "s", "model_name": SCORER, "model_version": "6"}]}
    stub.says(PATH, {"endpoints": [{"name": NAME, "config": old}, {"name": "empty"}]})
    stub.says(f"{PATH}/{NAME}", {"name": NAME, "config": old})
    (found,) = await serving.endpoints_serving(SCORER)
    assert found.routes_of(SCORER) == (Route(version=6, traffic_percentage=100, entity="s"),)


async def test_workspace_without_endpoints_has_none(
    serving: DatabricksServing, stub: StubWorkspace
) -> None:
    stub.says(PATH, {})
    assert await serving.endpoints_serving(SCORER) == ()


@pytest.mark.parametrize(
    "body", [{}, {"name": NAME, "config": ["x"]}, {"name": NAME, "state": "x"}]
)
async def test_answer_of_another_form_is_no_answer(
    serving: DatabricksServing, stub: StubWorkspace, body: dict[str, Any]
) -> None:
    stub.says(f"{PATH}/{NAME}", body)
    with pytest.raises(BackEndUnavailableError, match="documented form"):
        await serving.endpoint(NAME)
