"""Loops look after the bell, when something falls due, and again after an error."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from bot.domain.errors import BackEndUnavailableError
from bot.jobs import loops as jobs
from bot.jobs.loops import Loops
from bot.jobs.wake_up import Bell

NEVER = timedelta(hours=1)


class Desk:
    """Counts looks and answers each as a test says."""

    def __init__(self, answer: Callable[[int], timedelta | None]) -> None:
        self.looks = 0
        self._answer = answer
        self._looked = asyncio.Condition()

    async def look(self) -> timedelta | None:
        async with self._looked:
            self.looks += 1
            self._looked.notify_all()
        return self._answer(self.looks)

    async def until(self, looks: int) -> None:
        async with asyncio.timeout(20), self._looked:
            await self._looked.wait_for(lambda: self.looks >= looks)


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
async def loops(bell: Bell) -> AsyncIterator[Loops]:
    made = Loops(bell)
    made.start()
    yield made
    await made.stop(5)


async def test_a_loop_looks_at_once_and_after_each_ring(loops: Loops, bell: Bell) -> None:
    desk = Desk(lambda _: NEVER)
    loops.on_bell("work", desk.look)
    await desk.until(1)
    for looks in (2, 3):
        bell.wake()
        await desk.until(looks)


async def test_a_loop_looks_again_when_more_falls_due(loops: Loops) -> None:
    desk = Desk(lambda look: timedelta(milliseconds=30) if look < 3 else NEVER)
    loops.on_bell("work", desk.look)
    await desk.until(3)


async def test_a_loop_looks_at_regular_times_for_what_rings_no_bell(
    loops: Loops, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LOOK_AGAIN_S", 0.02)
    desk = Desk(lambda _: None)
    loops.on_bell("work", desk.look)
    await desk.until(3)


async def test_a_loop_goes_on_after_errors(loops: Loops, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "AFTER_ERROR_S", 0.01)

    def fail(look: int) -> timedelta | None:
        if look == 1:
            raise BackEndUnavailableError("The database", "it does not answer")
        if look == 2:
            raise RuntimeError("unforeseen")
        return NEVER

    desk = Desk(fail)
    loops.on_bell("work", desk.look)
    await desk.until(3)


async def test_a_ring_during_a_look_is_not_lost(loops: Loops, bell: Bell) -> None:
    def ring(look: int) -> timedelta:
        if look == 1:
            bell.wake()
        return NEVER

    desk = Desk(ring)
    loops.on_bell("work", desk.look)
    await desk.until(2)


async def test_no_look_begins_after_the_stop(bell: Bell) -> None:
    loops = Loops(bell)
    loops.start()
    desk = Desk(lambda _: timedelta(0))
    loops.on_bell("work", desk.look)
    await desk.until(2)
    await loops.stop(5)
    seen = desk.looks
    bell.wake()
    await asyncio.sleep(0.1)
    assert desk.looks == seen


async def test_rings_within_the_lag_are_one_look(loops: Loops, bell: Bell) -> None:
    desk = Desk(lambda _: NEVER)
    loops.on_bell("work", desk.look, lag_s=0.05)
    await desk.until(1)
    bell.wake()
    await asyncio.sleep(0)
    bell.wake()
    await desk.until(2)
    await asyncio.sleep(0.15)
    assert desk.looks == 2


async def test_a_stop_that_breaks_a_look_off_is_no_error(
    bell: Bell, caplog: pytest.LogCaptureFixture
) -> None:
    began, broken = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            broken.set()

    made = Loops(bell)
    made.every("hang", 0.01, hang)
    made.start()
    async with asyncio.timeout(20):
        await began.wait()
        await made.stop(5)
        await broken.wait()
    await asyncio.sleep(0)
    assert [record for record in caplog.records if record.exc_info] == []
