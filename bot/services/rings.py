"""Knows who was rung anew for a request and when, so that nobody is rung too often for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.audit import HERALD, AuditEvent
from bot.domain.change_request import ChangeRequest
from bot.domain.store import UnitOfWork
from bot.services.electorate import Audience

QUIET = timedelta(hours=1)
"""Time in which nobody is rung anew twice for the same request."""
RUNG_ANEW = "change_request.rung_anew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rings:
    """Who was asked anew about a request; the first asking of all is not among it.

    Attributes:
        told: Who was rung for the present evidence.
        last: When people and groups were rung last, for whichever evidence.
    """

    told: frozenset[str]
    last: Mapping[str, datetime]

    def resting(self, now: datetime) -> frozenset[str]:
        """Return who was rung so short a time ago that he is left in peace."""
        return frozenset(whom for whom, at in self.last.items() if now - at < QUIET)

    def pause(self, untold: Audience, now: datetime) -> timedelta | None:
        """Return how long until the first of those left in peace may be rung; None for nobody."""
        waits = self.resting(now) & {*untold.people, *untold.lines}
        return min((self.last[whom] + QUIET - now for whom in waits), default=None)


async def rings_of(work: UnitOfWork, request: ChangeRequest) -> Rings:
    """Read from the record who was asked anew about a request."""
    events = [chained.event for chained in await work.audit.of(request.label)]
    rung = [event for event in events if event.action == RUNG_ANEW]
    present = [e for e in rung if e.details["revision"] == request.evidence.revision]
    return Rings(
        told=frozenset(whom for event in present for whom in _named(event)),
        last={whom: event.at for event in rung for whom in _named(event)},
    )


async def note_rings(
    work: UnitOfWork, request: ChangeRequest, rung: Audience, now: datetime
) -> None:
    """Write down who is asked anew about a request."""
    if not rung:
        return
    event = AuditEvent(
        at=now,
        actor=HERALD,
        action=RUNG_ANEW,
        subject=request.label,
        details={
            "revision": request.evidence.revision,
            "people": rung.people,
            "groups": rung.lines,
        },
    )
    await work.audit.append(event)


def _named(event: AuditEvent) -> Collection[str]:
    """Return the people and groups that an event names."""
    found = (event.details["people"], event.details["groups"])
    return [str(whom) for named in found if isinstance(named, list | tuple) for whom in named]
