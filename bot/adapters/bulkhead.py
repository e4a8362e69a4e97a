"""A bounded pool of threads for one back end, with a deadline, shut for a while when it is dead."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from bot.adapters.meter import OK, REFUSED, UNAVAILABLE, Called, not_counted
from bot.domain.errors import BackEndUnavailableError
from bot.domain.ports import Clock

T = TypeVar("T")

SLOTS = 32
"""Calls at a time to one kind of back end."""

FAILURES_TO_OPEN = 3
"""Calls in a row without an answer after which the back end counts as dead."""

OPEN_FOR = timedelta(seconds=3)
"""How long a dead back end is left alone before one call may try it again."""


class Bulkhead:
    """Runs blocking calls of one back end, so that its troubles stay its own.

    A slot is given back when its thread ends, not when its caller has stopped waiting: a hanging
    back end fills its own slots and nothing else.
    """

    def __init__(
        self,
        name: str,
        slots: int,
        deadline: timedelta,
        clock: Clock,
        called: Called = not_counted,
    ) -> None:
        self._name = name
        self._called = called
        self._deadline = deadline
        self._clock = clock
        self._free = slots
        self._pool = ThreadPoolExecutor(max_workers=slots, thread_name_prefix=name)
        self._failures = 0
        self._closed_until: datetime | None = None
        self._is_closed = False

    async def run(self, call: Callable[[], T]) -> T:
        """Run a call on a thread and wait for its result until the deadline.

        Raises:
            BackEndUnavailableError: No slot was free, the back end counts as dead, or no answer
                came in time; a call that was begun may still take effect.
        """
        began, outcome = time.perf_counter(), REFUSED
        try:
            result = await self._run(call)
            outcome = OK
        except BackEndUnavailableError:
            outcome = UNAVAILABLE
            raise
        finally:
            self._called(self._name, outcome, time.perf_counter() - began)
        return result

    async def _run(self, call: Callable[[], T]) -> T:
        self._admit()
        self._free -= 1
        loop = asyncio.get_running_loop()
        future = self._pool.submit(call)
        future.add_done_callback(lambda _: self._give_back(loop))
        answer = asyncio.wrap_future(future)
        answer.add_done_callback(_heard)
        try:
            async with asyncio.timeout(self._deadline.total_seconds()):
                result = await asyncio.shield(answer)
        except TimeoutError as error:
            self._note_failure()
            raise self._no_answer() from error
        except BackEndUnavailableError:
            self._note_failure()
            raise
        except Exception:
            self._note_answer()
            raise
        self._note_answer()
        return result

    async def close(self) -> None:
        """Let no more calls in; threads that hang are left behind."""
        self._is_closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _admit(self) -> None:
        if self._is_closed:
            raise BackEndUnavailableError(self._name, "Herald is stopping")
        if self._free <= 0:
            raise BackEndUnavailableError(self._name, "it is busy: too many calls wait for it")
        if self._closed_until is not None:
            if self._clock.now() < self._closed_until:
                detail = "it is not answering; Herald asks again in a few seconds"
                raise BackEndUnavailableError(self._name, detail)
            self._closed_until = self._clock.now() + OPEN_FOR

    def _no_answer(self) -> BackEndUnavailableError:
        seconds = self._deadline.total_seconds()
        return BackEndUnavailableError(self._name, f"no answer within {seconds:g} s")

    def _note_failure(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self._closed_until = self._clock.now() + OPEN_FOR

    def _note_answer(self) -> None:
        self._failures = 0
        self._closed_until = None

    def _give_back(self, loop: asyncio.AbstractEventLoop) -> None:
        with suppress(RuntimeError):  # the loop may have ended before the thread did
            loop.call_soon_threadsafe(self._count_back)

    def _count_back(self) -> None:
        self._free += 1


def _heard(answer: "asyncio.Future[T]") -> None:
    """Let a failure for which nobody waits any more pass in silence: the deadline was told."""
    if not answer.cancelled():
        answer.exception()
