"""MLflow tracking: MLflow's own server answers, behind the paths that Databricks has."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.databricks.flask_mlflow import FlaskMlflow

_STORED, _SHOWN = b"mlflow-artifacts:/", b"dbfs:/databricks/mlflow-tracking/"
_METHODS = ["GET", "POST", "PATCH", "DELETE"]
# The workspace's own registry (`registered-models`, `model-versions`) is off, as it is for new
# Databricks workspaces: those paths stay unknown.
_AREAS = ("experiments", "runs", "metrics", "logged-models", "traces", "datasets")


class MlflowTracking:
    """Those parts of MLflow's server that a Databricks workspace has."""

    def __init__(self, mlflow: FlaskMlflow) -> None:
        self._mlflow = mlflow

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
        found = await asyncio.to_thread(self._mlflow.ask, request, request.url.path, body)
        shown = found.get_data().replace(_STORED, _SHOWN)
        return Response(shown, found.status_code, media_type=found.content_type)
