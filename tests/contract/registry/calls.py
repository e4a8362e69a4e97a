"""Every call of every port, to see how it ends."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.domain.names import AliasName, ModelName
from bot.domain.registry import ModelVersion
from bot.sandbox.demo.world import IRIS
from tests.contract.registry.world import Ports

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
    "run_folder": lambda ports: ports.artifacts.run_folder("0" * 32, "a"),
    "write": lambda ports: ports.artifacts.write("0" * 32, "a/b.json", b"{}"),
    "run_artifact": lambda ports: ports.artifacts.run_artifact("0" * 32, "a/b.json"),
}


async def ends(ports: Callable[[], Ports]) -> dict[str, object]:
    """How every call ends, each of a client that has not met the trouble yet."""
    calls = (call(ports()) for call in CALLS.values())
    found = await asyncio.gather(*calls, return_exceptions=True)
    return dict(zip(CALLS, found, strict=True))
