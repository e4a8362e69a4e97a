"""Tries again when somebody else changed a record between reading and writing it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.domain.errors import StaleWriteError

T = TypeVar("T")

CONFLICTS = 8
"""Conflicts in a row that are passed over in silence; each attempt reads everything again."""


async def retried(attempt: Callable[[], Awaitable[T]]) -> T:
    """Return what ``attempt`` returns, after as many tries as conflicts ask for.

    Raises:
        StaleWriteError: Conflicts did not end.
    """
    for _ in range(CONFLICTS):
        try:
            return await attempt()
        except StaleWriteError:
            continue
    return await attempt()
