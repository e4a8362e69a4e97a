"""The Databricks double on a free port of loopback, and the calls that tests make to it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientTimeout

from bot.sandbox.databricks.app import databricks_app
from bot.sandbox.databricks.model_host_client import InstantModelHost
from bot.sandbox.databricks.server import serving
from bot.sandbox.databricks.world import DatabricksWorld, WorldSettings

Json = dict[str, Any]

TOKEN = "dapi-of-the-tests"  # noqa: S105 - a double's token
UC = "/api/2.0/mlflow/unity-catalog"
ENDPOINTS = "/api/2.0/serving-endpoints"
SCORER = "prod.fraud.scorer"
CANNOT_START = "ModuleNotFoundError: No module named 'lightgbm'"
DEADLINE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back for one call."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def error_code(self) -> str:
        return str(self.body["error_code"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """A running double."""

    world: DatabricksWorld
    origin: str
    session: ClientSession

    async def call(
        self,
        method: str,
        path: str,
        body: object = None,
        /,
        *,
        token: str | None = TOKEN,
        **query: str,
    ) -> Reply:
        """Make one raw call."""
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        async with self.session.request(
            method, self.origin + path, json=body, params=query, headers=headers
        ) as answer:
            shown = (
                await answer.json()
                if answer.content_type == "application/json"
                else await answer.text()
            )
            return Reply(status=answer.status, body=shown, headers=answer.headers)

    async def get(self, path: str, /, **query: str) -> Reply:
        return await self.call("GET", path, **query)

    async def fault(self, **fault: object) -> Reply:
        return await self.call("POST", "/sandbox/faults", fault, token=None)

    async def put_version(self, endpoint: str, version: int, **fields: object) -> Reply:
        """Ask an endpoint to serve only that version of the scorer."""
        entity = {"entity_name": SCORER, "entity_version": str(version), **fields}
        return await self.call(
            "PUT", f"{ENDPOINTS}/{endpoint}/config", {"served_entities": [entity]}
        )

    async def endpoint(self, name: str) -> Json:
        found: Json = (await self.get(f"{ENDPOINTS}/{name}")).body
        return found

    async def settled(self, name: str) -> Json:
        """Return the endpoint once its update is over."""
        async with asyncio.timeout(DEADLINE_S):
            while True:
                found = await self.endpoint(name)
                if found["state"]["config_update"] != "IN_PROGRESS":
                    return found
                await asyncio.sleep(0.01)


@asynccontextmanager
async def running_double(state: Path, **settings: Any) -> AsyncIterator[Double]:
    """Run a double on that state with a host that loads at once."""
    host = InstantModelHost(failing={(SCORER, 2): CANNOT_START})
    quick: Json = {"token": TOKEN, "update_seconds": 0.05} | settings
    world = DatabricksWorld(WorldSettings(state=state, **quick), host)
    async with (
        serving(databricks_app(world), before_stop=world.faults.clear) as port,
        ClientSession(timeout=ClientTimeout(total=DEADLINE_S)) as session,
    ):
        yield Double(world=world, origin=f"http://127.0.0.1:{port}", session=session)
