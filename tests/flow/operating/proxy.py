"""Stands between Herald and a back end: keeps what Herald sends, and may answer in its place."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import test_utils, web

PASSED_ON = ("Content-Type", "Authorization", "Accept")


@dataclass
class Proxy:
    """What went through.

    Attributes:
        answer: Status and body with which everything is answered instead; None to pass it on.
    """

    target: str
    session: aiohttp.ClientSession
    bodies: list[bytes] = field(default_factory=list)
    answer: tuple[int, str] | None = None
    origin: str = ""

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.bodies.append(body)
        if self.answer is not None:
            status, text = self.answer
            return web.Response(status=status, text=text, content_type="application/json")
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        address = f"{self.target}{request.raw_path}"
        async with self.session.request(
            request.method, address, data=body, headers=headers
        ) as said:
            kind = {"Content-Type": said.headers.get("Content-Type", "text/plain")}
            return web.Response(status=said.status, body=await said.read(), headers=kind)


@asynccontextmanager
async def before(target: str, session: aiohttp.ClientSession) -> AsyncIterator[Proxy]:
    """Run a proxy on a free port."""
    proxy = Proxy(target=target.rstrip("/"), session=session)
    application = web.Application(client_max_size=10_000_000)
    application.router.add_route("*", "/{path:.*}", proxy.take)
    async with test_utils.TestServer(application, host="127.0.0.1") as server:
        proxy.origin = str(server.make_url("")).rstrip("/")
        yield proxy
