"""The bell between a commit and the runner."""

import asyncio


class Bell:
    """Rings the loops that look for work; ringing twice before they look is one ring."""

    def __init__(self) -> None:
        self._events: list[asyncio.Event] = []

    def wake(self) -> None:
        """Let every loop look now."""
        for event in self._events:
            event.set()

    def listener(self) -> asyncio.Event:
        """Return an event for one more loop; it is set at first, so that the loop looks at once."""
        event = asyncio.Event()
        event.set()
        self._events.append(event)
        return event
