"""A policy's freeze window that opens, shuts and breaks as a life pleases."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.freezing import Span
from bot.domain.ports import Clock
from tests.properties.history import History

SHUT_FOR = timedelta(hours=2)


class Shut(StrEnum):
    """How a shutter is left."""

    OPEN = "open"
    SHUT = "shut"
    BROKEN = "broken"


class Shutter:
    """Implements ``FreezeWindow``; once shut it opens by itself after a while."""

    name = "shutter"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._history = History(clock, (Shut.OPEN, clock.now()))

    def leave(self, how: Shut) -> None:
        self._history.put((how, self._clock.now()))

    def is_shut(self, at: datetime) -> bool:
        """Tell whether it froze anything at a moment; nobody can read through a broken one."""
        how, since = self._history.at(at)
        return how is Shut.BROKEN or (how is Shut.SHUT and at < since + SHUT_FOR)

    def spans(self, since: datetime, until: datetime) -> tuple[Span, ...]:
        how, began = self._history.now
        if how is Shut.BROKEN:
            raise ValueError("no such day")
        span = Span(begins_at=began, ends_at=began + SHUT_FOR)
        return (span,) if how is Shut.SHUT and span.touches(since, until) else ()
