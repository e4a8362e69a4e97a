"""A platform in trouble says so in time, in Herald's words, and gives nothing away."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError
from bot.domain.names import EndpointName, ModelName
from bot.domain.ports import ServingPlatform
from bot.domain.serving import Route
from bot.sandbox.demo.world import SCORER
from tests.contract.databricks_double.double import TOKEN
from tests.contract.serving.world import BRIEF_S, ServingWorld

NAME, MODEL = EndpointName("fraud-scorer"), ModelName(SCORER)
ROUTES = (Route(version=4, traffic_percentage=100, entity="scorer-4"),)

CALLS: dict[str, Callable[[ServingPlatform], Awaitable[object]]] = {
    "endpoints_serving": lambda platform: platform.endpoints_serving(MODEL),
    "endpoint": lambda platform: platform.endpoint(NAME),
    "serve": lambda platform: platform.serve(NAME, MODEL, ROUTES),
}


async def ends(platform: Callable[[], ServingPlatform]) -> dict[str, object]:
    """How every call ends, each of a client that has not met the trouble yet."""
    calls = (call(platform()) for call in CALLS.values())
    found = await asyncio.gather(*calls, return_exceptions=True)
    return dict(zip(CALLS, found, strict=True))


def gives_nothing_away(world: ServingWorld, end: object) -> bool:
    host = world.double.origin.partition("://")[2]
    return TOKEN not in str(end) and host not in str(end)


TROUBLES = [
    {"kind": "hang"},
    {"kind": "refuse"},
    {"kind": "error", "status": 429},
    {"kind": "error", "status": 500},
    {"kind": "error", "status": 503},
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
async def test_trouble_is_told_in_time(world: ServingWorld, trouble: dict[str, object]) -> None:
    await world.fault(path_prefix="/api/", **trouble)
    for name, end in (await ends(lambda: world.platform(BRIEF_S))).items():
        assert isinstance(end, BackEndUnavailableError), name
        assert end.back_end == "The serving platform", name
        assert gives_nothing_away(world, end), name


async def test_hang_of_the_write_alone_is_told(world: ServingWorld) -> None:
    await world.fault(kind="hang", method="PUT")
    with pytest.raises(BackEndUnavailableError):
        await world.platform(BRIEF_S).serve(NAME, MODEL, ROUTES)
    assert (await world.platform().endpoint(NAME)).routes_of(MODEL)[0].version == 1


async def test_wrong_token_is_told_with_what_to_do(world: ServingWorld) -> None:
    for name, end in (await ends(lambda: world.platform(token="dapi-wrong"))).items():  # noqa: S106 - not one
        assert isinstance(end, BackEndRefusedError), name
        assert "access denied" in str(end), name
        assert "DATABRICKS_TOKEN" in str(end), name
        assert gives_nothing_away(world, end), name


async def test_one_endpoint_in_trouble_is_no_missing_endpoint(world: ServingWorld) -> None:
    await world.fault(kind="error", status=500, path_prefix="/api/2.0/serving-endpoints/fraud-sh")
    with pytest.raises(BackEndUnavailableError):
        await world.platform().endpoints_serving(MODEL)


async def test_endpoint_that_is_deleted_meanwhile_is_left_out(world: ServingWorld) -> None:
    await world.fault(kind="error", status=404, path_prefix="/api/2.0/serving-endpoints/fraud-sh")
    (found,) = await world.platform().endpoints_serving(MODEL)
    assert found.name == NAME
