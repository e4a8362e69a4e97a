"""Many reads, few at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from bot.domain.errors import BackEndError, NotFoundError

S = TypeVar("S")
T = TypeVar("T")


async def read_each(
    subjects: Iterable[S], read: Callable[[S], Awaitable[T]], at_a_time: int
) -> tuple[dict[S, T], dict[S, BackEndError]]:
    """Return what was read of each subject, and why others could not be read.

    A subject that does not exist (any more) is in neither.
    """
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

    await asyncio.gather(*(one(subject) for subject in dict.fromkeys(subjects)))
    return found, unread
