"""Claims whatever can be executed now, and runs it beside everything else."""

import asyncio
import logging
from datetime import timedelta

from bot.domain.ports import WakeUp
from bot.domain.store import Claim, Store
from bot.services.execute import Execute
from bot.services.execution import LEASE

AT_ONCE = 8
"""Executions that one replica carries on at a time; the others wait for their turn."""
NEXT_CLAIM = timedelta(milliseconds=100)
"""Between two claims, so that the first one's way to its first write is free."""

log = logging.getLogger(__name__)


class Dispatch:
    """Keeps the executions of this replica."""

    def __init__(self, execute: Execute, store: Store, owner: str, wake_up: WakeUp) -> None:
        self._execute = execute
        self._store = store
        self._owner = owner
        self._wake_up = wake_up
        self._running: set[asyncio.Task[None]] = set()

    async def dispatch(self) -> timedelta | None:
        """Claim and start one request, if there is one and room for it.

        Returns:
            How long until there may be more to claim; None when that is not a matter of time.
        """
        if len(self._running) >= AT_ONCE:
            return None
        async with self._store.transaction() as work:
            claim = await work.claims.claim(self._owner, LEASE)
            if claim is None:
                return await work.claims.pause()
        task = asyncio.create_task(self._run(claim))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return NEXT_CLAIM

    async def drain(self, seconds: float) -> None:
        """Wait for executions to reach a resting point; what does not is taken over later."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        for task in self._running:
            task.cancel()

    async def _run(self, claim: Claim) -> None:
        try:
            await self._execute.run(claim)
        except Exception:
            log.exception("execution of %s broke; its lease runs out", claim.request.label)
        finally:
            self._wake_up.wake()
