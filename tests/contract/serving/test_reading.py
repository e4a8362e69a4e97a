"""Endpoints as the platform shows them."""

import asyncio

import pytest

from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.names import EndpointName, ModelName
from bot.domain.ports import ServingPlatform
from bot.domain.serving import EndpointUpdate, Route
from bot.sandbox.demo.world import CANNOT_START_REASON, CHURN, RULES, SCORER
from tests.contract.serving.world import Json, ServingWorld

ALONE, SHARED = EndpointName("fraud-scorer"), EndpointName("fraud-shared")
MORE = 20
"""More than a client has threads for."""

SCORER_NAME, RULES_NAME = ModelName(SCORER), ModelName(RULES)


def entity(version: int, **settings: object) -> Json:
    return {"entity_name": SCORER, "entity_version": str(version), **settings}


async def test_every_endpoint_of_a_model_is_found(platform: ServingPlatform) -> None:
    found = await platform.endpoints_serving(SCORER_NAME)
    assert [endpoint.name for endpoint in found] == ["fraud-scorer", "fraud-shared"]


async def test_neighbour_finds_the_shared_endpoint(platform: ServingPlatform) -> None:
    found = await platform.endpoints_serving(RULES_NAME)
    assert [endpoint.name for endpoint in found] == ["fraud-shared"]


async def test_model_that_nothing_serves_has_no_endpoint(platform: ServingPlatform) -> None:
    assert await platform.endpoints_serving(ModelName(CHURN)) == ()


@pytest.mark.parametrize("name", ["fraud.scorer", "prod.fraud.score", "PROD.FRAUD.SCORER", ""])
async def test_only_the_exact_name_finds_endpoints(platform: ServingPlatform, name: str) -> None:
    assert await platform.endpoints_serving(ModelName(name)) == ()


async def test_all_of_many_endpoints_come(world: ServingWorld, platform: ServingPlatform) -> None:
    config = {"served_entities": [entity(1)]}
    await asyncio.gather(*(world.create(f"many-{number}", config) for number in range(MORE)))
    found = await platform.endpoints_serving(SCORER_NAME)
    assert len(found) == 2 + MORE
    assert all(endpoint.routes_of(SCORER_NAME) for endpoint in found)


async def test_endpoint_shows_what_it_serves(platform: ServingPlatform) -> None:
    endpoint = await platform.endpoint(SHARED)
    assert (endpoint.is_ready, endpoint.update) == (True, EndpointUpdate.SETTLED)
    assert endpoint.routes_of(SCORER_NAME) == (
        Route(version=1, traffic_percentage=50, entity="scorer-1"),
    )
    assert endpoint.routes_of(RULES_NAME) == (
        Route(version=1, traffic_percentage=50, entity="rules-1"),
    )
    assert endpoint.pending == ()
    assert {served.state for served in endpoint.entities} == {"READY"}


async def test_settings_are_told_apart_and_never_shown(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    secret = {"KEY": "{{secrets/fraud/card_history}}"}
    await world.create("one", {"served_entities": [entity(1, environment_vars=secret)]})
    await world.create("two", {"served_entities": [entity(4, environment_vars=secret)]})
    await world.create("three", {"served_entities": [entity(1, environment_vars={"KEY": "x"})]})
    one, two, three = [
        (await platform.endpoint(EndpointName(name))).entities[0].settings_digest
        for name in ("one", "two", "three")
    ]
    assert one == two != three
    assert "card_history" not in repr(await platform.endpoint(EndpointName("one")))


async def test_update_under_way_shows_old_and_new(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    await world.begin_update(ALONE, {"served_entities": [entity(4)]})
    endpoint = await platform.endpoint(ALONE)
    assert endpoint.update is EndpointUpdate.IN_PROGRESS
    assert [route.version for route in endpoint.routes_of(SCORER_NAME)] == [1]
    assert [route.version for route in endpoint.pending_routes_of(SCORER_NAME)] == [4]


async def test_failed_update_shows_its_reason_and_what_still_serves(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    await platform.serve(
        ALONE, SCORER_NAME, (Route(version=2, traffic_percentage=100, entity="scorer-2"),)
    )
    endpoint = await world.settled(platform, ALONE)
    assert endpoint.update is EndpointUpdate.FAILED
    assert endpoint.failure() == CANNOT_START_REASON
    assert [route.version for route in endpoint.routes_of(SCORER_NAME)] == [1]


async def test_missing_endpoint_is_told(platform: ServingPlatform) -> None:
    with pytest.raises(NotFoundError, match="nobody"):
        await platform.endpoint(EndpointName("nobody"))


@pytest.mark.parametrize("name", ["../clusters", "a/b", "..", "", "fraud-scorer/config"])
async def test_name_cannot_lead_elsewhere(platform: ServingPlatform, name: str) -> None:
    with pytest.raises((NotFoundError, BackEndRefusedError)):
        await platform.endpoint(EndpointName(name))
