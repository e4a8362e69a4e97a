"""Server-sent events for the page: every visible change, as it happens."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from bot.sandbox.slack.people import Json

# A reader this far behind is cut off; the page connects again and reads everything anew.
BACKLOG = 1000


@dataclass(slots=True)
class Feed:
    """Hands each change to all who listen."""

    listeners: set[asyncio.Queue[Json | None]] = field(default_factory=set)
    published: int = 0

    def publish(self, event_type: str, **fields: object) -> None:
        """Tell every listener about one change."""
        self.published += 1
        for queue in list(self.listeners):
            if queue.qsize() < BACKLOG:
                queue.put_nowait({"type": event_type, **fields})
            else:
                queue.put_nowait(None)
                self.listeners.discard(queue)

    def close(self) -> None:
        """End every listener's stream."""
        for queue in self.listeners:
            queue.put_nowait(None)
        self.listeners.clear()

    async def listen(
        self, wants: Callable[[Json], bool], *, idle_s: float = 15.0
    ) -> AsyncIterator[bytes]:
        """Yield the wanted changes as server-sent frames; a comment when nothing happens."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        self.listeners.add(queue)
        try:
            yield b": connected\n\n"
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), idle_s)
                except TimeoutError:
                    yield b": idle\n\n"
                    continue
                if event is None:
                    return
                if wants(event):
                    yield b"data: " + json.dumps(event).encode() + b"\n\n"
        finally:
            self.listeners.discard(queue)
