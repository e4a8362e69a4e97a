"""MLflow tracking: MLflow's own server answers, behind the paths that Databricks has."""

import asyncio
import threading
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.databricks.mlflow_stores import MlflowStores, mlflow_module

_STORED, _SHOWN = b"mlflow-artifacts:/", b"dbfs:/databricks/mlflow-tracking/"
_METHODS = ["GET", "POST", "PATCH", "DELETE"]
# The workspace's own registry (`registered-models`, `model-versions`) is off, as it is for new
# Databricks workspaces: those paths stay unknown.
_AREAS = ("experiments", "runs", "metrics", "logged-models", "traces", "datasets")
_one_at_a_time = threading.Lock()


class MlflowTracking:
    """MLflow's Flask application, called in threads, on the stores of this world.

    MLflow keeps its store in a module variable; it is set for each call, so that several worlds
    can live in one process.
    """

    def __init__(self, stores: MlflowStores) -> None:
        self._stores = stores
        self._handlers = mlflow_module("server.handlers")
        self._flask = mlflow_module("server").app

    def routes(self) -> list[Route]:
        """Return the routes."""
        paths = [f"/api/2.0/mlflow/{area}" for area in _AREAS]
        return [
            Route(path, self._answer, methods=_METHODS)
            for area in paths
            for path in (area, f"{area}/{{rest:path}}")
        ]

    async def _answer(self, request: Request) -> Response:
        body = await request.body()
        found = await asyncio.to_thread(self._ask, request, body)
        shown = found.get_data().replace(_STORED, _SHOWN)
        return Response(shown, found.status_code, media_type=found.content_type)

    def _ask(self, request: Request, body: bytes) -> Any:
        with _one_at_a_time:
            self._handlers._tracking_store = self._stores.tracking  # noqa: SLF001 - MLflow's only seam
            return self._flask.test_client().open(
                request.url.path,
                method=request.method,
                query_string=request.url.query,
                data=body,
                content_type=request.headers.get("content-type", "application/json"),
            )
