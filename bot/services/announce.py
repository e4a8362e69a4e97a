"""Writes down what single people are to be told: that a request waits for them, how it ended."""

from bot.domain.automatic import BY_POLICY
from bot.domain.change_request import OPEN, ChangeRequest, RequestState, Transition
from bot.domain.names import SlackUserId
from bot.domain.outbox import OutboxEntry, OutboxKind
from bot.domain.store import UnitOfWork
from bot.domain.told_state import told_to_requester
from bot.domain.verdict import VerdictKind

TOLD = frozenset(RequestState) - OPEN | {RequestState.APPROVED}
"""States of which whoever asked is told."""

_WITH_REASON = frozenset(
    {
        RequestState.DENIED,
        RequestState.FAILED,
        RequestState.REJECTED,
        RequestState.UNDONE,
    }
)
_AGREED = frozenset({RequestState.APPROVED, RequestState.QUEUED})
"""States in which whoever asked reckons with a beginning."""
_WAITS_AGAIN = "waits for approval again: the approvals that it had no longer count"
_WAITS_NOW = "waits for approval after all: before, no policy asked for any"
_PERSON = "<@"
"""How a note begins that only says who clicked."""


async def queue_call(work: UnitOfWork, request: ChangeRequest) -> None:
    """Ask for everybody who can decide on the present evidence to be told, once."""
    entry = OutboxEntry(key=call_key(request), kind=OutboxKind.CALL, request=request.id)
    await work.outbox.queue(entry)


def call_key(request: ChangeRequest) -> str:
    """Return what the call for the present evidence is queued by."""
    return f"call:{request.id}:{request.evidence.revision}"


async def queue_ask(
    work: UnitOfWork, request: ChangeRequest, user: SlackUserId, topic: str, text: str
) -> None:
    """Ask for one person to be told that a request waits, as long as it does; once per topic."""
    entry = OutboxEntry(
        key=f"ask:{request.id}:{request.evidence.revision}:{topic}:{user}",
        kind=OutboxKind.ASK,
        request=request.id,
        text=text,
        addressee=user,
    )
    await work.outbox.queue(entry)


async def queue_end(work: UnitOfWork, moved: Transition) -> None:
    """Ask for whoever asked to be told what came of it, unless he did it himself."""
    request = moved.request
    if not _is_news(moved):
        return
    entry = OutboxEntry(
        key=f"tell:{request.id}:{request.evidence.revision}:{moved.event.action}",
        kind=OutboxKind.TELL,
        request=request.id,
        text=_told(request),
        addressee=request.requester,
    )
    await work.outbox.queue(entry)


async def queue_setback(
    work: UnitOfWork, before: ChangeRequest, request: ChangeRequest, moved: str
) -> None:
    """Ask for whoever asked to be told that what was to begin waits for people again."""
    is_back = before.state in _AGREED and request.state is RequestState.PENDING
    if not is_back or request.requester == BY_POLICY:
        return
    was_asked = before.evidence.verdict.kind is VerdictKind.NEEDS_APPROVAL
    entry = OutboxEntry(
        key=f"tell:{request.id}:{request.evidence.revision}:waits again",
        kind=OutboxKind.TELL,
        request=request.id,
        text=f"{request.label} {_WAITS_AGAIN if was_asked else _WAITS_NOW}. Nothing of it has "
        f"begun. What changed: {moved}.",
        addressee=request.requester,
    )
    await work.outbox.queue(entry)


def _is_news(moved: Transition) -> bool:
    request, event = moved.request, moved.event
    if request.requester in {BY_POLICY, event.actor}:
        return False
    is_by_policy = request.state is RequestState.APPROVED and not event.details.get("approvers")
    return request.state in TOLD and not is_by_policy


def _told(request: ChangeRequest) -> str:
    note = request.note.strip()
    has_reason = request.state in _WITH_REASON and note and not note.startswith(_PERSON)
    why = f" Why: {note}" if has_reason else ""
    return f"{told_to_requester(request)}.{why}"
