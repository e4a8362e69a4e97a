"""What a platform shows of worlds that the demo does not begin with."""

import asyncio

from bot.domain.names import EndpointName, ModelName
from bot.domain.ports import ServingPlatform
from bot.domain.serving import EndpointUpdate, Route
from bot.sandbox.demo.world import CANNOT_START_REASON, SCORER
from tests.contract.serving.world import Json, ServingWorld

ALONE, SCORER_NAME = EndpointName("fraud-scorer"), ModelName(SCORER)
MORE = 20
"""More than a client has threads for."""


def entity(version: int, **settings: object) -> Json:
    return {"entity_name": SCORER, "entity_version": str(version), **settings}


async def test_all_of_many_endpoints_come(world: ServingWorld, platform: ServingPlatform) -> None:
    config = {"served_entities": [entity(1)]}
    await asyncio.gather(*(world.create(f"many-{number}", config) for number in range(MORE)))
    found = await platform.endpoints_serving(SCORER_NAME)
    assert len(found) == 2 + MORE
    assert all(endpoint.routes_of(SCORER_NAME) for endpoint in found)


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
