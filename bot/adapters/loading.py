"""Libraries that take seconds to import, loaded at their first use and apart from any deadline."""

import asyncio
from collections.abc import Callable


class Loading:
    """Loads something once, in a thread of its own, whoever comes first; the others wait for it."""

    def __init__(self, load: Callable[[], object]) -> None:
        self._load = load
        self._turn = asyncio.Lock()
        self._is_done = False

    async def wait(self) -> None:
        """Wait until it is loaded."""
        if self._is_done:
            return
        async with self._turn:
            if not self._is_done:
                await asyncio.to_thread(self._load)
                self._is_done = True
