"""Every way from one state of a change request to the next, as the design draws them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.change_request import ChangeRequest, RequestState, Resolution, Transition
from bot.domain.names import RequestId
from bot.domain.verdict import VerdictKind
from tests.builders import LEAD, NOW, REQUESTER, make_evidence, make_verdict

S = RequestState
LATER = NOW + timedelta(minutes=5)
RESOLUTION = Resolution(by=LEAD, reason="v6 serves", standing=("champion v6",), at=LATER)

BEFORE = frozenset({S.PENDING, S.APPROVED, S.QUEUED})
BEGUN = frozenset({S.EXECUTING, S.WAITING, S.PAUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One decision: where it may start, where it leads, what the log calls it."""

    take: Callable[[ChangeRequest, datetime], Transition]
    start: frozenset[RequestState]
    end: RequestState
    action: str
    by: str = "herald"


def way(
    take: Callable[[ChangeRequest, datetime], Transition],
    start: RequestState | frozenset[RequestState],
    end: RequestState,
    action: str = "",
    by: str = "herald",
) -> Way:
    return Way(
        take=take,
        start=frozenset({start}) if isinstance(start, RequestState) else start,
        end=end,
        action=f"change_request.{action or end}",
        by=by,
    )


def renewal(request: ChangeRequest, now: datetime, kind: VerdictKind) -> Transition:
    evidence = make_evidence(request.evidence.revision + 1, verdict=make_verdict(kind))
    return request.renew(now, evidence)


WAYS: dict[str, Way] = {
    "approve": way(lambda r, now: r.approve(now, (LEAD,)), S.PENDING, S.APPROVED),
    "queue": way(lambda r, now: r.queue(now), S.APPROVED, S.QUEUED),
    "begin": way(lambda r, now: r.begin(now), S.QUEUED, S.EXECUTING, "begun"),
    "pause": way(
        lambda r, now: r.pause(now, "an hour went by"),
        frozenset({S.EXECUTING, S.WAITING}),
        S.PAUSED,
    ),
    "resume": way(lambda r, now: r.resume(now, LEAD), S.PAUSED, S.EXECUTING, "resumed", LEAD),
    "undo": way(lambda r, now: r.undo(now, "it broke"), BEGUN, S.UNDOING, "undo_begun"),
    "undo by order": way(
        lambda r, now: r.undo(now, "asked for", by=LEAD), BEGUN, S.UNDOING, "undo_begun", LEAD
    ),
    "succeed": way(lambda r, now: r.succeed(now), S.EXECUTING, S.SUCCEEDED),
    "finish undo": way(lambda r, now: r.finish_undo(now), S.UNDOING, S.UNDONE),
    "fail": way(lambda r, now: r.fail(now, ("champion v7",)), S.UNDOING, S.FAILED),
    "renew": way(
        lambda r, now: renewal(r, now, VerdictKind.NEEDS_APPROVAL),
        BEFORE,
        S.PENDING,
        "evidence_renewed",
    ),
    "renew and deny": way(
        lambda r, now: renewal(r, now, VerdictKind.DENIED), BEFORE, S.DENIED, "evidence_renewed"
    ),
    "deny": way(lambda r, now: r.deny(now, "no plan"), BEFORE, S.DENIED),
    "reject": way(lambda r, now: r.reject(now, LEAD, "too risky"), S.PENDING, S.REJECTED, by=LEAD),
    "cancel": way(lambda r, now: r.cancel(now, REQUESTER), BEFORE, S.CANCELLED, by=REQUESTER),
    "expire": way(lambda r, now: r.expire(now), S.PENDING, S.EXPIRED),
    "supersede": way(lambda r, now: r.supersede(now, RequestId(2)), BEFORE, S.SUPERSEDED),
    "resolve": way(
        lambda r, _: r.resolve(RESOLUTION),
        frozenset({S.FAILED, S.PAUSED}),
        S.FAILED,
        "resolved",
        LEAD,
    ),
}

QUIET: dict[str, tuple[Callable[[ChangeRequest], ChangeRequest], frozenset[RequestState]]] = {
    "wait": (lambda r: r.wait(LATER), frozenset({S.QUEUED, S.EXECUTING, S.WAITING, S.UNDOING})),
    "go on": (
        lambda r: r.go_on(),
        frozenset({S.APPROVED, S.QUEUED, S.EXECUTING, S.WAITING, S.UNDOING}),
    ),
    "defer": (lambda r: r.defer(LATER, "no answer"), frozenset({S.QUEUED})),
}
"""Changes that decide nothing and leave no event: by how, and from where."""
