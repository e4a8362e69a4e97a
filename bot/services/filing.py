"""Files a change request: stored with its evidence, its card and its place in the record."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.domain.audit import AuditEvent
from bot.domain.blank import says_nothing
from bot.domain.change_request import (
    NOT_BEGUN,
    OPEN,
    UNDER_WAY,
    ChangeRequest,
    Evidence,
    RequestState,
    Transition,
)
from bot.domain.evidence import PolicyFacts
from bot.domain.ledger import Cause, LedgerEntry, alias_place, endpoint_place
from bot.domain.messages import CardKind, Filed
from bot.domain.names import (
    AliasName,
    ChannelId,
    ModelName,
    PersonKey,
    RequestId,
    SlackUserId,
    short_name,
)
from bot.domain.outbox import OutboxEntry, OutboxKind
from bot.domain.policy import ChangeKind
from bot.domain.ports import Clock, WakeUp
from bot.domain.refusal import Refusal
from bot.domain.serving import Route
from bot.domain.store import RequestQuery, Store, UnitOfWork
from bot.domain.terms import ReasonFrom
from bot.domain.told_state import told_state
from bot.domain.verdict import VerdictKind
from bot.services.announce import queue_call, queue_end
from bot.services.card_keys import CardKeys
from bot.services.targets import Found

Also = Callable[[UnitOfWork, ChangeRequest], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Who asks for what, where and why."""

    kind: ChangeKind
    requester: SlackUserId
    requester_key: PersonKey | None = None
    channel: ChannelId
    reason: str


class Filing:
    """Stores new requests."""

    def __init__(self, store: Store, clock: Clock, cards: CardKeys, wake_up: WakeUp) -> None:
        self._store = store
        self._clock = clock
        self._cards = cards
        self._wake_up = wake_up

    async def holder(self, kind: ChangeKind, found: Found) -> Refusal | None:
        """Return the refusal that leads to the request which is in the way, or None."""
        async with self._store.transaction() as work:
            held = await open_requests(work, found.model, found.alias)
        now = self._clock.now()
        standing = [r for r in held if not r.is_over(now)]
        blocking = [r for r in standing if not _is_overtaken(kind, found.version, r)]
        return in_the_way(blocking[0]) if blocking else None

    async def file(
        self, ask: Ask, facts: PolicyFacts, evidence: Evidence, also: Also | None = None
    ) -> Filed | Refusal:
        """Store a request with its verdict; refuse when another one holds the same alias.

        A request that no person has to agree to is approved at once. A rollback takes the place
        of requests that have not begun, but not of the same rollback. A denied request is on
        record and holds nothing.

        Args:
            ask: Who asks, and why.
            facts: What was weighed.
            evidence: What came of it.
            also: What has to be stored together with the request, or not at all.
        """
        if ReasonFrom.REQUESTER in evidence.verdict.terms.reasons and says_nothing(ask.reason):
            return _without_reason(ask, facts)
        async with self._store.transaction() as work:
            held = await self._held(work, facts)
            version = evidence.plan.version
            overtaken = [r for r in held if _is_overtaken(ask.kind, version, r)]
            if len(held) > len(overtaken):
                return in_the_way(next(r for r in held if r not in overtaken))
            await observe(work, facts)
            request = _new(await work.requests.next_id(), ask, facts, evidence)
            for earlier in overtaken:
                moved = earlier.supersede(self._clock.now(), by=request.id)
                await store_transition(work, moved)
            filed = await self._add(work, request)
            if also:
                await also(work, filed)
        self._wake_up.wake()
        return Filed(request=filed)

    async def _held(self, work: UnitOfWork, facts: PolicyFacts) -> list[ChangeRequest]:
        """Return the requests that hold the alias, and close those whose time is over."""
        now, standing = self._clock.now(), []
        for request in await open_requests(work, facts.name, facts.alias):
            if request.is_over(now):
                await store_transition(work, request.expire(now))
            else:
                standing.append(request)
        return standing

    async def _add(self, work: UnitOfWork, request: ChangeRequest) -> ChangeRequest:
        await work.requests.add(request)
        await work.audit.append(_filed(request))
        await add_request_card(work, self._cards, request)
        if request.evidence.verdict.kind is VerdictKind.ALLOWED:
            return await store_transition(work, request.approve(self._clock.now(), ()))
        if request.state is RequestState.PENDING:
            await queue_card(work, request)
            await queue_call(work, request)
        return request


async def add_request_card(work: UnitOfWork, cards: CardKeys, request: ChangeRequest) -> None:
    """Store the key that the buttons of the present evidence revision carry."""
    subject: dict[str, str | int] = {"request": request.id, "channel": request.channel}
    await cards.add(work, CardKind.REQUEST, subject, request.evidence.revision)


async def open_requests(
    work: UnitOfWork, model: ModelName, alias: AliasName
) -> tuple[ChangeRequest, ...]:
    """Return the requests that hold this alias of this model, newest first."""
    query = RequestQuery(states=OPEN | {RequestState.FAILED}, model=model, alias=alias)
    found = await work.requests.find(query)
    return tuple(r for r in found if r.is_open or r.holds_locks)


async def store_transition(work: UnitOfWork, moved: Transition) -> ChangeRequest:
    """Store a request's new state and its event together; return it as it is stored now.

    The card of the change that this one replaces is drawn anew: it tells what stands no longer.
    """
    await work.requests.store(moved.request)
    await work.audit.append(moved.event)
    await queue_card(work, moved.request)
    await queue_end(work, moved)
    if moved.request.state is RequestState.SUCCEEDED:
        for replaced in (await latest_moves(work, moved.request))[1:]:
            await queue_card(work, replaced)
    return replace(moved.request, row_version=moved.request.row_version + 1)


async def latest_moves(work: UnitOfWork, of: ChangeRequest) -> tuple[ChangeRequest, ...]:
    """Return the two newest changes of an alias that were carried out, newest first."""
    done = frozenset({RequestState.SUCCEEDED})
    query = RequestQuery(states=done, model=of.model, alias=of.alias, limit=2)
    return await work.requests.find(query)


async def queue_card(work: UnitOfWork, request: ChangeRequest) -> None:
    """Ask for the request's card to be posted or redrawn."""
    entry = OutboxEntry(key=f"card:{request.id}", kind=OutboxKind.CARD, request=request.id)
    await work.outbox.queue(entry)


async def queue_reply(
    work: UnitOfWork, request: ChangeRequest, topic: str, text: str, ring: str = ""
) -> None:
    """Ask for a line in the thread of the request's card, once per topic; ``ring`` is a group."""
    entry = OutboxEntry(
        key=f"reply:{request.id}:{topic}",
        kind=OutboxKind.REPLY,
        request=request.id,
        text=text,
        ring=ring,
    )
    await work.outbox.queue(entry)


async def observe(work: UnitOfWork, facts: PolicyFacts) -> None:
    """Write down every alias and served version that was seen; known values change nothing."""
    seen = {alias_place(alias): str(v) for alias, v in facts.model.aliases.items()}
    for endpoint in facts.endpoints:
        served = served_text(endpoint.routes_of(facts.name))
        seen[endpoint_place(endpoint.name)] = served
    for place, value in sorted(seen.items()):
        await work.ledger.append(
            LedgerEntry(
                model=facts.name,
                place=place,
                value=value,
                cause=Cause.OUTSIDE,
                at=facts.evaluated_at,
            )
        )


def served_text(routes: tuple[Route, ...]) -> str:
    """Return routes as the ledger writes them: ``7``, or ``6 90 %, 7 10 %``."""
    if len(routes) == 1:
        return str(routes[0].version)
    return ", ".join(f"{route.version} {route.traffic_percentage} %" for route in routes)


def in_the_way(holder: ChangeRequest) -> Refusal:
    """Return the refusal that leads to the request which is open already."""
    remedy = f"See it, decide or cancel there: `/model request {holder.label}`"
    if holder.state is RequestState.FAILED:
        remedy = f"Look at what stands and close it: `/model resolve {holder.label} because …`"
    elif holder.state is RequestState.UNDOING:
        remedy = f"Ask again once it is taken back: `/model request {holder.label}` shows how far"
    elif holder.state in UNDER_WAY:
        remedy = "To take it back: Undo, on its card in the channel"
    return Refusal(
        what="Nothing was filed while another request is open for this model",
        reasons=(f"{told_state(holder)} (v{holder.version} as {holder.alias})",),
        remedies=(remedy,),
    )


def _without_reason(ask: Ask, facts: PolicyFacts) -> Refusal:
    model, version = short_name(facts.name), facts.candidate.version.version
    line = f"rollback {model} to {version}"
    if ask.kind is ChangeKind.PROMOTE:
        line = f"promote {model} {version} to {facts.alias}"
    return Refusal(
        what="Nothing was filed",
        reasons=("a policy asks for a reason",),
        remedies=(f"Ask again and say why: `/model {line} because …`",),
    )


def _is_overtaken(kind: ChangeKind, version: int, earlier: ChangeRequest) -> bool:
    """Tell whether a new request takes an earlier one's place; the same rollback again does not."""
    is_same = earlier.kind is kind and earlier.version == version
    return kind is ChangeKind.ROLL_BACK and earlier.state in NOT_BEGUN and not is_same


def _new(number: RequestId, ask: Ask, facts: PolicyFacts, evidence: Evidence) -> ChangeRequest:
    denied = evidence.verdict.kind is VerdictKind.DENIED
    return ChangeRequest(
        id=number,
        kind=ask.kind,
        model=facts.name,
        alias=facts.alias,
        version=evidence.plan.version,
        requester=ask.requester,
        requester_key=ask.requester_key,
        reason=ask.reason,
        channel=ask.channel,
        state=RequestState.DENIED if denied else RequestState.PENDING,
        evidence=evidence,
        created_at=facts.evaluated_at,
        expires_at=facts.evaluated_at + evidence.verdict.expires_after,
        closed_at=facts.evaluated_at if denied else None,
    )


def _filed(request: ChangeRequest) -> AuditEvent:
    denied = request.state is RequestState.DENIED
    return AuditEvent(
        at=request.created_at,
        actor=request.requester,
        action="change_request.denied" if denied else "change_request.filed",
        subject=request.label,
        details={
            "kind": request.kind,
            "model": request.model,
            "alias": request.alias,
            "version": request.version,
            "reason": request.reason,
            "content_hash": request.evidence.content_hash,
            "verdict": request.evidence.verdict.kind,
            "policies": request.evidence.verdict.policies,
        },
    )
