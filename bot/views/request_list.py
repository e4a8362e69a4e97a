"""Change requests in a table, newest first."""

from collections.abc import Iterator

from slack_sdk.models.blocks import RichTextBlock

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.counting import count
from bot.domain.messages import RequestList
from bot.domain.names import short_name
from bot.domain.policy import ChangeKind
from bot.views.blocks import Cell, fitting, grey, table
from bot.views.message import Block, Message
from bot.views.rich import marked, moment, paragraph, person, rich

STATES = {
    RequestState.PENDING: "waits for approval",
    RequestState.APPROVED: "approved",
    RequestState.QUEUED: "approved, queued",
    RequestState.EXECUTING: "under way",
    RequestState.WAITING: "under way",
    RequestState.PAUSED: "paused",
    RequestState.UNDOING: "being undone",
    RequestState.SUCCEEDED: "done",
    RequestState.UNDONE: "undone",
    RequestState.FAILED: "half-way",
    RequestState.DENIED: "denied",
    RequestState.REJECTED: "rejected",
    RequestState.CANCELLED: "cancelled",
    RequestState.EXPIRED: "expired",
    RequestState.SUPERSEDED: "superseded",
}
_SCOPES = {"mine": "of yours", "waiting": "waiting for your decision"}


def request_list_message(requests: RequestList) -> Message:
    """Return a list of change requests."""
    return Message(text=_fact(requests), blocks=tuple(_blocks(requests)))


def _fact(requests: RequestList) -> str:
    scope = _SCOPES.get(requests.scope, "")
    amount = count(requests.total, "change request") if requests.total else "No change request"
    return f"{amount} {scope}".strip()


def _blocks(requests: RequestList) -> Iterator[Block]:
    yield rich(paragraph(_fact(requests)))
    rows = [_row(request) for request in requests.requests]
    yield from table(("request", "change", "state", "asked by", "asked"), rows)
    hidden = requests.total - len(fitting(rows))
    if hidden > 0:
        yield grey(f"{hidden} older not shown")
    if rows:
        yield rich(paragraph(*marked("One of them: `/model request CR-n`")))


def _row(request: ChangeRequest) -> tuple[Cell, ...]:
    return (
        request.label,
        change_of(request),
        told_state(request),
        RichTextBlock(elements=[paragraph(person(request.requester))]),
        RichTextBlock(elements=[paragraph(moment(request.created_at))]),
    )


def told_state(request: ChangeRequest) -> str:
    """Return a request's state in a few words."""
    return "resolved by a person" if request.resolution else STATES[request.state]


def change_of(request: ChangeRequest) -> str:
    """Return what a request asks for: ``scorer v7 → champion``."""
    back = "back to " if request.kind is ChangeKind.ROLL_BACK else ""
    return f"{short_name(request.model)} {back}v{request.version} → {request.alias}"
