"""Draws a request's card from what is stored at this moment."""

from dataclasses import replace
from datetime import datetime

from bot.domain.change_request import UNDER_WAY, ChangeRequest, RequestState
from bot.domain.errors import BackEndError
from bot.domain.messages import RequestCard, StepView
from bot.domain.names import CardKey, RequestId
from bot.domain.planning import AliasNames
from bot.domain.ports import Clock
from bot.domain.steps import JournalEntry, Step, StepState, forward_steps, undo_steps
from bot.domain.store import Store, UnitOfWork
from bot.services.electorate import Electorate, agreement_on
from bot.services.filing import latest_moves

SHOWS_STEPS = UNDER_WAY | {RequestState.SUCCEEDED, RequestState.UNDONE, RequestState.FAILED}

_VIEW_STATES = {
    StepState.STARTED: "in_progress",
    StepState.DONE: "complete",
    StepState.FAILED: "error",
}


class DrawCard:
    """Reads everything that a request's card shows."""

    def __init__(
        self, store: Store, electorate: Electorate, clock: Clock, names: AliasNames
    ) -> None:
        self._names = names
        self._store = store
        self._electorate = electorate
        self._clock = clock

    async def draw(self, number: RequestId) -> RequestCard | None:
        """Return the card of a request as it stands now, or None for an unknown one."""
        async with self._store.transaction() as work:
            request = await work.requests.get(number)
            if request is None:
                return None
            card = await self._read(work, request)
        if request.state is not RequestState.PENDING:
            return card
        return await self._with_people(card)

    async def _read(self, work: UnitOfWork, request: ChangeRequest) -> RequestCard:
        decisions = await work.decisions.of(request.id)
        revision = request.evidence.revision
        stored = await work.cards.of_request(request.id, revision)
        journal = await work.journal.of(request.id, revision)
        events = await work.audit.of(request.label)
        return RequestCard(
            key=stored.key if stored else CardKey(""),
            request=request,
            agreement=agreement_on(request, decisions),
            decisions=tuple(d for d in decisions if d.evidence_revision == revision),
            void=tuple(d for d in decisions if d.evidence_revision != revision),
            steps=step_views(request, journal),
            audit_head=events[-1].hash if events and request.closed_at else "",
            is_of_champion=request.alias == self._names.champion,
            replaced_by=await _replaced_by(work, request),
            shown_at=self._clock.now(),
        )

    async def _with_people(self, card: RequestCard) -> RequestCard:
        """Add who may still agree; nobody is named when that cannot be read."""
        try:
            eligible = await self._electorate.by_role(card.request, card.decisions)
            names = await self._electorate.names(eligible.values())
        except BackEndError:
            return card
        return replace(
            card,
            eligible={role: each.people for role, each in eligible.items() if each.is_readable},
            names=names,
            groups={role: each.groups for role, each in eligible.items() if each.is_crowd},
            doubts={role: each.doubts for role, each in eligible.items()},
        )


async def _replaced_by(work: UnitOfWork, request: ChangeRequest) -> RequestId | None:
    if request.state is not RequestState.SUCCEEDED:
        return None
    newest, *_ = await latest_moves(work, request)
    return None if newest.id == request.id else newest.id


def step_views(request: ChangeRequest, journal: tuple[JournalEntry, ...]) -> tuple[StepView, ...]:
    """Return the lines of progress: every planned step, and the undo steps once there are any."""
    if request.state not in SHOWS_STEPS:
        return ()
    entries = {entry.step: entry for entry in journal}
    plan = request.evidence.plan
    steps: tuple[Step, ...] = forward_steps(plan)
    if request.state in {RequestState.UNDOING, RequestState.UNDONE, RequestState.FAILED}:
        begun = tuple(step for step in steps if step.name in entries)
        steps = (*begun, *undo_steps(plan, set(entries)))
    return tuple(_view(step, entries.get(step.name), request) for step in steps)


def _view(step: Step, entry: JournalEntry | None, request: ChangeRequest) -> StepView:
    if entry is None:
        return StepView(name=step.name, state="pending")
    running = entry.state is StepState.STARTED
    seconds = _seconds(entry.started_at, entry.finished_at)
    detail = request.note if running and not step.is_undo else entry.error
    return StepView(name=step.name, state=_VIEW_STATES[entry.state], detail=detail, seconds=seconds)


def _seconds(start: datetime, end: datetime | None) -> float | None:
    return None if end is None else (end - start).total_seconds()
