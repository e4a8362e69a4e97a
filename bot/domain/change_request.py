"""The change request: its states and the only ways from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.audit import HERALD, AuditEvent
from bot.domain.differences import in_a_row
from bot.domain.errors import IllegalTransitionError
from bot.domain.names import (
    AliasName,
    ChannelId,
    ModelName,
    PersonKey,
    RequestId,
    SlackUserId,
    request_label,
)
from bot.domain.plan import Plan
from bot.domain.policy import ChangeKind
from bot.domain.verdict import Verdict, VerdictKind


class RequestState(StrEnum):
    """Where a change request stands."""

    PENDING = "pending"
    APPROVED = "approved"
    QUEUED = "queued"
    EXECUTING = "executing"
    WAITING = "waiting"
    PAUSED = "paused"
    UNDOING = "undoing"
    SUCCEEDED = "succeeded"
    UNDONE = "undone"
    FAILED = "failed"
    DENIED = "denied"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


NOT_BEGUN = frozenset({RequestState.PENDING, RequestState.APPROVED, RequestState.QUEUED})
"""Nothing has been written yet."""

UNDER_WAY = frozenset(
    {RequestState.EXECUTING, RequestState.WAITING, RequestState.PAUSED, RequestState.UNDOING}
)
"""Something may have been written, and Herald is not done with it."""

OPEN = NOT_BEGUN | UNDER_WAY
"""The request still holds its model and alias against another one."""

RUNNABLE = frozenset(
    {
        RequestState.APPROVED,
        RequestState.QUEUED,
        RequestState.EXECUTING,
        RequestState.WAITING,
        RequestState.UNDOING,
    }
)
"""A replica may claim it and go on with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one revision of a request rests on.

    Attributes:
        revision: 1 when asked, one more each time the world moved.
        content: What the hash covers, as the JSON object that was hashed.
        differences: What moved since the revision before, one line each, for people.
    """

    revision: int
    plan: Plan
    verdict: Verdict
    content: Mapping[str, object]
    content_hash: str
    collected_at: datetime
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """How a person closed a request that Herald could not finish.

    Attributes:
        standing: What stood at the read-back, one line a resource.
    """

    by: SlackUserId
    reason: str
    standing: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequest:
    """One change of one alias, from the question to its end.

    Attributes:
        version: The version that the alias is to name.
        requester_key: Who asked, whichever account he used; None for the account alone.
        reason: The requester's own words, whole and unescaped.
        channel: Where it was asked, and where its card lives.
        note: Why it is in its state, for people: the platform's reason, who closed it.
        standing: What stands when the change is half-way, one line a resource.
        wake_at: When there is something to do again; None for at once.
        row_version: Counts stored changes, so that two writers notice each other.
    """

    id: RequestId
    kind: ChangeKind
    model: ModelName
    alias: AliasName
    version: int
    requester: SlackUserId
    reason: str
    channel: ChannelId
    state: RequestState
    evidence: Evidence
    created_at: datetime
    expires_at: datetime
    began_at: datetime | None = None
    closed_at: datetime | None = None
    note: str = ""
    standing: tuple[str, ...] = ()
    wake_at: datetime | None = None
    resolution: Resolution | None = None
    requester_key: PersonKey | None = None
    row_version: int = 0

    @property
    def label(self) -> str:
        """The name people use, e.g. ``CR-7``."""
        return request_label(self.id)

    @property
    def is_open(self) -> bool:
        """Whether it still holds its model and alias."""
        return self.state in OPEN

    def is_over(self, now: datetime) -> bool:
        """Tell whether nobody agreed in time, whether or not that is on record yet."""
        return self.state is RequestState.PENDING and now >= self.expires_at

    @property
    def holds_locks(self) -> bool:
        """Whether its resources stay locked: under way, or failed and not yet resolved."""
        failed = self.state is RequestState.FAILED and self.resolution is None
        return self.state in UNDER_WAY or failed

    def approve(self, now: datetime, approvers: tuple[SlackUserId, ...]) -> "Transition":
        """Everybody needed has agreed."""
        return self._to(
            RequestState.APPROVED,
            _Move("be approved", frozenset({RequestState.PENDING})),
            now,
            details={"approvers": approvers, "content_hash": self.evidence.content_hash},
        )

    def queue(self, now: datetime) -> "Transition":
        """A replica takes it up; nothing is written before the evidence is confirmed."""
        move = _Move("be queued", frozenset({RequestState.APPROVED}))
        return self._to(RequestState.QUEUED, move, now)

    def begin(self, now: datetime) -> "Transition":
        """The evidence is as agreed: writing may start."""
        move = _Move("begin", frozenset({RequestState.QUEUED}))
        moved = self._to(RequestState.EXECUTING, move, now, note="")
        return replace(moved, request=replace(moved.request, began_at=now))

    def wait(self, until: datetime) -> "ChangeRequest":
        """The platform works on it; look again at ``until``. No event: nothing was decided."""
        _Move("wait", RUNNABLE - {RequestState.APPROVED}).require(self)
        waits = self.state in {RequestState.EXECUTING, RequestState.WAITING}
        state = RequestState.WAITING if waits else self.state
        return replace(self, state=state, wake_at=until)

    def go_on(self) -> "ChangeRequest":
        """The wait is over; the same step is tried again."""
        _Move("go on", RUNNABLE).require(self)
        waits = self.state is RequestState.WAITING
        return replace(self, state=RequestState.EXECUTING if waits else self.state, wake_at=None)

    def defer(self, until: datetime, note: str) -> "ChangeRequest":
        """Nothing can be said now (evidence unreadable, lock held); it stays queued and says so."""
        _Move("be deferred", frozenset({RequestState.QUEUED})).require(self)
        return replace(self, wake_at=until, note=note)

    def pause(self, now: datetime, note: str) -> "Transition":
        """A step passed its deadline: a person has to look."""
        move = _Move("pause", frozenset({RequestState.EXECUTING, RequestState.WAITING}))
        return self._to(RequestState.PAUSED, move, now, note=note)

    def resume(self, now: datetime, by: SlackUserId) -> "Transition":
        """A person looked and says that it may go on; the overdue step is tried once more."""
        move = _Move("be resumed", frozenset({RequestState.PAUSED}))
        return self._to(
            RequestState.EXECUTING, move, now, note="", by=by, action="change_request.resumed"
        )

    def undo(self, now: datetime, note: str, by: str = HERALD) -> "Transition":
        """What was written is to be taken back."""
        begun = frozenset({RequestState.EXECUTING, RequestState.WAITING, RequestState.PAUSED})
        return self._to(RequestState.UNDOING, _Move("be undone", begun), now, note=note, by=by)

    def succeed(self, now: datetime) -> "Transition":
        """Everything reads as planned."""
        move = _Move("succeed", frozenset({RequestState.EXECUTING}))
        return self._to(RequestState.SUCCEEDED, move, now, note="")

    def finish_undo(self, now: datetime) -> "Transition":
        """Everything reads as before."""
        move = _Move("be undone", frozenset({RequestState.UNDOING}))
        return self._to(RequestState.UNDONE, move, now)

    def fail(self, now: datetime, standing: tuple[str, ...]) -> "Transition":
        """The undo could not bring everything back; locks stay until a person resolves it."""
        move = _Move("fail", frozenset({RequestState.UNDOING}))
        moved = self._to(RequestState.FAILED, move, now, details={"standing": standing})
        return replace(moved, request=replace(moved.request, standing=standing))

    def renew(self, now: datetime, evidence: Evidence) -> "Transition":
        """The world moved: earlier decisions no longer count, people are asked again."""
        denied = evidence.verdict.kind is VerdictKind.DENIED
        moved = f"the evidence moved: {in_a_row(evidence.differences)}".removesuffix(": ")
        return self._to(
            RequestState.DENIED if denied else RequestState.PENDING,
            _Move("take new evidence", NOT_BEGUN),
            now,
            note=moved if denied else "",
            details={
                "revision": evidence.revision,
                "content_hash": evidence.content_hash,
                "differences": evidence.differences,
            },
            action="change_request.evidence_renewed",
        ).with_evidence(evidence, self._until(evidence))

    def _until(self, evidence: Evidence) -> datetime:
        """Return until when people can agree: what moves while they think gives no new time."""
        judged, anew = (each.content.get("policies") for each in (self.evidence, evidence))
        if self.state is RequestState.PENDING and judged == anew:
            return self.expires_at
        return evidence.collected_at + evidence.verdict.expires_after

    def deny(self, now: datetime, note: str) -> "Transition":
        """The world moved so that no plan can be made any more."""
        return self._to(RequestState.DENIED, _Move("be denied", NOT_BEGUN), now, note=note)

    def reject(self, now: datetime, by: SlackUserId, reason: str) -> "Transition":
        """Somebody who may decide said no."""
        move = _Move("be rejected", frozenset({RequestState.PENDING}))
        return self._to(RequestState.REJECTED, move, now, note=reason, by=by)

    def cancel(self, now: datetime, by: SlackUserId) -> "Transition":
        """The requester or an administrator withdrew it."""
        move, note = _Move("be cancelled", NOT_BEGUN), f"<@{by}> asked for it"
        return self._to(RequestState.CANCELLED, move, now, note=note, by=by)

    def expire(self, now: datetime) -> "Transition":
        """Nobody agreed in time."""
        move = _Move("expire", frozenset({RequestState.PENDING}))
        return self._to(RequestState.EXPIRED, move, now)

    def supersede(self, now: datetime, by: RequestId) -> "Transition":
        """Another request took its place before it began."""
        note = f"overtaken by {request_label(by)}"
        return self.overtake(now, note)

    def overtake(self, now: datetime, note: str) -> "Transition":
        """What it asked for has come to be without it."""
        return self._to(RequestState.SUPERSEDED, _Move("be superseded", NOT_BEGUN), now, note=note)

    def resolve(self, resolution: Resolution) -> "Transition":
        """A person says that what stands now is to stand."""
        stuck = {RequestState.FAILED, RequestState.PAUSED}
        move = _Move("be resolved", frozenset(stuck) if self.resolution is None else frozenset())
        moved = self._to(
            RequestState.FAILED,
            move,
            resolution.at,
            by=resolution.by,
            details={"reason": resolution.reason, "standing": resolution.standing},
            action="change_request.resolved",
        )
        return replace(moved, request=replace(moved.request, resolution=resolution))

    def _to(  # noqa: PLR0913 - the one place where every field of a transition meets
        self,
        state: RequestState,
        move: "_Move",
        now: datetime,
        *,
        note: str | None = None,
        by: str = HERALD,
        details: Mapping[str, object] | None = None,
        action: str = "",
    ) -> "Transition":
        move.require(self)
        closes = state not in OPEN
        request = replace(
            self,
            state=state,
            note=self.note if note is None else note,
            wake_at=None,
            closed_at=now if closes else None,
        )
        event = AuditEvent(
            at=now,
            actor=by,
            action=action or f"change_request.{_PAST.get(state, state.value)}",
            subject=self.label,
            details={"from": self.state, "to": state, "note": request.note, **(details or {})},
        )
        return Transition(request=request, event=event)


_PAST = {
    RequestState.EXECUTING: "begun",
    RequestState.UNDOING: "undo_begun",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A request in its new state with the event that says so; both are stored together."""

    request: ChangeRequest
    event: AuditEvent

    def with_evidence(self, evidence: Evidence, expires_at: datetime) -> "Transition":
        """Return the transition with new evidence and the time at which it expires."""
        request = replace(self.request, evidence=evidence, expires_at=expires_at)
        return replace(self, request=request)


@dataclass(frozen=True, slots=True)
class _Move:
    name: str
    allowed_from: frozenset[RequestState] = field(default_factory=frozenset)

    def require(self, request: ChangeRequest) -> None:
        if request.state not in self.allowed_from:
            raise IllegalTransitionError(request.label, request.state, self.name)
