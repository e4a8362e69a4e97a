"""Work that is acknowledged once it is done, so that a sudden death loses nothing in silence."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bot.domain.refusal import Refusal
from bot.views.render import Answer
from handlers.desk import Work

Tell = Callable[[Exception], Refusal]

SETTLE_S = 2.0
"""Longest wait: Slack takes a click for lost after three seconds (Slack, *Acknowledging*)."""


class Settled:
    """One piece of work, and what came of it for whoever waits.

    Args:
        work: What to do.
        tell: Says what an error means to whoever waits. With it, refusals and errors go to the one
            who waits, as long as he does, instead of into a message.
    """

    def __init__(self, work: Work, tell: Tell | None = None) -> None:
        self._work = work
        self._tell = tell
        self._refusal: Refusal | None = None
        self._done = asyncio.Event()

    async def run(self) -> Answer | None:
        """Do the work; return what is left to be said."""
        try:
            answer = await self._answer()
            if self._tell and isinstance(answer, Refusal):
                self._refusal = answer
            return answer if self._refusal is None else None
        finally:
            self._done.set()

    async def _answer(self) -> Answer | None:
        try:
            return await self._work()
        except Exception as error:
            if self._tell is None:
                raise
            return self._tell(error)

    async def wait(self) -> Refusal | None:
        """Wait until it is done, for a while; return the refusal that is kept for the waiter."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._done.wait(), SETTLE_S)
        self._tell = None
        return self._refusal
