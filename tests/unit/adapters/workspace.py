"""A workspace on loopback that says exactly what a test tells it to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bot.adapters.databricks_client import DatabricksClient, Workspace
from bot.adapters.system import SystemClock
from bot.hanging_up import hang_up

TOKEN = "dapi-secret-of-the-tests"  # noqa: S105 - a stub's token
NAME = "The registry"
LONG_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer: JSON, text, or the connection's end."""

    status: int = 200
    body: object = None
    text: str | None = None
    is_cut: bool = False
    hangs: bool = False
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One call that arrived."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


class StubWorkspace:
    """Answers each path with what was said for it, the last one for ever."""

    def __init__(self) -> None:
        self.calls: list[Asked] = []
        self.origin = ""
        self.release = asyncio.Event()
        self._answers: dict[str, list[Said]] = {}

    def says(self, path: str, *answers: Said | dict[str, Any]) -> None:
        """Set what a path answers, whatever the method."""
        self._answers[path] = [a if isinstance(a, Said) else Said(body=a) for a in answers]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path.startswith("/.well-known/"):
            return web.json_response({})
        raw = await request.read()
        self.calls.append(
            Asked(
                method=request.method,
                path=request.raw_path.partition("?")[0],
                query=dict(request.query),
                body=json.loads(raw) if raw else None,
                headers=dict(request.headers),
            )
        )
        return await self._said(request, self._next(request.path))

    def _next(self, path: str) -> Said:
        answers = self._answers[path]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    async def _said(self, request: web.Request, said: Said) -> web.StreamResponse:
        if said.hangs:
            await self.release.wait()
        if (said.is_cut or said.hangs) and request.transport is not None:
            request.transport.abort()
        if said.text is not None:
            return web.Response(status=said.status, text=said.text, headers=said.headers)
        return web.json_response(said.body, status=said.status, headers=said.headers)

    def refuses(self, path: str, status: int, code: str, message: str) -> None:
        """Let a path answer with an error in Databricks' form."""
        self.says(path, Said(status=status, body={"error_code": code, "message": message}))


@asynccontextmanager
async def stub_workspace() -> AsyncIterator[StubWorkspace]:
    stub = StubWorkspace()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", stub.answer)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    stub.origin = f"http://{host}:{port}"
    try:
        yield stub
    finally:
        stub.release.set()
        await hang_up(runner)


def client_of(origin: str, seconds: float = LONG_S, token: str = TOKEN) -> DatabricksClient:
    """Return a client of a workspace with a deadline."""
    workspace = Workspace(host=origin, token=SecretStr(token), deadline=timedelta(seconds=seconds))
    return DatabricksClient(NAME, workspace, SystemClock())
