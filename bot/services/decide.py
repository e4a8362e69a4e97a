"""Counts approvals and rejections: each is authorised when it is made, and counts once."""

import asyncio
from dataclasses import dataclass

from bot.domain.agreement import Agreement, Decision, DecisionKind
from bot.domain.audit import AuditEvent
from bot.domain.blank import says_nothing
from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import BackEndError
from bot.domain.messages import Note
from bot.domain.names import CardKey, RoleName
from bot.domain.people import Person, Standing
from bot.domain.ports import Clock, WakeUp
from bot.domain.refusal import Refusal
from bot.domain.store import Store, UnitOfWork
from bot.domain.terms import ReasonFrom
from bot.services.access import Access, unread_roles
from bot.services.electorate import agreement_on
from bot.services.filing import queue_card, store_transition
from bot.services.opened_card import (
    NO_EFFECT,
    Click,
    OpenedCard,
    open_card,
    outdated,
    too_late,
)
from bot.services.renew import Renew
from bot.services.retried import retried

TOLD_WITHIN_S = 1.5
"""Longest wait before a form opens for somebody of whom nobody can tell yet whether he may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Voter:
    person: Person
    roles: frozenset[RoleName]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vote:
    click: Click
    kind: DecisionKind
    by: _Voter
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonAsk:
    """A decision for which a form has to ask why.

    Attributes:
        others: How many rejections close the request besides the one that is asked about.
    """

    label: str
    others: int


class Decide:
    """Counts what approvers decide on the evidence that their card showed."""

    def __init__(
        self, access: Access, renew: Renew, store: Store, clock: Clock, wake_up: WakeUp
    ) -> None:
        self._access = access
        self._renew = renew
        self._store = store
        self._clock = clock
        self._wake_up = wake_up

    async def decide(self, click: Click, kind: DecisionKind) -> Note | Refusal | None:
        """Count one decision.

        Returns:
            None when it counted: the redrawn card is the receipt. Else what is true now.
        """
        opened = await self._open(click.key)
        if not isinstance(opened, OpenedCard):
            return opened
        if says_nothing(click.reason) and _needs_reason(opened.request, kind):
            return _without_reason(opened.request, kind)
        voter = await self._voter(click, opened.request)
        if not isinstance(voter, _Voter):
            return voter
        vote = _Vote(click=click, kind=kind, by=voter, revision=opened.revision)
        result = await retried(lambda: self._count(vote, opened.request))
        self._wake_up.wake()
        return result

    async def ask_reason(
        self, click: Click, kind: DecisionKind
    ) -> ReasonAsk | Note | Refusal | None:
        """Return what a form has to ask, or what is true instead of asking.

        Whether somebody may decide is told before he writes, if that can be told soon: Slack opens
        forms for three seconds only. It is asked again when he has written.

        Returns:
            None when no reason is needed.
        """
        opened = await self._open(click.key)
        if not isinstance(opened, OpenedCard):
            return opened
        if not _needs_reason(opened.request, kind):
            return None
        voter = await self._voter_soon(click, opened.request)
        if isinstance(voter, Note | Refusal):
            return voter
        async with self._store.transaction() as work:
            decisions = await work.decisions.of(opened.request.id)
        if voter is not None:
            vote = _Vote(click=click, kind=kind, by=voter, revision=opened.revision)
            if _is_repeated(self._decision(vote, opened.request), decisions):
                return _said_already(kind, opened.request)
        return _asks(opened.request, decisions)

    async def _voter_soon(
        self, click: Click, request: ChangeRequest
    ) -> "_Voter | Note | Refusal | None":
        """Return whose word it is, or None while that cannot be told soon."""
        try:
            async with asyncio.timeout(TOLD_WITHIN_S):
                return await self._voter(click, request)
        except (TimeoutError, BackEndError):
            return None

    async def _open(self, key: CardKey) -> OpenedCard | Note | Refusal:
        """Return the card behind a key while people decide on what it shows, else what is true."""
        opened = await open_card(self._store, key)
        if isinstance(opened, Refusal):
            return opened
        if opened.request.state is not RequestState.PENDING:
            return too_late(opened.request)
        return opened if opened.shows_present_evidence else outdated(opened.request)

    async def _voter(self, click: Click, request: ChangeRequest) -> "_Voter | Note | Refusal":
        """Return whose word it is, or why it does not count under the policies in force."""
        if not self._renew.is_judged_by_present_policies(request):
            renewed = await self._renew.under_present_policies(request.id)
            self._wake_up.wake()
            return outdated(renewed)
        standing = await self._access.standing(click.user)
        roles = await self._roles(standing, request)
        if isinstance(roles, Refusal):
            await self._access.record_refusal(click.user, roles.what, request.label)
            return roles
        return _Voter(person=standing.person, roles=roles)

    async def _count(self, vote: _Vote, seen: ChangeRequest) -> Note | None:
        async with self._store.transaction() as work:
            request = await work.requests.get_to_change(seen.id) or seen
            if request.state is not RequestState.PENDING:
                return too_late(request)
            if request.evidence.revision != vote.revision:
                return outdated(request)
            decision = self._decision(vote, request)
            if request.is_over(decision.decided_at):
                expired = request.expire(decision.decided_at)
                return too_late(await store_transition(work, expired))
            if _is_repeated(decision, await work.decisions.of(request.id)):
                return _said_already(vote.kind, request)
            return await self._record(work, decision, request)

    async def _record(
        self, work: UnitOfWork, decision: Decision, request: ChangeRequest
    ) -> Note | None:
        await work.decisions.record(decision)
        await work.audit.append(_decided(decision, request))
        agreement = agreement_on(request, await work.decisions.of(request.id))
        await _close_or_redraw(work, decision, request, agreement)
        return _unseen(decision, request, agreement)

    async def _roles(
        self, standing: Standing, request: ChangeRequest
    ) -> frozenset[RoleName] | Refusal:
        verdict = request.evidence.verdict
        wanted = frozenset(part.role for part in verdict.requirements)
        reason = standing.person.standing()
        if reason:
            return Refusal(
                what=f"{request.label} is not decided by you. {NO_EFFECT}", reasons=(reason,)
            )
        if verdict.terms.four_eyes and await self._is_requester(standing.person, request):
            return await self._own(request)
        if not standing.roles & wanted:
            return await self._stranger(standing, request, wanted)
        return standing.roles & wanted

    async def _is_requester(self, person: Person, request: ChangeRequest) -> bool:
        """Tell whether somebody asked for it himself, with this account or another of his.

        Addresses may change while a request waits, so that of its filing counts too.
        """
        if person.id == request.requester or person.key == request.requester_key:
            return True
        return await self._access.key_of(request.requester) == person.key

    async def _own(self, request: ChangeRequest) -> Refusal:
        async with self._store.transaction() as work:
            agreement = agreement_on(request, await work.decisions.of(request.id))
        lacking = [part.requirement.role for part in agreement.parts if part.missing]
        names = await self._access.names_in(lacking, but=request.requester)
        waits = f"it waits for {names} ({' and '.join(lacking)})"
        return Refusal(
            what=f"You asked for {request.label}, so your word does not count. {NO_EFFECT}",
            reasons=(waits,),
            remedies=("To withdraw it: Cancel, in the card's menu",),
        )

    async def _stranger(
        self, standing: Standing, request: ChangeRequest, wanted: frozenset[RoleName]
    ) -> Refusal:
        roles = " and ".join(sorted(wanted)) or "nobody"
        names = await self._access.names_in(wanted, but=request.requester)
        return Refusal(
            what=f"Only {roles} can decide on {request.label}. {NO_EFFECT}",
            reasons=(*unread_roles(standing, wanted), f"those who can: {names}"),
        )

    def _decision(self, vote: _Vote, request: ChangeRequest) -> Decision:
        return Decision(
            request=request.id,
            evidence_revision=vote.revision,
            person=vote.click.user,
            kind=vote.kind,
            roles=vote.by.roles,
            decided_at=self._clock.now(),
            reason=vote.click.reason,
            person_key=vote.by.person.key,
        )


async def _close_or_redraw(
    work: UnitOfWork, decision: Decision, request: ChangeRequest, agreement: Agreement
) -> None:
    now = decision.decided_at
    if len(agreement.rejections) >= request.evidence.verdict.rejections:
        await store_transition(work, request.reject(now, decision.person, decision.reason))
    elif agreement.is_reached:
        agreed = (person for part in agreement.parts for person in part.people)
        approvers = tuple(dict.fromkeys(agreed))
        await store_transition(work, request.approve(now, approvers))
    else:
        await work.requests.store(request)
        await queue_card(work, request)


def _unseen(decision: Decision, request: ChangeRequest, agreement: Agreement) -> Note | None:
    """Return what to say of an approval that fills no place, since the card shows none of it."""
    fills = any(decision.person in part.people for part in agreement.parts)
    if decision.kind is DecisionKind.REJECT or fills:
        return None
    roles = " and ".join(sorted(decision.roles))
    lacking = " and ".join(part.requirement.role for part in agreement.parts if part.missing)
    return Note(
        text=f"Your approval of {request.label} is on record, but {roles} had enough already. "
        f"{f'It waits for {lacking}.' if lacking else ''}".rstrip()
    )


def _said_already(kind: DecisionKind, request: ChangeRequest) -> Note:
    said = "approved" if kind is DecisionKind.APPROVE else "rejected"
    return Note(text=f"You have {said} {request.label} already. {NO_EFFECT}")


def _asks(request: ChangeRequest, decisions: tuple[Decision, ...]) -> ReasonAsk:
    needed = request.evidence.verdict.rejections
    others = needed - 1 - len(agreement_on(request, decisions).rejections)
    return ReasonAsk(label=request.label, others=max(0, others))


def _needs_reason(request: ChangeRequest, kind: DecisionKind) -> bool:
    """Tell whether such a decision has to say why."""
    wanted = request.evidence.verdict.terms.reasons
    return kind is DecisionKind.REJECT or ReasonFrom.APPROVER in wanted


def _without_reason(request: ChangeRequest, kind: DecisionKind) -> Refusal:
    if kind is DecisionKind.APPROVE:
        return Refusal(
            what=f"{request.label} is not approved",
            reasons=("its policy asks whoever approves for a reason",),
            remedies=("Approve again, with a reason",),
        )
    return Refusal(
        what=f"{request.label} is not rejected",
        reasons=("a rejection needs a reason: it is all that the requester can act on",),
        remedies=("Reject again, with a reason",),
    )


def _is_repeated(decision: Decision, earlier: tuple[Decision, ...]) -> bool:
    """Tell whether somebody's latest word on this evidence, by any account, was the same."""
    revision = decision.evidence_revision
    own = [d for d in earlier if d.voice == decision.voice and d.evidence_revision == revision]
    latest = max(own, key=lambda known: known.decided_at, default=None)
    return latest is not None and latest.kind is decision.kind


def _decided(decision: Decision, request: ChangeRequest) -> AuditEvent:
    return AuditEvent(
        at=decision.decided_at,
        actor=decision.person,
        action=f"decision.{'approved' if decision.kind is DecisionKind.APPROVE else 'rejected'}",
        subject=request.label,
        details={
            "revision": decision.evidence_revision,
            "content_hash": request.evidence.content_hash,
            "roles": sorted(decision.roles),
            "reason": decision.reason,
        },
    )
