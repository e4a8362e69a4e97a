"""A registry in trouble: every port says so in time, in Herald's words, and gives nothing away."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError
from bot.domain.names import AliasName, ModelName
from bot.domain.registry import ModelVersion
from bot.sandbox.demo.world import IRIS
from tests.contract.databricks_double.double import TOKEN
from tests.contract.registry.world import BRIEF_S, Ports, RegistryWorld

MODEL = ModelName(IRIS)
VERSION = ModelVersion(name=MODEL, version=2)

CALLS: dict[str, Callable[[Ports], Awaitable[object]]] = {
    "models": lambda ports: ports.registry.models(),
    "model": lambda ports: ports.registry.model(MODEL),
    "versions": lambda ports: ports.registry.versions(MODEL),
    "version": lambda ports: ports.registry.version(MODEL, 2),
    "run": lambda ports: ports.tracking.run("0" * 32),
    "set_alias": lambda ports: ports.writer.set_alias(MODEL, AliasName("champion"), 2),
    "take_alias": lambda ports: ports.writer.set_alias(MODEL, AliasName("champion"), None),
    "set_tags": lambda ports: ports.writer.set_tags(MODEL, 2, {"a": "b"}),
    "contents": lambda ports: ports.artifacts.contents(VERSION),
    "run_artifact": lambda ports: ports.artifacts.run_artifact("0" * 32, "a/b.json"),
}


async def ends(ports: Callable[[], Ports]) -> dict[str, object]:
    """How every call ends, each of a client that has not met the trouble yet."""
    calls = (call(ports()) for call in CALLS.values())
    found = await asyncio.gather(*calls, return_exceptions=True)
    return dict(zip(CALLS, found, strict=True))


async def all_unavailable(ports: Callable[[], Ports], world: RegistryWorld) -> None:
    for name, end in (await ends(ports)).items():
        assert isinstance(end, BackEndUnavailableError), name
        assert end.back_end == "The registry", name
        assert TOKEN not in str(end), name
        assert world.double.origin.partition("://")[2] not in str(end), name


async def test_hang_ends_at_the_deadline(world: RegistryWorld) -> None:
    await world.hangs()
    await all_unavailable(lambda: world.ports(BRIEF_S), world)


async def test_cut_connections_are_told(world: RegistryWorld) -> None:
    await world.cuts_connections()
    await all_unavailable(world.ports, world)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_platform_out_of_order_is_told(world: RegistryWorld, status: int) -> None:
    await world.fails(status)
    await all_unavailable(world.ports, world)


async def test_wrong_token_is_told_with_what_to_do(world: RegistryWorld) -> None:
    wrong = "dapi-of-somebody-else"
    for name, end in (await ends(lambda: world.ports(token=wrong))).items():
        assert isinstance(end, BackEndRefusedError), name
        assert "access denied" in str(end), name
        assert "DATABRICKS_TOKEN" in str(end), name
        assert wrong not in str(end), name
        assert world.double.origin.partition("://")[2] not in str(end), name


async def test_registry_is_asked_again_once_the_trouble_is_over(world: RegistryWorld) -> None:
    ports = world.ports()
    await world.fails(500)
    with pytest.raises(BackEndUnavailableError):
        await ports.registry.model(MODEL)
    await world.double.call("DELETE", "/sandbox/faults", token=None)
    assert (await ports.registry.model(MODEL)).name == IRIS
