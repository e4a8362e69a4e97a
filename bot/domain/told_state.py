"""The present truth about a request in one sentence, for whoever clicks or asks too late."""

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.names import short_name
from bot.domain.policy import ChangeKind
from bot.domain.verdict import VerdictKind

_SENTENCES = {
    RequestState.PENDING: "waits for approval",
    RequestState.APPROVED: "is approved, and begins as soon as nothing holds it up",
    RequestState.QUEUED: "is approved, and begins as soon as nothing holds it up",
    RequestState.EXECUTING: "is under way",
    RequestState.WAITING: "is under way: an endpoint is being updated",
    RequestState.PAUSED: "is paused and waits for a person",
    RequestState.UNDOING: "is being undone",
    RequestState.SUCCEEDED: "is closed: {model} v{version} became {alias}",
    RequestState.UNDONE: "is closed: undone, everything is as before",
    RequestState.FAILED: "failed half-way and waits for a person to resolve it",
    RequestState.DENIED: "is closed: denied by policy",
    RequestState.REJECTED: "is closed: rejected",
    RequestState.CANCELLED: "is closed: cancelled",
    RequestState.EXPIRED: "is closed: it expired without enough approvals",
}
_NO_PLAN = "is closed: it cannot be carried out any more"


def told_state(request: ChangeRequest) -> str:
    """Return what is true of a request now, without a full stop."""
    if request.resolution is not None:
        return f"{request.label} is closed: resolved by a person"
    return f"{request.label} {_fact(request)}"


def told_to_requester(request: ChangeRequest) -> str:
    """Return the same for whoever asked, who reads it apart from the card: it says what he asked.

    Without a full stop, too.
    """
    if request.state is RequestState.SUCCEEDED:
        return told_state(request)
    return told_state(request).replace(request.label, f"{request.label} ({_asked(request)})", 1)


def _asked(request: ChangeRequest) -> str:
    name = short_name(request.model)
    if request.kind is ChangeKind.ROLL_BACK:
        return f"roll {name} back to v{request.version}"
    return f"promote {name} v{request.version} to {request.alias}"


def _fact(request: ChangeRequest) -> str:
    if request.state is RequestState.SUPERSEDED:
        return f"is closed: {request.note or 'overtaken'}"
    if request.state is RequestState.QUEUED and request.note:
        return f"is approved and waits: {request.note}"
    is_denied = request.state is RequestState.DENIED
    if is_denied and request.evidence.verdict.kind is not VerdictKind.DENIED:
        return _NO_PLAN
    return _SENTENCES[request.state].format(
        model=short_name(request.model), version=request.version, alias=request.alias
    )
