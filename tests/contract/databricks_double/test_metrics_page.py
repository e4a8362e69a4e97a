from itertools import pairwise
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from bot.sandbox.databricks.endpoint_metrics import Invocation, InvocationLog, Provision
from tests.contract.databricks_double.double import ENDPOINTS, Double, running_double

INVOKE = "/serving-endpoints/fraud-shared/invocations"
SHARED = f"{ENDPOINTS}/fraud-shared"


def families(text: str) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text)}


async def read(double: Double) -> str:
    text: str = (await double.get(f"{SHARED}/metrics")).body
    return text


async def test_page_is_what_a_prometheus_client_reads_family_by_family(double: Double) -> None:
    await double.call("POST", INVOKE, {"inputs": [1]})
    text = await read(double)
    found = families(text)

    assert {name: family.type for name, family in found.items()} == {
        "cpu_usage_percentage": "gauge",
        "provisioned_concurrent_requests_total": "gauge",
        "request_count_total": "gauge",
        "request_4xx_count_total": "gauge",
        "request_5xx_count_total": "gauge",
        "request_latency_ms": "histogram",
        "model_queue_time_ms": "histogram",
    }
    assert all(family.documentation for family in found.values())
    assert text.count("# TYPE") == text.count("# HELP") == len(found)


async def test_histogram_ends_with_all_and_never_falls(double: Double) -> None:
    for _ in range(4):
        await double.call("POST", INVOKE, {"inputs": [1]})
    latency = families(await read(double))["request_latency_ms"].samples

    scorer = [s for s in latency if s.labels["served_entity"] == "scorer-1"]
    counts = [s.value for s in scorer if s.name.endswith("_bucket")]
    bounds = [float(s.labels["le"]) for s in scorer if s.name.endswith("_bucket")]
    assert all(low <= high for low, high in pairwise(counts))
    assert bounds == sorted(bounds)
    assert counts[-1] == next(s.value for s in scorer if s.name.endswith("_count")) == 2
    assert next(s.value for s in scorer if s.name.endswith("_sum")) > 0


async def test_counts_do_not_fall_to_nothing_when_the_configuration_changes(state: Path) -> None:
    now = [1_000_000.0]
    async with running_double(state, clock=lambda: now[0]) as double:
        path = "/serving-endpoints/fraud-scorer/invocations"
        await double.call("POST", path, {"inputs": [1]})
        await double.put_version("fraud-scorer", 4)
        await double.settled("fraud-scorer")
        text: str = (await double.get(f"{ENDPOINTS}/fraud-scorer/metrics")).body
        now[0] += 61
        later: str = (await double.get(f"{ENDPOINTS}/fraud-scorer/metrics")).body

    values = {
        s.labels["served_entity"]: s.value for s in families(text)["request_count_total"].samples
    }
    assert values == {"scorer-1": 1, "scorer-4": 0}
    assert "scorer-1" not in later


def test_processor_time_is_the_share_of_provisioned_places_that_were_busy() -> None:
    log = InvocationLog(lambda: 100.0)
    for _ in range(3):
        log.record(
            Invocation(
                at=99.0, endpoint="e", entity="m-1", status=200, latency_ms=9_000, queued_ms=1_000
            )
        )
    found = families(log.text("e", {"m-1": Provision(concurrency=4, memory_percentage=12.5)}))

    assert found["cpu_usage_percentage"].samples[0].value == 10.0
    assert found["mem_usage_percentage"].samples[0].value == 12.5
    assert found["provisioned_concurrent_requests_total"].samples[0].value == 4
    assert [s.value for s in found["model_queue_time_ms"].samples if s.name.endswith("_sum")] == [
        3000
    ]
