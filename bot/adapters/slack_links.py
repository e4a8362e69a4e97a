"""Two Socket Mode links to Slack, closed only after what they have in hand is acknowledged."""

import asyncio
import logging
from collections.abc import Callable

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

LINKS = 2
"""Slack gives each payload to any one link, so one may fall away without a gap."""

PING_S = 2
"""A link that died in silence is noticed within four pings (measured: back within 7 s)."""

STOP_S = 5.0

TOLD_AGAIN_S = 30.0
"""Seconds before the same kind of trouble is told again."""

KIND_LENGTH = 24
"""Characters by which two lines count as the same kind of trouble."""


class SlackLinks:
    """Keeps the links up until they are closed; a Slack that is down is tried again for ever."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._handlers = [_Draining(app, app_token) for _ in range(LINKS)]
        self._tasks: list[asyncio.Task[None]] = []
        self._is_up = False

    async def open(self, on_up: Callable[[], None]) -> None:
        """Begin to connect, without waiting; ``on_up`` is called when the first link is up."""
        self._tasks = [asyncio.create_task(self._connect(h, on_up)) for h in self._handlers]

    async def up(self) -> int:
        """Return how many links are up."""
        return sum([await handler.client.is_connected() for handler in self._handlers])

    async def close(self) -> None:
        """Let what is in hand be acknowledged, then close every link."""
        await asyncio.gather(*(handler.drain(STOP_S) for handler in self._handlers))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*(handler.close() for handler in self._handlers))

    async def _connect(self, handler: "_Draining", on_up: Callable[[], None]) -> None:
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt has no annotation
        if not self._is_up:
            self._is_up = True
            on_up()


class _Draining(AsyncSocketModeHandler):
    """Bolt's handler, which counts what it has not acknowledged yet."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        super().__init__(app, app_token, logger=quiet_logger(), ping_interval=PING_S)
        self._in_hand = 0

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        self._in_hand += 1
        try:
            await super().handle(client, req)  # type: ignore[arg-type]  # Bolt narrows the client
        finally:
            self._in_hand -= 1

    async def drain(self, seconds: float) -> None:
        """Wait until nothing is in hand, for a while."""
        try:
            async with asyncio.timeout(seconds):
                while self._is_busy():  # noqa: ASYNC110 - one of the counters is the SDK's queue
                    await asyncio.sleep(0.01)
        except TimeoutError:
            return

    async def close(self) -> None:
        """Close the link and wait for its tasks to end."""
        client = self.client
        tasks = [client.message_processor, client.current_session_monitor, client.message_receiver]
        await self.close_async()  # type: ignore[no-untyped-call]  # Bolt has no annotation
        await asyncio.gather(*(task for task in tasks if task), return_exceptions=True)

    def _is_busy(self) -> bool:
        return self._in_hand > 0 or not self.client.message_queue.empty()


def quiet_logger() -> logging.Logger:
    """Return a logger on which trouble is one line: an outage is no programming error."""
    logger = logging.getLogger("herald.slack")
    if not logger.filters:
        logger.addFilter(Terse())
    return logger


class Terse(logging.Filter):
    """Lets each kind of trouble through once in a while, in one line that names Slack."""

    def __init__(self) -> None:
        super().__init__()
        self._told_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be seen, and bring it to one line."""
        words = record.getMessage()
        kind = words[:KIND_LENGTH]
        silent = record.created - self._told_at.get(kind, 0.0) < TOLD_AGAIN_S
        if record.levelno < logging.WARNING or silent:
            return False
        self._told_at[kind] = record.created
        record.msg, record.args = "Slack: %s", (words,)
        record.exc_info = record.exc_text = None
        return True
