"""Work that is acknowledged once it is done, so that a sudden death loses nothing in silence."""

import asyncio
from contextlib import suppress

from bot.domain.refusal import Refusal
from bot.views.render import Answer
from handlers.desk import Work

SETTLE_S = 2.0
"""Longest wait: Slack takes a click for lost after three seconds (Slack, *Acknowledging*)."""


class Settled:
    """One piece of work, and what came of it for whoever waits.

    Args:
        work: What to do.
        keeps_refusals: Whether a refusal goes to the one who waits, instead of into a message.
    """

    def __init__(self, work: Work, *, keeps_refusals: bool = False) -> None:
        self._work = work
        self._keeps = keeps_refusals
        self._refusal: Refusal | None = None
        self._done = asyncio.Event()

    async def run(self) -> Answer | None:
        """Do the work; return what is left to be said."""
        try:
            answer = await self._work()
            if self._keeps and isinstance(answer, Refusal):
                self._refusal = answer
            return answer if self._refusal is None else None
        finally:
            self._done.set()

    async def wait(self) -> Refusal | None:
        """Wait until it is done, for a while; return the refusal that is kept for the waiter."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._done.wait(), SETTLE_S)
        self._keeps = False
        return self._refusal
