from pathlib import Path
from typing import Any

import pytest

from tests.contract.databricks_double.double import (
    CANNOT_START,
    ENDPOINTS,
    SCORER,
    Double,
    Json,
    running_double,
)

FRAUD = f"{ENDPOINTS}/fraud-scorer"
SHARED = f"{ENDPOINTS}/fraud-shared"


def entity(version: object = 4, **fields: object) -> Json:
    return {"entity_name": SCORER, "entity_version": version, **fields}


def split(**shares: int) -> Json:
    routes = [{"served_model_name": n, "traffic_percentage": s} for n, s in shares.items()]
    return {"routes": routes}


async def test_list_shows_entities_without_traffic_or_config_version(double: Double) -> None:
    listed = (await double.get(ENDPOINTS)).body["endpoints"]

    shared = next(endpoint for endpoint in listed if endpoint["name"] == "fraud-shared")
    assert shared["config"]["served_entities"] == [
        {"name": "scorer-1", "entity_name": SCORER, "entity_version": "1"},
        {"name": "rules-1", "entity_name": "prod.fraud.rules", "entity_version": "1"},
    ]
    assert set(shared["config"]) == {"served_entities"}


async def test_new_config_waits_as_pending_while_the_old_one_serves(state: Path) -> None:
    async with running_double(state, update_seconds=30.0) as double:
        asked = (await double.put_version("fraud-scorer", 4)).body

    assert asked["state"] == {"ready": "READY", "config_update": "IN_PROGRESS"}
    assert asked["config"]["served_entities"][0]["entity_version"] == "1"
    assert asked["config"]["config_version"] == 1
    pending = asked["pending_config"]
    assert pending["served_entities"][0]["state"]["deployment"] == "DEPLOYMENT_CREATING"
    assert (pending["config_version"], pending["start_time"] > 0) == (2, True)


async def test_update_ends_with_the_new_config_serving_under_a_higher_version(
    double: Double,
) -> None:
    await double.put_version("fraud-scorer", 4)
    settled = await double.settled("fraud-scorer")

    config = settled["config"]
    assert settled["state"] == {"ready": "READY", "config_update": "NOT_UPDATING"}
    assert "pending_config" not in settled
    assert config["config_version"] == 2
    assert config["served_entities"][0]["name"] == "scorer-4"
    assert config["served_entities"][0]["state"]["deployment"] == "DEPLOYMENT_READY"


async def test_second_update_is_a_conflict_while_the_first_is_under_way(state: Path) -> None:
    async with running_double(state, update_seconds=30.0) as double:
        await double.put_version("fraud-scorer", 4)
        refused = await double.put_version("fraud-scorer", 3)

    assert (refused.status, refused.error_code) == (409, "RESOURCE_CONFLICT")


async def test_equal_config_starts_an_update_of_its_own(double: Double) -> None:
    await double.put_version("fraud-scorer", 1)
    settled = await double.settled("fraud-scorer")

    assert settled["config"]["config_version"] == 2


async def test_version_that_cannot_start_fails_the_update_and_the_old_one_still_serves(
    double: Double,
) -> None:
    await double.put_version("fraud-scorer", 2)
    settled = await double.settled("fraud-scorer")
    answer = await double.call("POST", "/serving-endpoints/fraud-scorer/invocations", {"inputs": 1})

    failed = settled["pending_config"]["served_entities"][0]["state"]
    assert settled["state"] == {"ready": "READY", "config_update": "UPDATE_FAILED"}
    assert failed == {"deployment": "DEPLOYMENT_FAILED", "deployment_state_message": CANNOT_START}
    assert settled["config"]["config_version"] == 1
    assert (answer.status, answer.headers["served-model-name"]) == (200, "scorer-1")


async def test_good_entity_beside_a_failed_one_is_aborted(double: Double) -> None:
    body = {
        "served_entities": [entity(2), entity(4)],
        "traffic_config": split(**{"scorer-2": 10, "scorer-4": 90}),
    }
    await double.call("PUT", f"{FRAUD}/config", body)
    settled = await double.settled("fraud-scorer")

    states = [e["state"]["deployment"] for e in settled["pending_config"]["served_entities"]]
    assert states == ["DEPLOYMENT_FAILED", "DEPLOYMENT_ABORTED"]


async def test_update_after_a_failed_one_succeeds(double: Double) -> None:
    await double.put_version("fraud-scorer", 2)
    await double.settled("fraud-scorer")
    await double.put_version("fraud-scorer", 4)
    settled = await double.settled("fraud-scorer")

    assert settled["state"]["config_update"] == "NOT_UPDATING"
    assert settled["config"]["served_entities"][0]["entity_version"] == "4"


async def test_fields_that_the_double_does_not_know_are_kept(double: Double) -> None:
    fields: Json = {
        "environment_vars": {"A": "{{secrets/a/b}}"},
        "workload_size": "Large",
        "brand_new": [1, {"deep": True}],
    }
    body = {"served_entities": [entity(**fields)], "auto_capture_config": {"enabled": False}}
    await double.call("PUT", f"{FRAUD}/config", body)
    config = (await double.settled("fraud-scorer"))["config"]

    assert fields.items() <= config["served_entities"][0].items()
    assert config["auto_capture_config"] == {"enabled": False}


async def test_deprecated_served_models_are_taken_too(double: Double) -> None:
    model = {"model_name": SCORER, "model_version": "4", "name": "mine"}
    await double.call("PUT", f"{FRAUD}/config", {"served_models": [model]})
    served = (await double.settled("fraud-scorer"))["config"]["served_entities"][0]

    assert (served["name"], served["entity_name"], served["entity_version"]) == (
        "mine",
        SCORER,
        "4",
    )


REFUSED: list[tuple[str, Json]] = [
    ("nothing to serve", {}),
    (
        "both forms",
        {
            "served_entities": [entity()],
            "served_models": [{"model_name": SCORER, "model_version": "4"}],
        },
    ),
    ("entities are no list", {"served_entities": {"entity_name": SCORER}}),
    ("no model", {"served_entities": [{"entity_version": "4"}]}),
    ("no version", {"served_entities": [{"entity_name": SCORER}]}),
    ("an alias as version", {"served_entities": [entity("champion")]}),
    ("a bad entity name", {"served_entities": [entity(name="a b")]}),
    ("the same name twice", {"served_entities": [entity(4), entity(4)]}),
    ("two entities without traffic", {"served_entities": [entity(1), entity(4)]}),
    (
        "traffic of 90",
        {"served_entities": [entity()], "traffic_config": split(**{"scorer-4": 90})},
    ),
    (
        "traffic for a stranger",
        {"served_entities": [entity()], "traffic_config": split(stranger=100)},
    ),
    (
        "a negative share",
        {
            "served_entities": [entity(1), entity(4)],
            "traffic_config": split(**{"scorer-1": -10, "scorer-4": 110}),
        },
    ),
    (
        "a share that is no integer",
        {
            "served_entities": [entity()],
            "traffic_config": {
                "routes": [{"served_model_name": "scorer-4", "traffic_percentage": 100.0}]
            },
        },
    ),
    (
        "two routes to one entity",
        {
            "served_entities": [entity()],
            "traffic_config": {
                "routes": [{"served_model_name": "scorer-4", "traffic_percentage": 50}] * 2
            },
        },
    ),
    (
        "a route with two targets",
        {
            "served_entities": [entity()],
            "traffic_config": {
                "routes": [
                    {
                        "served_model_name": "scorer-4",
                        "served_entity_name": "scorer-1",
                        "traffic_percentage": 100,
                    }
                ]
            },
        },
    ),
]


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for name, body in REFUSED])
async def test_config_that_the_platform_would_not_take_is_refused(
    double: Double, body: Json
) -> None:
    refused = await double.call("PUT", f"{FRAUD}/config", body)

    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")
    assert "pending_config" not in await double.endpoint("fraud-scorer")


@pytest.mark.parametrize(("model", "version"), [(SCORER, "99"), ("prod.fraud.nothing", "1")])
async def test_version_that_is_not_registered_cannot_be_served(
    double: Double, model: str, version: str
) -> None:
    body = {"served_entities": [{"entity_name": model, "entity_version": version}]}
    refused = await double.call("PUT", f"{FRAUD}/config", body)

    assert (refused.status, refused.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("DELETE", ""),
        ("PATCH", "/tags"),
        ("GET", "/metrics"),
        ("GET", "/served-models/x/logs"),
    ],
)
async def test_endpoint_that_is_not_there_does_not_exist(
    double: Double, method: str, path: str
) -> None:
    refused = await double.call(method, f"{ENDPOINTS}/nowhere{path}")

    assert (refused.status, refused.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")


async def test_created_endpoint_becomes_ready_and_can_be_deleted(double: Double) -> None:
    body = {"name": "fresh", "config": {"served_entities": [entity()]}, "ai_gateway": {"a": 1}}
    created = await double.call("POST", ENDPOINTS, body)
    settled = await double.settled("fresh")
    twice = await double.call("POST", ENDPOINTS, body)
    await double.call("DELETE", f"{ENDPOINTS}/fresh")
    gone = await double.get(f"{ENDPOINTS}/fresh")

    assert created.body["state"] == {"ready": "NOT_READY", "config_update": "IN_PROGRESS"}
    assert (settled["state"]["ready"], settled["ai_gateway"]) == ("READY", {"a": 1})
    assert (twice.status, twice.error_code) == (409, "RESOURCE_ALREADY_EXISTS")
    assert gone.status == 404


@pytest.mark.parametrize("body", [{"name": "a b", "config": {}}, {"name": "fine"}, {}])
async def test_endpoint_without_a_good_name_or_config_is_not_created(
    double: Double, body: Json
) -> None:
    assert (await double.call("POST", ENDPOINTS, body)).status == 400


async def test_endpoint_that_serves_nothing_yet_answers_no_request(state: Path) -> None:
    async with running_double(state, update_seconds=30.0) as double:
        body = {"name": "fresh", "config": {"served_entities": [entity()]}}
        await double.call("POST", ENDPOINTS, body)
        answer = await double.call("POST", "/serving-endpoints/fresh/invocations", {"inputs": 1})

    assert (answer.status, answer.error_code) == (400, "BAD_REQUEST")


async def test_tags_are_added_and_deleted_by_key(double: Double) -> None:
    body = {"add_tags": [{"key": "team", "value": "risk"}], "delete_tags": ["tier"]}
    changed = await double.call("PATCH", f"{FRAUD}/tags", body)

    assert changed.body["tags"] == [{"key": "team", "value": "risk"}]
    assert (await double.endpoint("fraud-scorer"))["tags"] == changed.body["tags"]


async def test_logs_tell_why_an_entity_did_not_start(double: Double) -> None:
    await double.put_version("fraud-scorer", 2)
    await double.settled("fraud-scorer")
    log = await double.get(f"{FRAUD}/served-models/scorer-2/logs")
    build = await double.get(f"{FRAUD}/served-models/scorer-2/build-logs")
    unknown = await double.get(f"{FRAUD}/served-models/scorer-9/logs")

    assert CANNOT_START in log.body["logs"]
    assert SCORER in build.body["logs"]
    assert unknown.status == 404


async def test_permissions_are_asked_by_the_endpoints_id(double: Double) -> None:
    known = (await double.endpoint("fraud-scorer"))["id"]
    found = await double.get(f"/api/2.0/permissions/serving-endpoints/{known}")
    unknown = await double.get("/api/2.0/permissions/serving-endpoints/fraud-scorer")

    assert found.body["object_id"].endswith(known)
    assert unknown.status == 404


async def test_requests_are_spread_as_the_routes_say(double: Double) -> None:
    served: list[str] = []
    for _ in range(10):
        path = "/serving-endpoints/fraud-shared/invocations"
        answer = await double.call("POST", path, {"inputs": [1]})
        served.append(answer.headers["served-model-name"])

    assert sorted(served) == ["rules-1"] * 5 + ["scorer-1"] * 5


async def test_one_entity_can_be_asked_by_name(double: Double) -> None:
    path = "/serving-endpoints/fraud-shared/served-models/rules-1/invocations"
    answers = [await double.call("POST", path, {"inputs": [1]}) for _ in range(3)]

    assert {answer.headers["served-model-name"] for answer in answers} == {"rules-1"}


def metric(text: str, name: str) -> list[float]:
    """Return the values of a family: the token after the labels."""
    lines = [line for line in text.splitlines() if line.startswith(name + "{")]
    return [float(line.split("} ")[1].split()[0]) for line in lines]


async def test_metrics_count_the_last_minutes_requests_and_errors(double: Double) -> None:
    await double.fault(kind="version_errors", endpoint="fraud-scorer", count=1)
    for _ in range(3):
        await double.call("POST", "/serving-endpoints/fraud-scorer/invocations", {"inputs": [1]})
    text: str = (await double.get(f"{FRAUD}/metrics")).body

    assert metric(text, "request_count_total") == [3]
    assert metric(text, "request_5xx_count_total") == [1]
    assert metric(text, "request_4xx_count_total") == [0]
    assert metric(text, "request_latency_ms_count") == [3]
    assert metric(text, "request_latency_ms_bucket")[-1] == 3
    samples = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(len(line.rsplit(" ", 1)[1]) == 13 for line in samples)


async def test_metrics_forget_what_is_older_than_a_minute(state: Path) -> None:
    now = [1_000_000.0]
    async with running_double(state, clock=lambda: now[0]) as double:
        await double.call("POST", "/serving-endpoints/fraud-scorer/invocations", {"inputs": [1]})
        now[0] += 61
        text: str = (await double.get(f"{FRAUD}/metrics")).body

    assert metric(text, "request_count_total") == [0]


async def test_endpoints_are_as_they_were_after_a_restart(state: Path) -> None:
    async with running_double(state) as double:
        await double.put_version("fraud-scorer", 4)
        before: Any = await double.settled("fraud-scorer")
    async with running_double(state) as double:
        after = await double.endpoint("fraud-scorer")
        answer = await double.call(
            "POST", "/serving-endpoints/fraud-scorer/invocations", {"inputs": [1]}
        )

    assert after == before
    assert answer.headers["served-model-name"] == "scorer-4"


async def test_update_that_a_restart_cut_off_goes_on_afterwards(state: Path) -> None:
    async with running_double(state, update_seconds=30.0) as double:
        await double.put_version("fraud-scorer", 4)
    async with running_double(state) as double:
        settled = await double.settled("fraud-scorer")

    assert settled["config"]["served_entities"][0]["entity_version"] == "4"
