"""The metrics page of an endpoint, as documented and otherwise."""

import math
from datetime import timedelta

import pytest

from bot.adapters.databricks_client import DatabricksClient
from bot.adapters.endpoint_metrics import PAGE_LIMIT, DatabricksMetrics
from bot.adapters.system import SystemClock
from bot.domain.errors import BackEndUnavailableError
from bot.domain.figures import Reading
from bot.domain.names import EndpointName
from tests.unit.adapters.workspace import Said, StubWorkspace, client_of

NAME = EndpointName("fraud-scorer")
PATH = f"/api/2.0/serving-endpoints/{NAME}/metrics"

DOCUMENTED = """
# HELP cpu_usage_percentage CPU
# TYPE cpu_usage_percentage gauge
cpu_usage_percentage{endpoint="e",served_entity="a"} 12.5 1700000000000
request_count_total{endpoint="e",served_entity="a"} 10 1700000000000
request_count_total{endpoint="e",served_entity="b"} 4 1700000000000
request_4xx_count_total{endpoint="e",served_entity="a"} 1 1700000000000
request_5xx_count_total{endpoint="e",served_entity="a"} 2 1700000000000
request_latency_ms_bucket{endpoint="e",served_entity="a",le="5"} 0 1700000000000
request_latency_ms_bucket{endpoint="e",served_entity="a",le="50"} 7 1700000000000
request_latency_ms_bucket{endpoint="e",served_entity="a",le="+Inf"} 10 1700000000000
request_latency_ms_sum{endpoint="e",served_entity="a"} 812.4 1700000000000
request_latency_ms_count{endpoint="e",served_entity="a"} 10 1700000000000
"""
A, B = "endpoint=e,served_entity=a", "endpoint=e,served_entity=b"


async def read(stub: StubWorkspace, client: DatabricksClient, *answers: Said) -> Reading:
    stub.says(PATH, *answers)
    return await DatabricksMetrics(client, SystemClock()).read(NAME)


async def test_a_documented_page_is_read(stub: StubWorkspace, client: DatabricksClient) -> None:
    seen = await read(stub, client, Said(text=DOCUMENTED))
    assert (seen.requests, seen.problem) == ({A: 10, B: 4}, "")
    assert (seen.client_errors, seen.server_errors) == ({A: 1}, {A: 2})
    assert seen.latency == {A: {5.0: 0, 50.0: 7, math.inf: 3}}
    assert not seen.is_total
    assert stub.calls[-1].headers["Accept"] == "text/plain"


async def test_declared_counters_count_for_ever(
    stub: StubWorkspace, client: DatabricksClient
) -> None:
    page = "# TYPE request_count_total counter\nrequest_count_total 1.2e+04\n"
    seen = await read(stub, client, Said(text=page))
    assert (seen.requests, seen.is_total) == ({"": 12_000}, True)


async def test_declared_gauges_are_the_last_minute(
    stub: StubWorkspace, client: DatabricksClient
) -> None:
    page = "# TYPE request_count_total gauge\nrequest_count_total 12\n"
    seen = await read(stub, client, Said(text=page))
    assert (seen.requests, seen.is_total) == ({"": 12}, False)


async def test_a_declared_histogram_is_read(stub: StubWorkspace, client: DatabricksClient) -> None:
    page = (
        "# TYPE request_latency_ms histogram\n"
        'request_latency_ms_bucket{le="5"} 1\nrequest_latency_ms_bucket{le="+Inf"} 3\n'
        "request_latency_ms_count 3\nrequest_latency_ms_sum 40\n"
    )
    seen = await read(stub, client, Said(text=page))
    assert seen.latency == {"": {5.0: 1, math.inf: 2}}
    assert seen.problem == "its metrics page shows no requests"


async def test_a_page_with_the_three_gauges_alone_says_what_is_missing(
    stub: StubWorkspace, client: DatabricksClient
) -> None:
    seen = await read(stub, client, Said(text="request_count_total 0\n"))
    assert (seen.requests, seen.server_errors, seen.latency) == ({"": 0}, None, None)
    assert seen.problem == "its metrics page shows no latency"


async def test_quantiles_do_not_add_up(stub: StubWorkspace, client: DatabricksClient) -> None:
    page = 'request_count_total 3\nrequest_latency_ms{quantile="0.99"} 80\n'
    seen = await read(stub, client, Said(text=page))
    assert seen.latency is None
    assert seen.problem.endswith("no latency (only quantiles, which do not add up)")


@pytest.mark.parametrize("page", ["", "\n\n", "# nothing\n", "other_family 3\n", "{}", "<html>"])
async def test_a_page_of_another_world_is_no_data(
    stub: StubWorkspace, client: DatabricksClient, page: str
) -> None:
    seen = await read(stub, client, Said(text=page))
    assert (seen.requests, seen.latency) == (None, None)
    assert seen.problem == "its metrics page shows no requests and no latency"


@pytest.mark.parametrize(
    "page",
    [
        "request_count_total\n",
        "request_count_total{ 3\n",
        "request_count_total three\n",
        "request_count_total NaN\n",
        "request_count_total -1\n",
        "request_count_total +Inf\n",
        'request_latency_ms_bucket{le="x"} 1\n',
        "request_latency_ms_bucket 1\n",
        'request_latency_ms_bucket{le="5"} 4\nrequest_latency_ms_bucket{le="+Inf"} 3\n',
        "# TYPE request_count counter\n# TYPE request_5xx_count_total gauge\n",
    ],
)
async def test_a_page_of_unknown_shape_is_no_data_with_its_reason(
    stub: StubWorkspace, client: DatabricksClient, page: str
) -> None:
    seen = await read(stub, client, Said(text=page))
    assert (seen.requests, seen.server_errors, seen.latency) == (None, None, None)
    assert seen.problem.startswith("its metrics page cannot be read: ")


async def test_a_page_that_never_ends_is_refused(
    stub: StubWorkspace, client: DatabricksClient
) -> None:
    seen = await read(stub, client, Said(text="# padding\n" * (PAGE_LIMIT // 10 + 1)))
    assert seen.problem.startswith("its metrics were refused: the file is larger")


async def test_an_endpoint_without_metrics_is_no_data(
    stub: StubWorkspace, client: DatabricksClient
) -> None:
    stub.refuses(PATH, 404, "RESOURCE_DOES_NOT_EXIST", "no metrics")
    seen = await DatabricksMetrics(client, SystemClock()).read(NAME)
    assert seen.problem == "the platform measures nothing of it"


async def test_a_silent_platform_is_told(stub: StubWorkspace) -> None:
    brief = client_of(stub.origin, timedelta(milliseconds=300).total_seconds())
    with pytest.raises(BackEndUnavailableError):
        await read(stub, brief, Said(hangs=True))
    await brief.close()
