"""Loops that look for work: after the bell, when something falls due, and at regular times."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.domain.errors import HeraldError
from bot.jobs.troubles import Troubles
from bot.jobs.wake_up import Bell

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 5.0
"""Longest pause of a loop: another replica may have left something, and rings no bell here."""
SHORTEST_PAUSE_S = 0.02
REDRAW_LAG_S = 0.1
"""A card that changes several times within it is redrawn once: Slack limits redraws, and the
change itself goes first."""
REFRESH_S = 60
EXPIRE_S = 15
SAMPLE_S = 20
"""Looks for a minute that is not sampled yet; the first one in a minute takes it."""
DIGEST_S = 15
MISFIRE_GRACE_S = 30
AFTER_ERROR_S = 1.0

Look = Callable[[], Awaitable[object]]
LookForWork = Callable[[], Awaitable[timedelta | None]]
"""Returns how long until there is more to do, None when that is not a matter of time."""


class Loops:
    """Runs each piece of background work on a task of its own until it is told to stop."""

    def __init__(self, bell: Bell) -> None:
        self._bell = bell
        self._scheduler = AsyncIOScheduler()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False
        self._troubles = Troubles()

    def on_bell(self, name: str, look: LookForWork, lag_s: float = 0) -> None:
        """Call ``look`` after every ring of the bell and when more falls due.

        Args:
            name: What errors call it.
            look: Does what there is to do.
            lag_s: Seconds between a ring and the look, so that several rings are one look.
        """
        event = self._bell.listener()
        loop = self._loop(name, lambda: _look_and_wait(look, event, lag_s))
        self._tasks.append(asyncio.create_task(loop, name=name))

    def every(self, name: str, seconds: float, look: Look) -> None:
        """Call ``look`` at regular times, never twice at once."""
        self._scheduler.add_job(
            self._job,
            "interval",
            args=(name, look),
            seconds=seconds,
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=MISFIRE_GRACE_S,
        )

    def soon(self, name: str, look: Look) -> None:
        """Call ``look`` once, beside everything else."""
        self._tasks.append(asyncio.create_task(self._logged(name, look), name=name))

    def start(self) -> None:
        """Start what comes at regular times."""
        self._scheduler.start()

    async def stop(self, seconds: float) -> None:
        """Start nothing new and let the loops finish what they are doing, for a while."""
        self._stopping = True
        self._scheduler.shutdown(wait=False)
        self._bell.wake()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()

    async def _job(self, name: str, look: Look) -> None:
        """Do one look at its time; a stop that breaks it off is no error."""
        try:
            await self._logged(name, look)
        except asyncio.CancelledError:
            if not self._stopping:
                raise

    async def _loop(self, name: str, turn: Look) -> None:
        while not self._stopping:
            await self._logged(name, turn)

    async def _logged(self, name: str, look: Look) -> None:
        """Do one look; an error is logged and the next look comes all the same."""
        try:
            await look()
        except HeraldError as error:
            self._troubles.note(name, error)
            await asyncio.sleep(AFTER_ERROR_S)
        except Exception:
            log.exception("%s failed; it is tried again", name)
            await asyncio.sleep(AFTER_ERROR_S)


async def _look_and_wait(look: LookForWork, event: asyncio.Event, lag_s: float) -> None:
    """Look for work, then wait for the bell or until more falls due."""
    event.clear()
    pause = await look()
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), _seconds(pause))
        await asyncio.sleep(lag_s)


def _seconds(pause: timedelta | None) -> float:
    if pause is None:
        return LOOK_AGAIN_S
    return min(max(pause.total_seconds(), SHORTEST_PAUSE_S), LOOK_AGAIN_S)
