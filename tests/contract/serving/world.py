"""A serving platform with the demo world in it, its port, and the ways to bring it into trouble."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.adapters.databricks_client import DatabricksClient, Workspace
from bot.adapters.databricks_serving import PATH, DatabricksServing
from bot.adapters.system import SystemClock
from bot.domain.names import EndpointName
from bot.domain.ports import ServingPlatform
from bot.domain.serving import EndpointUpdate, ServingEndpoint
from tests.contract.databricks_double.double import TOKEN, Double, running_double

LONG_S = 60.0
BRIEF_S = 0.4

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingWorld:
    """The platform behind the port, as the tests prepare it."""

    double: Double

    def platform(self, deadline_s: float = LONG_S, token: str = TOKEN) -> ServingPlatform:
        """Return the port of a new client."""
        return DatabricksServing(self.client(deadline_s, token))

    def client(self, deadline_s: float = LONG_S, token: str = TOKEN) -> DatabricksClient:
        """Return a new client."""
        return DatabricksClient(
            "The serving platform",
            Workspace(
                host=self.double.origin,
                token=SecretStr(token),
                deadline=timedelta(seconds=deadline_s),
            ),
            SystemClock(),
        )

    async def raw(self, endpoint: str) -> Json:
        """Return an endpoint as the platform itself shows it."""
        return await self.double.endpoint(endpoint)

    async def writes(self) -> list[Json]:
        """Return the configurations that were sent, oldest first."""
        calls: list[Json] = (await self.double.get("/sandbox/calls")).body["calls"]
        return [call["body"] for call in calls if call["method"] == "PUT"]

    async def create(self, name: str, config: Json) -> None:
        """Make an endpoint of one's own, and wait until it serves."""
        await self.double.call("POST", PATH, {"name": name, "config": config})
        await self.double.settled(name)

    async def begin_update(self, name: str, config: Json) -> None:
        """Let somebody else begin an update that stays in progress."""
        await self.updates_take_long(name)
        await self.double.call("PUT", f"{PATH}/{name}/config", config)

    async def updates_take_long(self, endpoint: str) -> None:
        """Keep the next updates of an endpoint in progress until the test ends."""
        await self.double.fault(kind="update_takes", endpoint=endpoint, seconds=60)

    async def fault(self, **fault: object) -> None:
        """Bring the platform into trouble."""
        await self.double.fault(**fault)

    async def settled(self, platform: ServingPlatform, name: EndpointName) -> ServingEndpoint:
        """Return an endpoint once its update is over."""
        async with asyncio.timeout(LONG_S):
            while True:
                endpoint = await platform.endpoint(name)
                if endpoint.update is not EndpointUpdate.IN_PROGRESS:
                    return endpoint
                await asyncio.sleep(0.01)


@asynccontextmanager
async def databricks_world(state: Path) -> AsyncIterator[ServingWorld]:
    """Open the endpoints of a Databricks double."""
    async with running_double(state) as double:
        yield ServingWorld(double=double)
