"""Calls of one kind are kept apart; others are not held up."""

import asyncio

import pytest

from bot.adapters import pacing
from bot.adapters.pacing import Pacing

SPACING_S = 1000.0


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Collect what would be slept; no time passes."""
    seconds: list[float] = []

    async def sleep(span: float) -> None:
        seconds.append(span)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return seconds


async def test_the_first_call_does_not_wait(slept: list[float]) -> None:
    await Pacing(SPACING_S).turn("C1")
    assert slept == []


async def test_calls_of_one_kind_queue_up(slept: list[float]) -> None:
    paced = Pacing(SPACING_S)
    for _ in range(3):
        await paced.turn("C1")
    assert slept == pytest.approx([SPACING_S, 2 * SPACING_S], rel=0.01)


async def test_another_kind_is_not_held_up(slept: list[float]) -> None:
    paced = Pacing(SPACING_S)
    await paced.turn("C1")
    await paced.turn("C2")
    assert slept == []


async def test_kinds_whose_time_is_over_are_forgotten(slept: list[float]) -> None:
    paced = Pacing(0)
    for number in range(2 * pacing.KEPT):
        await paced.turn(number)
    assert len(paced._free_at) <= pacing.KEPT
    assert slept == []
