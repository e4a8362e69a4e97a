"""Reminds those whose word a request lacks, and tells others of it when it waits too long."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.agreement import Agreement
from bot.domain.audit import HERALD, AuditEvent
from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import BackEndError
from bot.domain.names import RequestId, RoleName
from bot.domain.ports import Clock, WakeUp
from bot.domain.store import RequestQuery, Store, UnitOfWork
from bot.services.announce import queue_ask
from bot.services.electorate import Audience, Electorate, agreement_on
from bot.services.reach import queue_lines, told_change

log = logging.getLogger(__name__)

PAGE = 200
"""Waiting requests that are read at once."""

PAUSE = timedelta(minutes=5)
"""When to look again for those who could not be found."""


_Key = tuple[RequestId, datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nudge:
    """One thing that is due on a request.

    Attributes:
        since: When the wait began that is too long: for those who are missing with the present
            evidence, for others when people were given the time that they have.
        topic: ``reminded``, or ``escalated`` with the role.
        role: Whom to tell; None for those whose word is missing.
    """

    request: ChangeRequest
    topic: str
    since: datetime
    role: RoleName | None = None

    @property
    def key(self) -> _Key:
        return self.request.id, self.since, self.topic

    @property
    def action(self) -> str:
        return f"change_request.{'reminded' if self.role is None else 'escalated'}"

    def is_in(self, event: AuditEvent) -> bool:
        is_mine = (event.action, event.details.get("topic")) == (self.action, self.topic)
        return is_mine and event.at >= self.since


class Remind:
    """Looks for requests that have waited long; each reminder and escalation comes once."""

    def __init__(self, electorate: Electorate, store: Store, clock: Clock, wake_up: WakeUp) -> None:
        self._electorate = electorate
        self._store = store
        self._clock = clock
        self._wake_up = wake_up
        self._done: set[_Key] = set()
        self._paused: dict[_Key, datetime] = {}

    async def remind_due(self) -> int:
        """Remind and escalate what is due, the oldest first; return how often."""
        now = self._clock.now()
        sent, seen = 0, set()
        last, page = RequestId(0), await self._waiting(RequestId(0))
        while page:
            for nudge in (nudge for request in page for nudge in _due(request, now)):
                seen.add(nudge.key)
                sent += nudge.key not in self._done and await self._nudge(nudge)
            last = page[-1].id
            page = await self._waiting(last)
        self._done &= seen
        self._paused = {key: until for key, until in self._paused.items() if key in seen}
        if sent:
            self._wake_up.wake()
        return sent

    async def _waiting(self, after: RequestId) -> tuple[ChangeRequest, ...]:
        states = frozenset({RequestState.PENDING})
        async with self._store.transaction() as work:
            return await work.requests.find(RequestQuery(states=states, after=after, limit=PAGE))

    async def _nudge(self, nudge: _Nudge) -> bool:
        """Tell whom it can reach; come again while others cannot be read, or nobody is there."""
        now = self._clock.now()
        if now < self._paused.get(nudge.key, now):
            return False
        try:
            audience = await self._audience(nudge)
        except BackEndError as error:
            audience = Audience(trouble=(error,))
        is_sent = await self._tell(nudge, audience)
        if audience and not audience.trouble:
            self._done.add(nudge.key)
        else:
            self._paused[nudge.key] = now + PAUSE
            log.warning("not everybody is told that %s waits: %s", *_why(nudge, audience))
        return is_sent

    async def _audience(self, nudge: _Nudge) -> Audience:
        if nudge.role is not None:
            return await self._electorate.all_of(nudge.role)
        async with self._store.transaction() as work:
            decisions = await work.decisions.of(nudge.request.id)
        return await self._electorate.lacking(nudge.request, decisions)

    async def _tell(self, nudge: _Nudge, audience: Audience) -> bool:
        async with self._store.transaction() as work:
            told = await self._told(work, nudge)
            new = Audience() if told is None else audience.without(told)
            if not new:
                return False
            await self._queue(work, nudge, new)
        return True

    async def _told(self, work: UnitOfWork, nudge: _Nudge) -> frozenset[str] | None:
        """Return who was told before of this; None when nobody is to be told any more."""
        stored = await work.requests.get(nudge.request.id)
        if stored is None or stored.state is not RequestState.PENDING:
            return None
        if stored.evidence.revision != nudge.request.evidence.revision:
            return None
        events = [each.event for each in await work.audit.of(nudge.request.label)]
        earlier = [event.details for event in events if nudge.is_in(event)]
        if any("unread" not in details for details in earlier):
            return None
        return frozenset(whom for each in earlier for whom in _listed(each))

    async def _queue(self, work: UnitOfWork, nudge: _Nudge, audience: Audience) -> None:
        request, now = nudge.request, self._clock.now()
        decisions = await work.decisions.of(request.id)
        whom = f" Escalated to {nudge.role}." if nudge.role else ""
        missing = _missing(agreement_on(request, decisions))
        text = f"{_text(nudge, now)}{whom} {missing}"
        await work.audit.append(_event(nudge, audience, now))
        await queue_lines(work, request, nudge.topic, text, audience.lines)
        for user in audience.people:
            await queue_ask(work, request, user, nudge.topic, text)


def _due(request: ChangeRequest, now: datetime) -> Iterator[_Nudge]:
    terms = request.evidence.verdict.terms
    moved_at = request.evidence.collected_at
    asked_at = request.expires_at - request.evidence.verdict.expires_after
    if now - moved_at >= terms.remind_after:
        yield _Nudge(request=request, topic="reminded", since=moved_at)
    for escalation in terms.escalations:
        if now - asked_at >= escalation.after:
            topic = f"escalated to {escalation.role} after {_hours(escalation.after)}"
            yield _Nudge(request=request, topic=topic, since=asked_at, role=escalation.role)


def _text(nudge: _Nudge, now: datetime) -> str:
    request, waited = nudge.request, _hours(now - nudge.since)
    left = _hours(max(request.expires_at - now, timedelta(0)))
    return f"{told_change(request)}, has waited for {waited} and expires in {left}."


def _missing(agreement: Agreement) -> str:
    open_parts = (part for part in agreement.parts if part.missing)
    told = ", ".join(f"{part.missing} of {part.requirement.role}" for part in open_parts)
    return f"Approvals still missing: {told}."


def _hours(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} min" if minutes < 2 * 60 else f"{round(minutes / 60)} h"


def _event(nudge: _Nudge, audience: Audience, now: datetime) -> AuditEvent:
    unread = sorted({str(error) for error in audience.trouble})
    return AuditEvent(
        at=now,
        actor=HERALD,
        action=nudge.action,
        subject=nudge.request.label,
        details={
            "revision": nudge.request.evidence.revision,
            "topic": nudge.topic,
            "people": audience.people,
            **({"groups": audience.lines} if audience.lines else {}),
            **({"unread": unread} if unread else {}),
        },
    )


def _listed(details: Mapping[str, object]) -> Iterator[str]:
    """Yield the people and groups that an event names."""
    for key in ("people", "groups"):
        named = details.get(key)
        yield from map(str, named if isinstance(named, list | tuple) else ())


def _why(nudge: _Nudge, audience: Audience) -> tuple[str, str]:
    why = "; ".join(sorted({str(error) for error in audience.trouble}))
    return nudge.request.label, why or "nobody has the role"
