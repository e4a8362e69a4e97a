"""The present truth about a request in one sentence, for whoever clicks or asks too late."""

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.names import short_name

_SENTENCES = {
    RequestState.PENDING: "waits for approval",
    RequestState.APPROVED: "is approved and about to begin",
    RequestState.QUEUED: "is approved and about to begin",
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
    RequestState.SUPERSEDED: "is closed: another request took its place",
}


def told_state(request: ChangeRequest) -> str:
    """Return what is true of a request now, without a full stop."""
    if request.resolution is not None:
        return f"{request.label} is closed: resolved by a person"
    fact = _SENTENCES[request.state].format(
        model=short_name(request.model), version=request.version, alias=request.alias
    )
    return f"{request.label} {fact}"
