"""Frozen stretches that touch one another, told as one, so that each end is a true end."""

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Protocol

from bot.domain.freezing import Span

HORIZON = timedelta(days=400)
"""How far ahead the end of a stretch is looked for; one that never ends is told to end there."""
MOST_STEPS = 400
"""Stretches that are joined to one while its end is looked for."""


class Touching(Hashable, Protocol):
    """What knows frozen stretches, each by itself."""

    def touching(self, since: datetime, until: datetime) -> Iterable[Span]:
        """Return those that touch a time: of those that hold ``since`` at least the newest."""
        ...


def joined(window: Touching, since: datetime, until: datetime) -> tuple[Span, ...]:
    """Return what touches a time by its beginning; what overlaps or follows at once is one."""
    whole = _merged(window.touching(since, until))
    return (*whole[:-1], *(to_its_end(window, last) for last in whole[-1:]))


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: span.begins_at):
        if merged and span.begins_at <= merged[-1].ends_at:
            ends_at = max(span.ends_at, merged[-1].ends_at)
            merged[-1] = Span(begins_at=merged[-1].begins_at, ends_at=ends_at)
        else:
            merged.append(span)
    return merged


@lru_cache(maxsize=500)
def to_its_end(window: Touching, span: Span) -> Span:
    """Return a stretch with all that overlap it or follow at once, up to the horizon."""
    horizon = span.ends_at + HORIZON
    for _ in range(MOST_STEPS):
        ends_at, before = _end_of(window, span.ends_at), span.ends_at
        span = Span(begins_at=span.begins_at, ends_at=ends_at)
        if ends_at == before or ends_at >= horizon:
            break
    return span


def _end_of(window: Touching, at: datetime) -> datetime:
    """Return the end of the longest stretch that holds a moment; the moment when none does."""
    return max([at, *(span.ends_at for span in window.touching(at, at))])
