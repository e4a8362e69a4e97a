"""Reminds those whose word a request lacks, and tells others of it when it waits too long."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.agreement import Agreement
from bot.domain.audit import HERALD, AuditEvent
from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import BackEndError
from bot.domain.names import RequestId, RoleName, SlackUserId
from bot.domain.ports import Clock, WakeUp
from bot.domain.store import RequestQuery, Store, UnitOfWork
from bot.services.announce import queue_ask
from bot.services.electorate import FEW, Electorate, agreement_on
from bot.services.filing import queue_reply
from bot.services.reach import told_change

log = logging.getLogger(__name__)

LOOKED_AT = 500
"""Waiting requests of one look, newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nudge:
    """One thing that is due on one revision of a request.

    Attributes:
        topic: ``reminded``, or ``escalated`` with the role.
        role: Whom to tell; None for those whose word is missing.
    """

    request: ChangeRequest
    topic: str
    role: RoleName | None = None

    @property
    def key(self) -> tuple[RequestId, int, str]:
        return self.request.id, self.request.evidence.revision, self.topic

    @property
    def action(self) -> str:
        return f"change_request.{'reminded' if self.role is None else 'escalated'}"

    def is_in(self, event: AuditEvent) -> bool:
        found = (event.details.get("revision"), event.details.get("topic"))
        return event.action == self.action and found == self.key[1:]


class Remind:
    """Looks for requests that have waited long; each reminder and escalation comes once."""

    def __init__(self, electorate: Electorate, store: Store, clock: Clock, wake_up: WakeUp) -> None:
        self._electorate = electorate
        self._store = store
        self._clock = clock
        self._wake_up = wake_up
        self._done: set[tuple[RequestId, int, str]] = set()

    async def remind_due(self) -> int:
        """Remind and escalate what is due; return how often."""
        query = RequestQuery(states=frozenset({RequestState.PENDING}), limit=LOOKED_AT)
        async with self._store.transaction() as work:
            waiting = await work.requests.find(query)
        now = self._clock.now()
        due = [nudge for request in waiting for nudge in _due(request, now)]
        self._done &= {nudge.key for nudge in due}
        sent = [await self._nudge(nudge) for nudge in due if nudge.key not in self._done]
        if any(sent):
            self._wake_up.wake()
        return sum(sent)

    async def _nudge(self, nudge: _Nudge) -> bool:
        try:
            people = await self._people(nudge)
        except BackEndError as error:
            log.warning("nobody is told yet that %s waits: %s", nudge.request.label, error)
            return False
        async with self._store.transaction() as work:
            is_new = await self._is_new(work, nudge)
            if is_new:
                await self._tell(work, nudge, people)
        self._done.add(nudge.key)
        return is_new

    async def _people(self, nudge: _Nudge) -> tuple[SlackUserId, ...]:
        if nudge.role is not None:
            return await self._electorate.able_in(nudge.role)
        async with self._store.transaction() as work:
            decisions = await work.decisions.of(nudge.request.id)
        return await self._electorate.lacking(nudge.request, decisions)

    async def _is_new(self, work: UnitOfWork, nudge: _Nudge) -> bool:
        stored = await work.requests.get(nudge.request.id)
        if stored is None or stored.state is not RequestState.PENDING:
            return False
        if stored.evidence.revision != nudge.request.evidence.revision:
            return False
        events = await work.audit.of(nudge.request.label)
        return not any(nudge.is_in(chained.event) for chained in events)

    async def _tell(self, work: UnitOfWork, nudge: _Nudge, people: tuple[SlackUserId, ...]) -> None:
        request, now = nudge.request, self._clock.now()
        decisions = await work.decisions.of(request.id)
        text = f"{_told(request, now)} {_missing(agreement_on(request, decisions))}"
        await work.audit.append(_event(nudge, people, now))
        if len(people) > FEW:
            topic = f"{nudge.topic} {request.evidence.revision}"
            await queue_reply(work, request, topic, text)
            return
        for user in people:
            await queue_ask(work, request, user, nudge.topic, text)


def _due(request: ChangeRequest, now: datetime) -> Iterator[_Nudge]:
    terms = request.evidence.verdict.terms
    waited = now - request.evidence.collected_at
    if waited >= terms.remind_after:
        yield _Nudge(request=request, topic="reminded")
    for escalation in terms.escalations:
        if waited >= escalation.after:
            topic = f"escalated to {escalation.role} after {_hours(escalation.after)}"
            yield _Nudge(request=request, topic=topic, role=escalation.role)


def _told(request: ChangeRequest, now: datetime) -> str:
    waited = _hours(now - request.evidence.collected_at)
    left = _hours(max(request.expires_at - now, timedelta(0)))
    return f"{told_change(request)}, has waited for {waited} and expires in {left}."


def _missing(agreement: Agreement) -> str:
    open_parts = (part for part in agreement.parts if part.missing)
    told = ", ".join(f"{part.missing} of {part.requirement.role}" for part in open_parts)
    return f"Approvals still missing: {told}."


def _hours(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes} min" if minutes < 2 * 60 else f"{round(minutes / 60)} h"


def _event(nudge: _Nudge, people: tuple[SlackUserId, ...], now: datetime) -> AuditEvent:
    return AuditEvent(
        at=now,
        actor=HERALD,
        action=nudge.action,
        subject=nudge.request.label,
        details={
            "revision": nudge.request.evidence.revision,
            "topic": nudge.topic,
            "people": people,
        },
    )
