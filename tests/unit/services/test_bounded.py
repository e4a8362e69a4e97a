"""Many reads are made few at a time, and spread out where nobody waits."""

import asyncio

import pytest

from bot.domain.errors import BackEndUnavailableError, NotFoundError
from bot.services.bounded import read_each


async def test_no_more_reads_are_in_hand_than_allowed() -> None:
    in_hand, most = 0, 0

    async def read(subject: int) -> int:
        nonlocal in_hand, most
        in_hand += 1
        most = max(most, in_hand)
        await asyncio.sleep(0)
        in_hand -= 1
        return subject * 2

    found, unread = await read_each(range(20), read, 3)
    assert (found[7], len(found), unread, most) == (14, 20, {}, 3)


async def test_what_cannot_be_read_is_told_and_what_is_gone_is_left_out() -> None:
    async def read(subject: str) -> str:
        if subject == "gone":
            raise NotFoundError("The platform", "it does not exist")
        if subject == "dark":
            raise BackEndUnavailableError("The platform", "no answer")
        return subject

    found, unread = await read_each(["well", "gone", "dark", "well"], read, 2)
    assert found == {"well": "well"}
    assert [str(error) for error in unread.values()] == ["The platform: no answer"]


@pytest.mark.parametrize(("total", "pause_s"), [(3, 0), (4, 0), (8, 10.0), (200, 0.4)])
async def test_only_more_reads_than_slots_are_spread(
    total: int, pause_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    async def read(subject: int) -> int:
        return subject

    monkeypatch.setattr(asyncio, "sleep", pause)
    await read_each(range(total), read, 4, spread_s=20)
    assert paused == [pause_s] * total
