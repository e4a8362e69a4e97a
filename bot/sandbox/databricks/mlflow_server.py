"""An MLflow server beside the workspace, on the same runs, models and files.

MLflow's own application answers; only artifacts are served here, from the sandbox's folder.
"""

import asyncio
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.errors import error_response
from bot.sandbox.databricks.file_trees import artifact_listing, inside
from bot.sandbox.databricks.flask_mlflow import FlaskMlflow

MLFLOW_SERVER = "/mlflow"
_FILES = f"{MLFLOW_SERVER}/api/2.0/mlflow-artifacts/artifacts"
_METHODS = ["GET", "POST", "PATCH", "DELETE"]


class MlflowServer:
    """What an MLflow client finds at the address ``…/mlflow``."""

    def __init__(self, mlflow: FlaskMlflow, artifacts: Path) -> None:
        self._mlflow = mlflow
        self._artifacts = artifacts

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(_FILES, self._list, methods=["GET"]),
            Route(f"{_FILES}/{{path:path}}", self._read, methods=["GET"]),
            Route(f"{_FILES}/{{path:path}}", self._write, methods=["PUT"]),
            Route(f"{MLFLOW_SERVER}/{{path:path}}", self._answer, methods=_METHODS),
        ]

    async def _answer(self, request: Request) -> Response:
        path = f"/{request.path_params['path']}"
        found = await asyncio.to_thread(self._mlflow.ask, request, path, await request.body())
        return Response(found.get_data(), found.status_code, media_type=found.content_type)

    async def _list(self, request: Request) -> Response:
        folder = request.query_params.get("path", "")
        listed = artifact_listing(self._artifacts, folder)
        return JSONResponse({"files": [{**item, "path": _name(item["path"])} for item in listed]})

    async def _read(self, request: Request) -> Response:
        file = inside(self._artifacts, request.path_params["path"])
        if not file.is_file():
            return error_response(404, "RESOURCE_DOES_NOT_EXIST", "No such artifact")
        return FileResponse(file, media_type="application/octet-stream")

    async def _write(self, request: Request) -> Response:
        file = inside(self._artifacts, request.path_params["path"])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(await request.body())
        return JSONResponse({})


def _name(path: object) -> str:
    return str(path).rpartition("/")[2]
