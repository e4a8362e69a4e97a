"""The end of servers: no connection stays open behind them."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Protocol

from aiohttp import web

TURNS = 3
"""Turns of the loop from a connection's being accepted to its being in a protocol's hands."""


class Listener(Protocol):
    """A socket that listens."""

    def fileno(self) -> int:
        """Return its number."""


async def accept_no_more(listeners: Iterable[Listener]) -> None:
    """Let connections that were accepted just now be taken over, so that stopping closes them.

    A server of asyncio that closes before that leaves them open for ever (Python below 3.12).
    """
    for listener in listeners:
        asyncio.get_running_loop().remove_reader(listener.fileno())
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def hang_up(runner: web.BaseRunner) -> None:
    """Stop a server, and close every connection that it has."""
    await accept_no_more(listeners_of(runner))
    await runner.cleanup()


def listeners_of(runner: web.BaseRunner) -> Iterator[Listener]:
    """Yield the sockets on which a server listens."""
    for site in runner.sites:
        server = site._server  # noqa: SLF001 - aiohttp shows it nowhere else
        if isinstance(server, asyncio.Server):
            yield from server.sockets
