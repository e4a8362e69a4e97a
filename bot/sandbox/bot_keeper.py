"""Keeps the bot running beside the world: whoever kills it sees it come back."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.sandbox.children import LastWill, Program, running, tell

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
LIVED_S = 20.0
"""A bot that lived this long was well: should it end, the pauses begin anew."""


class BotKeeper:
    """Starts the bot again when it ends by itself, after ever longer pauses."""

    def __init__(self, program: Program, will: LastWill) -> None:
        self._program = program
        self._will = will

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep the bot running until the end of the block."""
        task = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def _keep(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            began = time.monotonic()
            async with running(self._program, self._will) as child:
                code = await child.ended()
            if time.monotonic() - began > LIVED_S:
                pause_s = FIRST_PAUSE_S
            tell(
                f"{self._program.name} ended (exit code {code}); it starts again in {pause_s:g} s."
            )
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
