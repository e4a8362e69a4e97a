"""Many reads, few at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from bot.domain.errors import BackEndError, NotFoundError

S = TypeVar("S")
T = TypeVar("T")


async def read_each(
    subjects: Iterable[S],
    read: Callable[[S], Awaitable[T]],
    at_a_time: int,
    spread_s: float = 0,
) -> tuple[dict[S, T], dict[S, BackEndError]]:
    """Return what was read of each subject, and why others could not be read.

    A subject that does not exist (any more) is in neither.

    Args:
        subjects: Those that are the same are read once.
        read: Reads one.
        at_a_time: How many reads may be in hand.
        spread_s: Seconds over which to spread them when there are more than that, so that other
            work finds its turn between them.
    """
    each_once = tuple(dict.fromkeys(subjects))
    pause_s = spread_s * at_a_time / len(each_once) if len(each_once) > at_a_time else 0
    few = asyncio.Semaphore(at_a_time)
    found: dict[S, T] = {}
    unread: dict[S, BackEndError] = {}

    async def one(subject: S) -> None:
        async with few:
            try:
                found[subject] = await read(subject)
            except NotFoundError:
                return
            except BackEndError as error:
                unread[subject] = error
            await asyncio.sleep(pause_s)

    await asyncio.gather(*map(one, each_once))
    return found, unread
