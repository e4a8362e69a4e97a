"""Asking an endpoint to serve other versions of one model."""

import asyncio
import json

import pytest

from bot.domain.errors import (
    BackEndRefusedError,
    BackEndUnavailableError,
    EndpointBusyError,
    NotFoundError,
)
from bot.domain.names import EndpointName, ModelName
from bot.domain.ports import ServingPlatform
from bot.domain.serving import EndpointUpdate, Route
from bot.sandbox.demo.world import IRIS, RULES, SCORER
from tests.contract.serving.world import Json, ServingWorld

ALONE, SHARED = EndpointName("fraud-scorer"), EndpointName("fraud-shared")
SCORER_NAME, RULES_NAME = ModelName(SCORER), ModelName(RULES)
BY_PLATFORM = {"state", "creator", "creation_timestamp"}


def to(version: int, percentage: int = 100) -> tuple[Route, ...]:
    return (Route(version=version, traffic_percentage=percentage, entity=f"scorer-{version}"),)


def entities(raw: Json) -> dict[str, Json]:
    """What an endpoint serves, by name, without what the platform writes itself."""
    return {
        served["name"]: {key: served[key] for key in served if key not in BY_PLATFORM}
        for served in raw["config"]["served_entities"]
    }


async def test_endpoint_comes_to_serve_the_routes(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    await platform.serve(ALONE, SCORER_NAME, to(4))
    endpoint = await world.settled(platform, ALONE)
    assert (endpoint.update, endpoint.is_ready) == (EndpointUpdate.SETTLED, True)
    assert endpoint.routes_of(SCORER_NAME) == to(4)


async def test_settings_of_the_own_entity_are_kept(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    (before,) = entities(await world.raw(ALONE)).values()
    digest = (await platform.endpoint(ALONE)).entities[0].settings_digest
    await platform.serve(ALONE, SCORER_NAME, to(4))
    endpoint = await world.settled(platform, ALONE)
    (after,) = entities(await world.raw(ALONE)).values()
    assert after == {**before, "name": "scorer-4", "entity_version": "4"}
    assert after["environment_vars"] == {"CARD_HISTORY_TOKEN": "{{secrets/fraud/card_history}}"}
    assert endpoint.entities[0].settings_digest == digest


async def test_neighbours_stay_byte_for_byte(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    before = await world.raw(SHARED)
    await platform.serve(SHARED, SCORER_NAME, to(4, 50))
    await world.settled(platform, SHARED)
    after = await world.raw(SHARED)
    assert json.dumps(entities(after)["rules-1"]) == json.dumps(entities(before)["rules-1"])
    shares = after["config"]["traffic_config"]["routes"]
    assert [s for s in shares if s["served_entity_name"] == "rules-1"] == [
        s
        for s in before["config"]["traffic_config"]["routes"]
        if s["served_entity_name"] == "rules-1"
    ]


async def test_fields_that_nobody_knows_yet_survive(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    config = {
        "served_entities": [
            {"entity_name": SCORER, "entity_version": "1", "born_tomorrow": {"deep": [1, None]}},
            {"entity_name": RULES, "entity_version": "1", "min_provisioned_concurrency": 4},
        ],
        "traffic_config": {
            "routes": [
                {"served_entity_name": "scorer-1", "traffic_percentage": 70},
                {"served_entity_name": "rules-1", "traffic_percentage": 30},
            ]
        },
        "auto_capture_config": {"catalog_name": "prod", "enabled": True},
    }
    await world.create("odd", config)
    await platform.serve(EndpointName("odd"), SCORER_NAME, to(4, 70))
    await world.settled(platform, EndpointName("odd"))
    after = await world.raw("odd")
    assert entities(after)["scorer-4"]["born_tomorrow"] == {"deep": [1, None]}
    assert entities(after)["rules-1"]["min_provisioned_concurrency"] == 4
    assert after["config"]["auto_capture_config"] == {"catalog_name": "prod", "enabled": True}


async def test_two_versions_share_the_traffic_and_come_back_to_one(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    both = to(1, 90) + to(4, 10)
    await platform.serve(ALONE, SCORER_NAME, both)
    assert (await world.settled(platform, ALONE)).routes_of(SCORER_NAME) == both
    await platform.serve(ALONE, SCORER_NAME, to(1))
    assert (await world.settled(platform, ALONE)).routes_of(SCORER_NAME) == to(1)


async def test_both_models_of_a_shared_endpoint_change_one_after_the_other(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    rules = (Route(version=2, traffic_percentage=50, entity="rules-2"),)
    await platform.serve(SHARED, SCORER_NAME, to(4, 50))
    await world.settled(platform, SHARED)
    await platform.serve(SHARED, RULES_NAME, rules)
    endpoint = await world.settled(platform, SHARED)
    assert endpoint.routes_of(SCORER_NAME) == to(4, 50)
    assert endpoint.routes_of(RULES_NAME) == rules


async def test_what_is_served_already_is_not_sent_again(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    await platform.serve(ALONE, SCORER_NAME, to(1))
    assert await world.writes() == []


async def test_what_is_under_way_already_is_not_sent_again(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    await world.updates_take_long(ALONE)
    for _ in range(3):
        await platform.serve(ALONE, SCORER_NAME, to(4))
    assert len(await world.writes()) == 1


async def test_failed_update_may_be_asked_for_again(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    await world.fault(kind="update_fails", endpoint=ALONE, count=1)
    await platform.serve(ALONE, SCORER_NAME, to(4))
    assert (await world.settled(platform, ALONE)).update is EndpointUpdate.FAILED
    await platform.serve(ALONE, SCORER_NAME, to(4))
    assert (await world.settled(platform, ALONE)).routes_of(SCORER_NAME) == to(4)


async def test_another_update_under_way_is_told_as_busy(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    other = {"served_entities": [{"entity_name": SCORER, "entity_version": "3"}]}
    await world.begin_update(ALONE, other)
    with pytest.raises(EndpointBusyError, match="fraud-scorer is taking another update"):
        await platform.serve(ALONE, SCORER_NAME, to(4))
    assert len(await world.writes()) == 1


async def test_return_to_what_serves_waits_for_the_update_under_way(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    await world.updates_take_long(ALONE)
    await platform.serve(ALONE, SCORER_NAME, to(4))
    with pytest.raises(EndpointBusyError):
        await platform.serve(ALONE, SCORER_NAME, to(1))


async def test_rivals_with_one_wish_all_come_through(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    await world.updates_take_long(ALONE)
    await asyncio.gather(*(platform.serve(ALONE, SCORER_NAME, to(4)) for _ in range(6)))
    assert (await platform.endpoint(ALONE)).pending_routes_of(SCORER_NAME) == to(4)


async def test_rivals_with_different_wishes_are_told_who_lost(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    await world.updates_take_long(ALONE)
    wishes = (platform.serve(ALONE, SCORER_NAME, to(version)) for version in (3, 4))
    ends = await asyncio.gather(*wishes, return_exceptions=True)
    assert [type(end) for end in ends if end is not None] == [EndpointBusyError]


async def test_update_whose_answer_is_lost_is_found_under_way(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    await world.updates_take_long(ALONE)
    await world.fault(kind="lost_answer", method="PUT", count=1)
    with pytest.raises(BackEndUnavailableError):
        await platform.serve(ALONE, SCORER_NAME, to(4))
    assert (await platform.endpoint(ALONE)).pending_routes_of(SCORER_NAME) == to(4)
    await platform.serve(ALONE, SCORER_NAME, to(4))
    assert len(await world.writes()) == 1


@pytest.mark.parametrize(
    ("routes", "reason"),
    [
        (to(4, 60), "sum to 110 %"),
        (to(4, 40), "sum to 90 %"),
        ((), "sum to 50 %"),
        ((Route(version=4, traffic_percentage=50, entity="rules-1"),), "one name"),
    ],
)
async def test_routes_that_do_not_fit_are_refused_before_anything_is_sent(
    world: ServingWorld, platform: ServingPlatform, routes: tuple[Route, ...], reason: str
) -> None:
    with pytest.raises(BackEndRefusedError, match=reason):
        await platform.serve(SHARED, SCORER_NAME, routes)
    assert await world.writes() == []


async def test_endpoint_of_other_models_is_left_alone(
    world: ServingWorld, platform: ServingPlatform
) -> None:
    with pytest.raises(BackEndRefusedError, match="serves nothing of"):
        await platform.serve(ALONE, ModelName(IRIS), to(1))
    assert await world.writes() == []


async def test_missing_version_is_told(platform: ServingPlatform) -> None:
    with pytest.raises((NotFoundError, BackEndRefusedError)):
        await platform.serve(ALONE, SCORER_NAME, to(99))
    assert (await platform.endpoint(ALONE)).routes_of(SCORER_NAME) == to(1)


async def test_missing_endpoint_is_told(platform: ServingPlatform) -> None:
    with pytest.raises(NotFoundError):
        await platform.serve(EndpointName("nobody"), SCORER_NAME, to(4))
