import asyncio
from pathlib import Path

import pytest
from aiohttp import ClientError

from bot.sandbox.databricks.faults import FaultKind
from bot.sandbox.databricks.odd_pages import ODD_PAGES
from tests.contract.databricks_double.double import (
    ENDPOINTS,
    SCORER,
    UC,
    Double,
    running_double,
)

ALIAS = f"{UC}/registered-models/alias"
FRAUD = f"{ENDPOINTS}/fraud-scorer"
INVOKE = "/serving-endpoints/fraud-scorer/invocations"


async def champion(double: Double) -> str:
    found = await double.get(ALIAS, name=SCORER, alias="champion")
    return str(found.body["model_version"]["version"])


async def calls_to(double: Double, path: str) -> int:
    calls = (await double.call("GET", "/sandbox/calls", token=None)).body["calls"]
    return sum(call["path"] == path for call in calls)


async def arrived(double: Double, path: str) -> None:
    async with asyncio.timeout(60):
        while True:
            if await calls_to(double, path):
                return
            await asyncio.sleep(0.005)


async def test_hanging_call_arrives_has_no_effect_and_ends_without_an_answer(
    double: Double,
) -> None:
    await double.fault(kind="hang", path_prefix=ALIAS)
    body = {"name": SCORER, "alias": "champion", "version": "4"}
    write = asyncio.create_task(double.call("POST", ALIAS, body))
    await arrived(double, ALIAS)
    assert not write.done()

    await double.call("DELETE", "/sandbox/faults", token=None)

    with pytest.raises(ClientError):
        await write
    assert await champion(double) == "1"


async def test_hang_ends_by_itself_after_its_seconds(double: Double) -> None:
    await double.fault(kind="hang", path_prefix=ENDPOINTS, seconds=0.05)

    with pytest.raises(ClientError):
        await double.get(ENDPOINTS)


async def test_hanging_call_is_forgotten_when_its_client_goes(double: Double) -> None:
    await double.fault(kind="hang", path_prefix=FRAUD, count=1)

    impatient = asyncio.create_task(double.get(FRAUD))
    await arrived(double, FRAUD)
    impatient.cancel()

    assert (await double.get(FRAUD)).status == 200


@pytest.mark.parametrize(
    ("status", "code"), [(500, "INTERNAL_ERROR"), (503, "TEMPORARILY_UNAVAILABLE")]
)
async def test_error_is_answered_instead_of_the_call(
    double: Double, status: int, code: str
) -> None:
    await double.fault(kind="error", status=status, path_prefix=ENDPOINTS)
    refused = await double.get(ENDPOINTS)

    assert (refused.status, refused.error_code) == (status, code)


async def test_error_says_when_to_come_again(double: Double) -> None:
    await double.fault(kind="error", status=429, seconds=7)
    refused = await double.get(ENDPOINTS)

    assert (refused.status, refused.headers["Retry-After"]) == (429, "7")


async def test_slow_call_has_its_effect_late(double: Double) -> None:
    await double.fault(kind="slow", path_prefix=ALIAS, method="POST", seconds=30)
    body = {"name": SCORER, "alias": "champion", "version": "4"}
    write = asyncio.create_task(double.call("POST", ALIAS, body))
    await arrived(double, ALIAS)
    before = await champion(double)
    await double.call("DELETE", "/sandbox/faults", token=None)

    assert (await write).status == 200
    assert (before, await champion(double)) == ("1", "4")


async def test_refused_call_gets_no_answer_and_has_no_effect(double: Double) -> None:
    await double.fault(kind="refuse", path_prefix=ALIAS, count=1)
    body = {"name": SCORER, "alias": "champion", "version": "4"}

    with pytest.raises(ClientError):
        await double.call("POST", ALIAS, body)
    assert await champion(double) == "1"


async def test_lost_answer_has_its_effect(double: Double) -> None:
    await double.fault(kind="lost_answer", path_prefix=ALIAS, count=1)
    body = {"name": SCORER, "alias": "champion", "version": "4"}

    with pytest.raises(ClientError):
        await double.call("POST", ALIAS, body)
    assert await champion(double) == "4"


async def test_fault_strikes_as_often_as_its_count_says(double: Double) -> None:
    await double.fault(kind="error", path_prefix=ENDPOINTS, count=2)

    statuses = [(await double.get(ENDPOINTS)).status for _ in range(3)]

    assert statuses == [500, 500, 200]


async def test_fault_strikes_only_its_paths_methods_and_endpoint(double: Double) -> None:
    await double.fault(kind="error", path_prefix="/api/", method="PUT", endpoint="ranker")

    assert (await double.call("PUT", f"{ENDPOINTS}/ranker/config", {})).status == 500
    assert (await double.get(f"{ENDPOINTS}/ranker")).status == 200
    assert (await double.call("PUT", f"{FRAUD}/config", {})).status == 400


async def test_update_fails_for_the_version_named_and_no_other(double: Double) -> None:
    await double.fault(kind="update_fails", endpoint="fraud-scorer", version=4)
    await double.put_version("fraud-scorer", 4)
    failed = await double.settled("fraud-scorer")
    await double.put_version("fraud-scorer", 3)
    good = await double.settled("fraud-scorer")

    entity = failed["pending_config"]["served_entities"][0]
    assert failed["state"]["config_update"] == "UPDATE_FAILED"
    assert entity["state"]["deployment_state_message"]
    assert good["config"]["served_entities"][0]["entity_version"] == "3"


async def test_update_takes_as_long_as_the_fault_is_in_force(double: Double) -> None:
    await double.fault(kind="update_takes", endpoint="fraud-scorer", seconds=60)
    await double.put_version("fraud-scorer", 4)
    await asyncio.sleep(0.1)
    meanwhile = await double.endpoint("fraud-scorer")
    await double.call("DELETE", "/sandbox/faults", token=None)
    settled = await double.settled("fraud-scorer")

    assert meanwhile["state"]["config_update"] == "IN_PROGRESS"
    assert settled["state"]["config_update"] == "NOT_UPDATING"


async def test_update_may_be_told_to_take_no_time(state: Path) -> None:
    async with running_double(state, update_seconds=60.0) as double:
        await double.fault(kind="update_takes", seconds=0)
        await double.put_version("fraud-scorer", 4)
        settled = await double.settled("fraud-scorer")

    assert settled["config"]["served_entities"][0]["entity_version"] == "4"


async def test_version_that_errors_answers_500_on_its_endpoint_alone(double: Double) -> None:
    await double.fault(kind="version_errors", endpoint="fraud-scorer", version="1")

    broken = await double.call("POST", INVOKE, {"inputs": [1]})
    other = await double.call("POST", "/serving-endpoints/ranker/invocations", {"inputs": [1]})

    assert (broken.status, other.status) == (500, 200)


async def test_slow_version_answers_late_and_its_latency_shows(double: Double) -> None:
    await double.fault(kind="version_slow", version="1", endpoint="fraud-scorer", seconds=0.12)
    answer = await double.call("POST", INVOKE, {"inputs": [1]})
    text: str = (await double.get(f"{FRAUD}/metrics")).body

    below_100_ms = next(line for line in text.splitlines() if 'le="100"' in line)
    assert answer.status == 200
    assert below_100_ms.split("} ")[1].startswith("0 ")


async def test_unknown_kind_is_refused_with_the_kinds_there_are(double: Double) -> None:
    refused = await double.fault(kind="explode")

    assert refused.status == 400
    for kind in ("hang", "lost_answer", "update_fails", "version_errors"):
        assert kind in refused.body["message"]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "slow"},
        {"kind": "update_takes"},
        {"kind": "version_slow"},
        {"kind": "hang", "seconds": -1},
        {"kind": "error", "status": 199},
        {"kind": "error", "count": 0},
        {"kind": "error", "colour": "red"},
        {"kind": "odd_metrics", "page": "nothing"},
        {},
    ],
)
async def test_fault_that_makes_no_sense_is_refused(
    double: Double, fault: dict[str, object]
) -> None:
    refused = await double.fault(**fault)

    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")


async def test_faults_in_force_are_listed_until_they_are_lifted(double: Double) -> None:
    await double.fault(kind="error", path_prefix="/nowhere", count=3)
    listed = await double.call("GET", "/sandbox/faults", token=None)
    cleared = await double.call("DELETE", "/sandbox/faults", token=None)
    after = await double.call("GET", "/sandbox/faults", token=None)

    assert listed.body["faults"][0]["count"] == 3
    assert cleared.body == {"cleared": 1}
    assert listed.body["active"] == listed.body["faults"]
    assert (after.body["faults"], after.body["active"]) == ([], [])


async def test_every_kind_is_listed_with_its_fields_and_a_sentence(double: Double) -> None:
    kinds = (await double.call("GET", "/sandbox/faults", token=None)).body["kinds"]

    assert {kind["kind"] for kind in kinds} == set(FaultKind)
    assert all(set(kind["needs"]) <= set(kind["fields"]) for kind in kinds)
    assert all(kind["help"].endswith(".") for kind in kinds)


@pytest.mark.parametrize("kind", FaultKind)
async def test_every_kind_is_taken_with_all_the_fields_that_it_lists(
    double: Double, kind: FaultKind
) -> None:
    kinds = (await double.call("GET", "/sandbox/faults", token=None)).body["kinds"]
    fields = next(listed["fields"] for listed in kinds if listed["kind"] == kind)
    values: dict[str, object] = {
        "method": "GET",
        "path_prefix": "/nowhere",
        "endpoint": "nowhere",
        "version": "1",
        "count": 2,
        "seconds": 0.0,
        "status": 503,
        "page": "json",
    }
    asked = {"kind": kind, **{field: values[field] for field in fields}}
    added = await double.fault(**asked)

    assert added.status == 200
    assert {**added.body["faults"][0], "status": 0} == {**asked, "status": 0}


async def test_canceled_update_leaves_what_served_and_says_so(double: Double) -> None:
    await double.fault(kind="update_canceled", endpoint="fraud-scorer", count=1)
    await double.put_version("fraud-scorer", 4)
    canceled = await double.settled("fraud-scorer")
    await double.put_version("fraud-scorer", 4)
    again = await double.settled("fraud-scorer")

    pending = canceled["pending_config"]["served_entities"][0]
    assert canceled["state"] == {"ready": "READY", "config_update": "UPDATE_CANCELED"}
    assert canceled["config"]["served_entities"][0]["entity_version"] == "1"
    assert pending["state"]["deployment"] == "DEPLOYMENT_ABORTED"
    assert again["config"]["served_entities"][0]["entity_version"] == "4"


@pytest.mark.parametrize("page", ODD_PAGES)
async def test_odd_metrics_page_is_answered_for_that_endpoint_as_often_as_asked(
    double: Double, page: str
) -> None:
    await double.fault(kind="odd_metrics", endpoint="fraud-scorer", page=page, count=1)

    other = await double.get(f"{ENDPOINTS}/ranker/metrics")
    odd = await double.get(f"{FRAUD}/metrics")
    after = await double.get(f"{FRAUD}/metrics")

    assert odd.body == ODD_PAGES[page]
    assert "# TYPE request_count_total gauge" in other.body
    assert "# TYPE request_count_total gauge" in after.body


async def test_endpoint_may_be_gone_between_two_reads(double: Double) -> None:
    before = await double.get(FRAUD)
    gone = await double.call("DELETE", "/sandbox/endpoints/fraud-scorer", token=None)
    after = [await double.get(f"{FRAUD}{path}") for path in ("", "/metrics")]

    assert (before.status, gone.status) == (200, 200)
    assert [(r.status, r.error_code) for r in after] == [(404, "RESOURCE_DOES_NOT_EXIST")] * 2
    assert (await double.call("DELETE", "/sandbox/endpoints/fraud-scorer")).status == 404
