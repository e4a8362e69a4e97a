"""The server of the Databricks double: it gives its port back when it ends."""

import asyncio

from starlette.applications import Starlette

from bot.sandbox.databricks.server import serving


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
