"""A back end in trouble keeps its troubles to itself."""

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.bulkhead import FAILURES_TO_OPEN, OPEN_FOR, Bulkhead
from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError

LONG = timedelta(seconds=20)
SHORT = timedelta(milliseconds=30)


class HandClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 1, 5, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class Gate:
    """A call that goes on only when the test says so."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.entered = threading.Semaphore(0)

    def __call__(self) -> str:
        self.entered.release()
        assert self.opened.wait(20)
        return "done"

    async def entry(self) -> None:
        assert await asyncio.to_thread(self.entered.acquire, timeout=20)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def gate() -> AsyncIterator[Gate]:
    gate = Gate()
    yield gate
    gate.opened.set()


def unavailable() -> str:
    raise BackEndUnavailableError("The registry", "the connection failed")


def refused() -> str:
    raise BackEndRefusedError("The registry", "no")


async def failing(bulkhead: Bulkhead, times: int, call: Callable[[], str] = unavailable) -> None:
    for _ in range(times):
        with pytest.raises((BackEndUnavailableError, BackEndRefusedError)):
            await bulkhead.run(call)


async def slot_is_free(bulkhead: Bulkhead) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                assert await bulkhead.run(lambda: 1) == 1
            except BackEndUnavailableError as error:
                assert "busy" in str(error)  # noqa: PT017 - only busy may come before the slot
                await asyncio.sleep(0.001)
            else:
                return


async def test_result_of_a_call_comes_back(clock: HandClock) -> None:
    bulkhead = Bulkhead("The registry", 1, LONG, clock)
    assert await bulkhead.run(lambda: 7) == 7


async def test_call_runs_on_another_thread_than_the_loop(clock: HandClock) -> None:
    bulkhead = Bulkhead("The registry", 1, LONG, clock)
    assert await bulkhead.run(threading.get_ident) != threading.get_ident()


async def test_full_pool_answers_busy_without_waiting(clock: HandClock, gate: Gate) -> None:
    bulkhead = Bulkhead("The registry", 1, LONG, clock)
    held = asyncio.create_task(bulkhead.run(gate))
    await gate.entry()
    with pytest.raises(BackEndUnavailableError, match="busy"):
        await bulkhead.run(lambda: 1)
    gate.opened.set()
    assert await held == "done"


async def test_late_call_is_told_as_no_answer(clock: HandClock, gate: Gate) -> None:
    bulkhead = Bulkhead("The registry", 1, SHORT, clock)
    with pytest.raises(BackEndUnavailableError, match=r"The registry: no answer within 0\.03 s"):
        await bulkhead.run(gate)


async def test_slot_stays_taken_until_the_thread_ends(clock: HandClock, gate: Gate) -> None:
    bulkhead = Bulkhead("The registry", 1, SHORT, clock)
    with pytest.raises(BackEndUnavailableError, match="no answer"):
        await bulkhead.run(gate)
    with pytest.raises(BackEndUnavailableError, match="busy"):
        await bulkhead.run(lambda: 1)


async def test_slot_is_free_again_once_the_thread_ended(clock: HandClock, gate: Gate) -> None:
    bulkhead = Bulkhead("The registry", 1, SHORT, clock)
    with pytest.raises(BackEndUnavailableError, match="no answer"):
        await bulkhead.run(gate)
    gate.opened.set()
    await slot_is_free(bulkhead)


async def test_failure_after_the_deadline_is_told_nobody_again(
    clock: HandClock, gate: Gate
) -> None:
    told: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: told.append(context["message"]))
    bulkhead = Bulkhead("The registry", 1, SHORT, clock)

    def fail_late() -> str:
        gate()
        return unavailable()

    with pytest.raises(BackEndUnavailableError, match="no answer within"):
        await bulkhead.run(fail_late)
    gate.opened.set()
    await slot_is_free(bulkhead)
    gc.collect()
    assert told == []


async def test_cancelled_caller_does_not_lose_the_slot(clock: HandClock, gate: Gate) -> None:
    bulkhead = Bulkhead("The registry", 2, LONG, clock)
    caller = asyncio.create_task(bulkhead.run(gate))
    await gate.entry()
    caller.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    assert await bulkhead.run(lambda: 1) == 1
    gate.opened.set()


async def test_one_dead_back_end_does_not_slow_another(clock: HandClock, gate: Gate) -> None:
    dead, alive = Bulkhead("A", 1, LONG, clock), Bulkhead("B", 1, LONG, clock)
    held = asyncio.create_task(dead.run(gate))
    await gate.entry()
    assert await alive.run(lambda: "fine") == "fine"
    gate.opened.set()
    await held


async def test_dead_back_end_is_left_alone_after_several_failures(clock: HandClock) -> None:
    bulkhead = Bulkhead("The registry", 1, LONG, clock)
    await failing(bulkhead, FAILURES_TO_OPEN)
    asked: list[int] = []
    with pytest.raises(BackEndUnavailableError, match="not answering"):
        await bulkhead.run(lambda: asked.append(1))
    assert asked == []


async def test_one_failure_less_leaves_it_open(clock: HandClock) -> None:
    bulkhead = Bulkhead("The registry", 1, LONG, clock)
    await failing(bulkhead, FAILURES_TO_OPEN - 1)
    assert await bulkhead.run(lambda: 1) == 1


async def test_an_answer_in_between_starts_the_count_anew(clock: HandClock) -> None:
    bulkhead = Bulkhead("The registry", 1, LONG, clock)
    await failing(bulkhead, FAILURES_TO_OPEN - 1)
    await bulkhead.run(lambda: 1)
    await failing(bulkhead, FAILURES_TO_OPEN - 1)
    assert await bulkhead.run(lambda: 1) == 1


async def test_refusals_are_answers_and_never_shut_a_back_end(clock: HandClock) -> None:
    bulkhead = Bulkhead("The registry", 1, LONG, clock)
    await failing(bulkhead, 3 * FAILURES_TO_OPEN, refused)
    assert await bulkhead.run(lambda: 1) == 1


async def test_after_a_pause_one_call_probes_and_opens_it(clock: HandClock) -> None:
    bulkhead = Bulkhead("The registry", 1, LONG, clock)
    await failing(bulkhead, FAILURES_TO_OPEN)
    clock.at += OPEN_FOR
    assert await bulkhead.run(lambda: 1) == 1
    assert await bulkhead.run(lambda: 2) == 2


async def test_only_one_call_probes_at_a_time(clock: HandClock, gate: Gate) -> None:
    bulkhead = Bulkhead("The registry", 4, LONG, clock)
    await failing(bulkhead, FAILURES_TO_OPEN)
    clock.at += OPEN_FOR
    probe = asyncio.create_task(bulkhead.run(gate))
    await gate.entry()
    with pytest.raises(BackEndUnavailableError, match="not answering"):
        await bulkhead.run(lambda: 1)
    gate.opened.set()
    assert await probe == "done"


async def test_failed_probe_shuts_it_again(clock: HandClock) -> None:
    bulkhead = Bulkhead("The registry", 1, LONG, clock)
    await failing(bulkhead, FAILURES_TO_OPEN)
    clock.at += OPEN_FOR
    await failing(bulkhead, 1)
    with pytest.raises(BackEndUnavailableError, match="not answering"):
        await bulkhead.run(lambda: 1)


async def test_closed_pool_says_that_herald_stops(clock: HandClock) -> None:
    bulkhead = Bulkhead("The registry", 1, LONG, clock)
    await bulkhead.close()
    with pytest.raises(BackEndUnavailableError, match="Herald is stopping"):
        await bulkhead.run(lambda: 1)
