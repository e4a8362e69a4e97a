"""The server of the Databricks double: it gives its port back when it ends."""

import asyncio
import gc
from contextlib import suppress

import pytest
from aiohttp import ClientSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.databricks import server
from bot.sandbox.databricks.server import serving
from tests.latecomers import assert_hung_up, latecomer


async def test_a_port_is_free_at_once_while_old_connections_linger() -> None:
    async with serving(Starlette()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 404 Not Found\r\n"
    await reader.read()
    writer.close()
    await writer.wait_closed()
    async with serving(Starlette(), port) as again:
        assert again == port


async def test_no_connection_outlives_the_server_whatever_its_call_does() -> None:
    asked, released, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def stubborn(request: Request) -> Response:
        del request
        asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await released.wait()
        ended.set()
        return Response()

    async with serving(Starlette(routes=[Route("/", stubborn)])) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        await asked.wait()
    async with asyncio.timeout(20):
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
        released.set()
        await ended.wait()
    writer.close()
    with suppress(ConnectionResetError):
        await writer.wait_closed()


@pytest.mark.parametrize("turns", range(6))
async def test_a_connection_accepted_while_the_server_stops_is_closed(turns: int) -> None:
    async with serving(Starlette()) as port:
        late = await latecomer(port, turns)
    await assert_hung_up(late)
    gc.collect()


async def test_the_date_of_answers_moves_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "TICK_S", 0.01)
    seen: set[str] = set()
    async with serving(Starlette()) as port, ClientSession() as session, asyncio.timeout(20):
        while len(seen) < 2:
            async with session.get(f"http://127.0.0.1:{port}/") as answer:
                seen.add(answer.headers["Date"])
            await asyncio.sleep(0.05)
