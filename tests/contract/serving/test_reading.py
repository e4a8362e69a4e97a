"""Endpoints as the platform shows them."""

import pytest

from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.names import EndpointName, ModelName
from bot.domain.ports import ServingPlatform
from bot.domain.serving import EndpointUpdate, Route
from bot.sandbox.demo.world import CHURN, RULES, SCORER

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHARED = EndpointName("fraud-shared")
SCORER_NAME, RULES_NAME = ModelName(SCORER), ModelName(RULES)


async def test_every_endpoint_of_a_model_is_found(library: ServingPlatform) -> None:
    found = await library.endpoints_serving(SCORER_NAME)
    assert [endpoint.name for endpoint in found] == ["fraud-scorer", "fraud-shared"]


async def test_neighbour_finds_the_shared_endpoint(library: ServingPlatform) -> None:
    found = await library.endpoints_serving(RULES_NAME)
    assert [endpoint.name for endpoint in found] == ["fraud-shared"]


async def test_model_that_nothing_serves_has_no_endpoint(library: ServingPlatform) -> None:
    assert await library.endpoints_serving(ModelName(CHURN)) == ()


@pytest.mark.parametrize("name", ["fraud.scorer", "prod.fraud.score", "PROD.FRAUD.SCORER", ""])
async def test_only_the_exact_name_finds_endpoints(library: ServingPlatform, name: str) -> None:
    assert await library.endpoints_serving(ModelName(name)) == ()


async def test_endpoint_shows_what_it_serves(library: ServingPlatform) -> None:
    endpoint = await library.endpoint(SHARED)
    assert (endpoint.is_ready, endpoint.update) == (True, EndpointUpdate.SETTLED)
    assert endpoint.routes_of(SCORER_NAME) == (
        Route(version=1, traffic_percentage=50, entity="scorer-1"),
    )
    assert endpoint.routes_of(RULES_NAME) == (
        Route(version=1, traffic_percentage=50, entity="rules-1"),
    )
    assert endpoint.pending == ()
    assert {served.state for served in endpoint.entities} == {"READY"}


async def test_missing_endpoint_is_told(library: ServingPlatform) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        await library.endpoint(EndpointName("nobody"))


@pytest.mark.parametrize("name", ["../clusters", "a/b", "..", "", "fraud-scorer/config"])
async def test_name_cannot_lead_elsewhere(library: ServingPlatform, name: str) -> None:
    with pytest.raises((NotFoundError, BackEndRefusedError)):
        await library.endpoint(EndpointName(name))
