"""Keeps calls of one kind apart in time, so that a limit is not reached at all."""

import asyncio
from collections.abc import Hashable

KEPT = 1000
"""How many kinds are remembered before those whose time is over are forgotten."""


class Pacing:
    """Lets calls with the same key through one after the other, at least ``spacing_s`` apart."""

    def __init__(self, spacing_s: float) -> None:
        self._spacing_s = spacing_s
        self._free_at: dict[Hashable, float] = {}

    async def turn(self, key: Hashable) -> None:
        """Wait for the turn of this key."""
        now = asyncio.get_running_loop().time()
        turn = max(now, self._free_at.get(key, now))
        self._forget(now)
        self._free_at[key] = turn + self._spacing_s
        if turn > now:
            await asyncio.sleep(turn - now)

    def _forget(self, now: float) -> None:
        if len(self._free_at) >= KEPT:
            self._free_at = {key: at for key, at in self._free_at.items() if at > now}
