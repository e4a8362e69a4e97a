"""What was so at which moment."""

from datetime import datetime
from typing import Generic, TypeVar

from bot.domain.ports import Clock

T = TypeVar("T")


class History(Generic[T]):
    """The values of one thing over time."""

    def __init__(self, clock: Clock, first: T) -> None:
        self._clock = clock
        self._values = [(clock.now(), first)]

    @property
    def now(self) -> T:
        return self._values[-1][1]

    def put(self, value: T) -> None:
        self._values.append((self._clock.now(), value))

    def at(self, moment: datetime) -> T:
        """Return what was so at a moment since the beginning."""
        return [value for since, value in self._values if since <= moment][-1]
