"""What endpoints measure of real invocations, and the overview that samples begin with."""

import pytest

from bot.adapters.endpoint_metrics import DatabricksMetrics
from bot.adapters.system import SystemClock
from bot.domain.errors import BackEndUnavailableError
from bot.domain.figures import Figures, Reading, figures_of, sample_of
from bot.domain.names import EndpointName, ModelName
from bot.domain.ports import EndpointMetrics, ServingPlatform
from bot.sandbox.demo.world import RULES, SCORER
from tests.contract.serving.world import BRIEF_S, LONG_S, ServingWorld

SHARED = EndpointName("fraud-shared")


def metrics(world: ServingWorld, deadline_s: float = LONG_S) -> EndpointMetrics:
    return DatabricksMetrics(world.client(deadline_s), SystemClock())


def figures(reading: Reading) -> Figures:
    return figures_of(sample_of(SHARED, None, reading))


async def test_every_endpoint_is_in_the_overview(platform: ServingPlatform) -> None:
    seen = await platform.overview()
    assert [e.name for e in seen] == sorted(e.name for e in seen)
    (shared,) = [e for e in seen if e.name == SHARED]
    served = {(e.model, e.version) for e in shared.entities}
    assert served == {(ModelName(SCORER), 1), (ModelName(RULES), 1)}
    assert shared.is_ready


async def test_an_unused_endpoint_had_no_request(world: ServingWorld) -> None:
    seen = figures(await metrics(world).read(SHARED))
    assert (seen.requests, seen.server_errors, seen.success_ratio, seen.p95) == (0, 0, None, None)


async def test_requests_to_all_entities_are_counted(world: ServingWorld) -> None:
    body = {"endpoint": SHARED, "requests": 30}
    answered = await world.double.call("POST", "/sandbox/traffic", body)
    assert answered.body["requests"] == 30
    seen = figures(await metrics(world).read(SHARED))
    assert (seen.requests, seen.client_errors) == (30, 0)
    assert seen.success_ratio == 1
    assert seen.p95 is not None
    assert seen.p95.ms > 0


async def test_an_unknown_endpoint_measures_nothing(world: ServingWorld) -> None:
    seen = await metrics(world).read(EndpointName("nobody"))
    assert (seen.requests, seen.problem) == (None, "the platform measures nothing of it")


@pytest.mark.parametrize("name", ["../clusters", "..", "", "a/b"])
async def test_a_name_cannot_lead_elsewhere(world: ServingWorld, name: str) -> None:
    assert (await metrics(world).read(EndpointName(name))).requests is None


async def test_a_hanging_platform_is_told_within_the_deadline(world: ServingWorld) -> None:
    await world.fault(kind="hang", path_prefix="/api/2.0/serving-endpoints")
    with pytest.raises(BackEndUnavailableError):
        await metrics(world, BRIEF_S).read(SHARED)
