"""MLflow's own registry: a file, and a real server behind a door where trouble can strike."""

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from yarl import URL

from bot.adapters.mlflow_artifacts import MlflowArtifacts
from bot.adapters.mlflow_calls import MlflowCalls, MlflowPlace
from bot.adapters.mlflow_registry import MlflowRegistry
from bot.adapters.no_privileges import NoPrivileges
from bot.adapters.system import SystemClock
from bot.sandbox.databricks.calls import CallLog
from bot.sandbox.databricks.faults import FaultBook
from bot.sandbox.databricks.gate import Gate
from bot.sandbox.databricks.server import serving
from tests.contract.databricks_double.double import TOKEN
from tests.contract.registry.server import MlflowServerProcess
from tests.contract.registry.world import STORE, Kind, Ports, RegistryWorld, RemoteWorld

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
PASSED_ON = ("content-type", "accept")
ADDRESSES = {
    "experiments": ("artifact_location",),
    "runs": ("artifact_uri",),
    "logged_models": ("artifact_location",),
    "model_versions": ("source", "storage_location"),
}


def file_world(state: Path) -> RegistryWorld:
    """Open MLflow's file in a state, its artifacts named by their place on the disk."""
    root = f"{(state / 'artifacts').as_uri()}/"
    with closing(sqlite3.connect(state / STORE)) as database, database:
        for table, columns in ADDRESSES.items():
            for column in columns:
                database.execute(
                    f"UPDATE {table} SET {column} = replace({column}, 'mlflow-artifacts:/', ?)",  # noqa: S608 - our own names
                    (root,),
                )
    uri = f"sqlite:///{state / STORE}"
    return RegistryWorld(
        kind=Kind.FILE, state=state, client=lambda deadline_s, _: mlflow_ports(uri, deadline_s)
    )


@asynccontextmanager
async def server_world(server: MlflowServerProcess) -> AsyncIterator[RemoteWorld]:
    """Give the server a fresh world, and open it behind a door."""
    server.reset()
    faults, calls = FaultBook(), CallLog()
    async with ClientSession(timeout=ClientTimeout(total=120)) as session:
        gate = Middleware(Gate, token=TOKEN, faults=faults, calls=calls)
        door = Starlette(routes=[_route(server.origin, session)], middleware=[gate])
        async with serving(door, before_stop=faults.clear) as port:
            origin = f"http://127.0.0.1:{port}"
            yield RemoteWorld(
                kind=Kind.SERVER,
                state=server.state,
                client=lambda deadline_s, token: mlflow_ports(origin, deadline_s, token),
                origin=origin,
                faults=faults,
                calls=calls,
                token_setting="MLFLOW_TRACKING_TOKEN",  # noqa: S106 - a name
            )


def mlflow_ports(uri: str, deadline_s: float, token: str = "") -> Ports:
    """Return ports on an address; the token is read by MLflow's client, from the environment."""
    os.environ["MLFLOW_TRACKING_TOKEN"] = token
    place = MlflowPlace(tracking_uri=uri, registry_uri=uri, deadline=timedelta(seconds=deadline_s))
    calls = MlflowCalls("The registry", place, SystemClock())
    registry = MlflowRegistry(calls)
    return Ports(
        registry=registry,
        writer=registry,
        tracking=registry,
        artifacts=MlflowArtifacts(calls),
        privileges=NoPrivileges(),
    )


def _route(origin: str, session: ClientSession) -> Route:
    async def forward(request: Request) -> Response:
        address = f"{origin}{request.scope['raw_path'].decode()}?{request.url.query}"
        headers = {name: value for name, value in request.headers.items() if name in PASSED_ON}
        body = await request.body()
        async with session.request(
            request.method, URL(address, encoded=True), data=body, headers=headers
        ) as answer:
            return Response(await answer.read(), answer.status, media_type=answer.content_type)

    return Route("/{path:path}", forward, methods=METHODS)
