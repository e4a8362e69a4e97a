"""Somebody who connects while a server is about to end."""

import asyncio
import socket
from contextlib import suppress

HOST = "127.0.0.1"


async def latecomer(port: int, turns: int) -> socket.socket:
    """Connect, and give the loop so many turns."""
    late = socket.create_connection((HOST, port))
    for _ in range(turns):
        await asyncio.sleep(0)
    return late


async def assert_hung_up(late: socket.socket) -> None:
    """See that nobody at the other end keeps the connection."""
    with late:
        late.settimeout(0)
        async with asyncio.timeout(60):
            with suppress(ConnectionResetError):
                assert await asyncio.get_running_loop().sock_recv(late, 1) == b""
