"""The double on a loopback port, with connections that it can cut."""

import asyncio
from asyncio import Transport
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from socket import IPPROTO_TCP, SO_REUSEADDR, SOL_SOCKET, TCP_NODELAY, socket

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.hanging_up import accept_no_more

_GRACE_S = 1
TICK_S = 1.0


class CuttableProtocol(H11Protocol):
    """HTTP that shows the application its transport, as `scope["state"]["transport"]`."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override] # as uvicorn
        """Note the connection."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class OwnedServer(uvicorn.Server):
    """A server that leaves signals to who started it, and stops at once when told."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stopping = asyncio.Event()

    async def main_loop(self) -> None:
        """Wait without uvicorn's ten looks a second; its `Date` moves on each second."""
        while not self.stopping.is_set():
            await self.on_tick(0)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), TICK_S)

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Stop as uvicorn does, then cut what its time of grace has not ended."""
        await super().shutdown(sockets)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


@asynccontextmanager
async def serving(
    app: ASGIApp, port: int = 0, before_stop: Callable[[], object] = bool
) -> AsyncIterator[int]:
    """Serve an application on 127.0.0.1 and give its port; 0 picks a free one.

    `before_stop` lets go of calls that would otherwise hang until they are cut off; by then nobody
    can ask again.

    Raises:
        OSError: If the port is taken.
    """
    listener = socket()
    # Connections inherit it. Without it an answer's second packet waits 40 ms for the first's ACK:
    # asyncio sets it only on sockets that name TCP as their protocol.
    listener.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    # A sandbox that was ended comes back at once: its old connections hold the port for a minute.
    listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    config = uvicorn.Config(
        app,
        http=CuttableProtocol,
        ws="none",
        lifespan="on",
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = OwnedServer(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await _started(server, task)
        yield listener.getsockname()[1]
    finally:
        await accept_no_more([listener])
        before_stop()
        server.stopping.set()
        await task


async def _started(server: uvicorn.Server, task: asyncio.Task[None]) -> None:
    while not server.started:
        if task.done():
            await task
            raise RuntimeError("the Databricks double did not start")
        await asyncio.sleep(0.005)
