"""Conflicts between two writers pass in silence, unless they do not end."""

import pytest

from bot.domain.errors import StaleWriteError
from bot.services.retried import CONFLICTS, retried


@pytest.mark.parametrize("conflicts", [0, 1, CONFLICTS])
async def test_conflicts_are_passed_over(conflicts: int) -> None:
    left = [StaleWriteError("CR-1")] * conflicts

    async def attempt() -> str:
        if left:
            raise left.pop()
        return "done"

    assert await retried(attempt) == "done"


async def test_conflicts_that_do_not_end_are_raised() -> None:
    attempts = 0

    async def attempt() -> None:
        nonlocal attempts
        attempts += 1
        raise StaleWriteError("CR-1")

    with pytest.raises(StaleWriteError):
        await retried(attempt)
    assert attempts == CONFLICTS + 1
