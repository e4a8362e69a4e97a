"""Artifacts of runs and of logged models: listed by path, read and written by signed addresses."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.bodies import JsonObject, json_object, required_text
from bot.sandbox.databricks.errors import invalid
from bot.sandbox.databricks.file_trees import artifact_listing, inside
from bot.sandbox.databricks.mlflow_stores import MlflowStores, mlflow_refusals
from bot.sandbox.databricks.signed_storage import SignedStorage

_MLFLOW = "/api/2.0/mlflow"
_TYPE = "AWS_PRESIGNED_URL"


class RunArtifacts:
    """Lists artifacts and hands out credentials for them."""

    def __init__(self, stores: MlflowStores, storage: SignedStorage) -> None:
        self._stores = stores
        self._storage = storage

    def routes(self) -> list[Route]:
        """Return the routes."""
        runs = f"{_MLFLOW}/artifacts"
        models = f"{_MLFLOW}/logged-models/{{model_id}}/artifacts"
        both = ["GET", "POST"]
        return [
            Route(f"{runs}/list", self._list_run, methods=["GET"]),
            Route(f"{runs}/credentials-for-read", self._read_run, methods=both),
            Route(f"{runs}/credentials-for-write", self._write_run, methods=both),
            Route(f"{models}/directories", self._list_model, methods=["GET"]),
            Route(f"{models}/credentials-for-download", self._read_model, methods=["POST"]),
            Route(f"{models}/credentials-for-upload", self._write_model, methods=["POST"]),
        ]

    async def _list_run(self, request: Request) -> Response:
        run_id = required_text({**request.query_params}, "run_id")
        root = await _found(self._stores.run_files, run_id)
        files = artifact_listing(root, request.query_params.get("path", ""))
        return JSONResponse({"files": files})

    async def _list_model(self, request: Request) -> Response:
        root = await _found(self._stores.logged_model_files, request.path_params["model_id"])
        files = artifact_listing(root, request.query_params.get("artifact_directory_path", ""))
        return JSONResponse({"files": files})

    async def _read_run(self, request: Request) -> Response:
        return await self._run_credentials(request, "GET")

    async def _write_run(self, request: Request) -> Response:
        return await self._run_credentials(request, "PUT")

    async def _run_credentials(self, request: Request, method: str) -> Response:
        asked = {**await json_object(request)}
        query = request.query_params
        run_id = required_text({**query, **asked}, "run_id")
        root = await _found(self._stores.run_files, run_id)
        paths = _paths(asked.get("path", query.getlist("path")))
        infos = [
            {
                **self._credential(request, inside(root, path), method),
                "run_id": run_id,
                "path": path,
            }
            for path in paths
        ]
        return JSONResponse({"credential_infos": infos})

    async def _read_model(self, request: Request) -> Response:
        return await self._model_credentials(request, "GET")

    async def _write_model(self, request: Request) -> Response:
        return await self._model_credentials(request, "PUT")

    async def _model_credentials(self, request: Request, method: str) -> Response:
        model_id = request.path_params["model_id"]
        paths = _paths((await json_object(request)).get("paths"))
        root = await _found(self._stores.logged_model_files, model_id)
        infos = [
            {"model_id": model_id, "credential_info": self._credential(request, path, method)}
            for path in (inside(root, relative) for relative in paths)
        ]
        return JSONResponse({"credentials": infos})

    def _credential(self, request: Request, path: Path, method: str) -> JsonObject:
        address = self._storage.sign(str(request.base_url), path, method)
        return {"signed_uri": address, "type": _TYPE, "headers": []}


async def _found(folder: Callable[[str], Path], owner: str) -> Path:
    def find() -> Path:
        with mlflow_refusals():
            return folder(owner)

    return await asyncio.to_thread(find)


def _paths(given: object) -> list[str]:
    paths = [given] if isinstance(given, str) else given
    if not isinstance(paths, list) or not paths or not all(isinstance(p, str) for p in paths):
        raise invalid("path must name at least one artifact")
    return paths
