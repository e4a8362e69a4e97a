"""What reading a registry has in common, whichever registry it is."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from bot.domain.errors import BackEndUnavailableError, NotFoundError
from bot.domain.names import ModelName

T = TypeVar("T")

PAGE = 100
VERSIONS_PAGE = 1000


@contextmanager
def reading(back_end: str) -> Iterator[None]:
    """Turn an answer that lacks what it must hold into one that is not usable."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BackEndUnavailableError(
            back_end, "its answer is not of the documented form"
        ) from error


async def every_page(
    back_end: str, fetch: Callable[[str], Awaitable[tuple[list[T], str]]]
) -> list[T]:
    """Return what all pages hold; ``fetch`` takes a token and returns a page and the next one."""
    found: list[T] = []
    seen: set[str] = set()
    token = ""
    while token not in seen:
        seen.add(token)
        page, token = await fetch(token)
        found += page
        if not token:
            return found
    raise BackEndUnavailableError(back_end, "its pages lead in a circle")


def quotable(back_end: str, name: ModelName) -> str:
    """Return a name that may stand between quotes in a filter."""
    if any(character in name for character in "'\"\\`"):
        raise NotFoundError(back_end, f"no model can be called {name}")
    return name
