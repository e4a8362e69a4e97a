"""The Files API for the files of model versions, below `/Models/catalog/schema/model/version`."""

import asyncio
import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.bodies import json_object, required_text
from bot.sandbox.databricks.errors import ApiError, invalid
from bot.sandbox.databricks.file_trees import directory_contents, inside
from bot.sandbox.databricks.mlflow_stores import MlflowStores, mlflow_refusals
from bot.sandbox.databricks.signed_storage import SignedStorage

# MLflow's client tries runs' artifacts here first and asks for credentials where it may not.
_RUNS = "/WorkspaceInternal/{path:path}"
_MODEL_PATH = re.compile(r"/Models/([^/]+)/([^/]+)/([^/]+)/(\d+)/(.+)")
_VERSION = "/Models/{catalog}/{schema}/{model}/{version:int}"


class ModelFiles:
    """Reads and writes the files of versions."""

    def __init__(self, stores: MlflowStores, storage: SignedStorage) -> None:
        self._stores = stores
        self._storage = storage

    def routes(self) -> list[Route]:
        """Return the routes."""
        files, folders = "/api/2.0/fs/files" + _VERSION, "/api/2.0/fs/directories" + _VERSION
        return [
            Route(f"{files}/{{path:path}}", self._read, methods=["GET"]),
            Route(f"{files}/{{path:path}}", self._write, methods=["PUT"]),
            Route(f"/api/2.0/fs/files{_RUNS}", _closed, methods=["GET", "PUT"]),
            Route(f"/api/2.0/fs/directories{_RUNS}", _closed, methods=["GET", "PUT"]),
            Route(folders, self._list, methods=["GET"]),
            Route(f"{folders}/{{path:path}}", self._list, methods=["GET"]),
            Route(folders, self._make, methods=["PUT"]),
            Route(f"{folders}/{{path:path}}", self._make, methods=["PUT"]),
            Route("/api/2.0/fs/create-download-url", self._download_url, methods=["POST"]),
            Route("/api/2.0/fs/create-upload-url", self._upload_url, methods=["POST"]),
        ]

    async def _read(self, request: Request) -> Response:
        path = await self._path(request)
        if not path.is_file():
            raise _missing(request)
        return FileResponse(path, media_type="application/octet-stream")

    async def _write(self, request: Request) -> Response:
        path = await self._path(request)
        if path.exists() and request.query_params.get("overwrite") != "true":
            raise ApiError(409, "ALREADY_EXISTS", "The file being created already exists.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(await request.body())
        return Response(status_code=204)

    async def _list(self, request: Request) -> Response:
        folder = await self._path(request)
        if not folder.is_dir():
            raise _missing(request)
        return JSONResponse({"contents": directory_contents(folder, _shown(request))})

    async def _make(self, request: Request) -> Response:
        folder = await self._path(request)
        folder.mkdir(parents=True, exist_ok=True)
        return Response(status_code=204)

    async def _path(self, request: Request) -> Path:
        parts = request.path_params
        name = ".".join(parts[level] for level in ("catalog", "schema", "model"))
        root = await asyncio.to_thread(self._folder, name, str(parts["version"]))
        return inside(root, parts.get("path", ""))

    async def _download_url(self, request: Request) -> Response:
        return await self._signed(request, "GET")

    async def _upload_url(self, request: Request) -> Response:
        return await self._signed(request, "PUT")

    async def _signed(self, request: Request, method: str) -> Response:
        asked = required_text(await json_object(request), "path")
        found = _MODEL_PATH.fullmatch(asked)
        if found is None:
            raise invalid(f"Invalid path: {asked}")
        *name, version, relative = found.groups()
        root = await asyncio.to_thread(self._folder, ".".join(name), version)
        address = self._storage.sign(str(request.base_url), inside(root, relative), method)
        return JSONResponse({"url": address, "headers": []})

    def _folder(self, name: str, version: str) -> Path:
        with mlflow_refusals():
            return self._stores.version_files(name, version)


async def _closed(request: Request) -> Response:
    raise ApiError(403, "PERMISSION_DENIED", f"No access to {request.url.path}.")


def _shown(request: Request) -> str:
    return request.url.path.removeprefix("/api/2.0/fs/directories")


def _missing(request: Request) -> ApiError:
    return ApiError(404, "NOT_FOUND", f"{request.url.path} does not exist.")
