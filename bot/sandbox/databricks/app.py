"""The Databricks double as one ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from bot.sandbox.databricks.control import ControlSide
from bot.sandbox.databricks.errors import ApiError, answer_api_error, answer_http_error
from bot.sandbox.databricks.flask_mlflow import FlaskMlflow
from bot.sandbox.databricks.gate import Gate
from bot.sandbox.databricks.grant_routes import GrantRoutes
from bot.sandbox.databricks.mlflow_server import MlflowServer
from bot.sandbox.databricks.model_files import ModelFiles
from bot.sandbox.databricks.registry_routes import registry_routes
from bot.sandbox.databricks.run_artifacts import RunArtifacts
from bot.sandbox.databricks.serving_routes import ServingRoutes
from bot.sandbox.databricks.signed_storage import SignedStorage
from bot.sandbox.databricks.tracking import MlflowTracking
from bot.sandbox.databricks.workspace import workspace_routes
from bot.sandbox.databricks.world import DatabricksWorld


def databricks_app(world: DatabricksWorld) -> Starlette:
    """Return the application; its lifespan runs the world."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with world.running():
            yield

    gate = Middleware(Gate, token=world.settings.token, faults=world.faults, calls=world.calls)
    return Starlette(
        routes=_routes(world),
        middleware=[gate],
        exception_handlers={ApiError: answer_api_error, HTTPException: answer_http_error},
        lifespan=lifespan,
    )


def _routes(world: DatabricksWorld) -> list[BaseRoute]:
    state, stores = world.settings.state, world.stores
    storage = SignedStorage(state / "artifacts")
    mlflow = FlaskMlflow(stores)
    control = ControlSide(
        faults=world.faults,
        calls=world.calls,
        grants=world.grants,
        directory=world.directory,
        endpoints=world.endpoints,
        invocations=world.invocations,
        samples=world.settings.samples,
        database=state.resolve() / "mlflow.db",
    )
    return [
        *workspace_routes(),
        *control.routes(),
        *world.directory.routes(),
        *ServingRoutes(world.endpoints, world.invocations, world.logs, world.grants).routes(),
        *registry_routes(stores, world.grants),
        *GrantRoutes(world.grants, stores).routes(),
        *ModelFiles(stores, storage).routes(),
        *RunArtifacts(stores, storage).routes(),
        *storage.routes(),
        *MlflowTracking(mlflow).routes(),
        *MlflowServer(mlflow, state / "artifacts").routes(),
    ]
