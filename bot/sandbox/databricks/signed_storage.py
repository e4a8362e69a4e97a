"""Cloud storage behind signed addresses: who has the address needs no token."""

import hashlib
import hmac
import secrets
import time
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.file_trees import inside
from bot.sandbox.databricks.gate import SIGNED_PREFIX

LIFETIME_S = 900


class SignedStorage:
    """Signs addresses of files below one root, and serves them."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._key = secrets.token_bytes(32)

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = f"{SIGNED_PREFIX}{{path:path}}"
        return [
            Route(path, self._read, methods=["GET"]),
            Route(path, self._write, methods=["PUT"]),
        ]

    def sign(self, base_url: str, path: Path, method: str) -> str:
        """Return an address under which one method may be used on a file for a while."""
        relative = path.resolve().relative_to(self._root).as_posix()
        expires = round(time.time()) + LIFETIME_S
        signature = self._signature(method, relative, str(expires))
        address = f"{base_url.rstrip('/')}{SIGNED_PREFIX}{quote(relative)}"
        return f"{address}?expires={expires}&signature={signature}"

    async def _read(self, request: Request) -> Response:
        path = self._allowed("GET", request)
        if path is None:
            return _denied()
        if not path.is_file():
            return PlainTextResponse("<Error><Code>NoSuchKey</Code></Error>", status_code=404)
        return FileResponse(path, media_type="application/octet-stream")

    async def _write(self, request: Request) -> Response:
        path = self._allowed("PUT", request)
        if path is None:
            return _denied()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(await request.body())
        return Response(status_code=200)

    def _allowed(self, method: str, request: Request) -> Path | None:
        relative, expires = request.path_params["path"], request.query_params.get("expires", "")
        expected = self._signature(method, relative, expires)
        given = request.query_params.get("signature", "")
        genuine = hmac.compare_digest(expected, given.encode("ascii", "replace").decode())
        if not genuine or int(expires) < time.time():
            return None
        return inside(self._root, relative)

    def _signature(self, method: str, relative: str, expires: str) -> str:
        message = f"{method}\n{relative}\n{expires}".encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def _denied() -> Response:
    return PlainTextResponse("<Error><Code>AccessDenied</Code></Error>", status_code=403)
