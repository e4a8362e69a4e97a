"""Gives a waiting request new evidence when the world, or the policy, has moved."""

from collections.abc import Mapping
from datetime import datetime

from bot.domain.canonical import canonical_json
from bot.domain.change_request import NOT_BEGUN, ChangeRequest, Evidence, RequestState
from bot.domain.content_hash import OUTCOMES, is_readable
from bot.domain.differences import in_a_row
from bot.domain.errors import BackEndUnavailableError, GoneError
from bot.domain.evidence import PolicyFacts
from bot.domain.names import RequestId
from bot.domain.ports import Clock
from bot.domain.refusal import Refusal
from bot.domain.store import Store, UnitOfWork
from bot.domain.verdict import VerdictKind
from bot.services.announce import queue_call, queue_setback
from bot.services.assess import Assessment, Assessor
from bot.services.card_keys import CardKeys
from bot.services.filing import add_request_card, observe, queue_reply, store_transition
from bot.services.retried import retried

_WAITS = frozenset({RequestState.PENDING, RequestState.QUEUED})
"""States in which a request waits for people, or for what holds it up."""
SERVING = "The serving platform"


class Renew:
    """Stores a new evidence revision, so that earlier decisions no longer count."""

    def __init__(self, assessor: Assessor, store: Store, cards: CardKeys, clock: Clock) -> None:
        self._assessor = assessor
        self._store = store
        self._cards = cards
        self._clock = clock

    def is_judged_by_present_policies(self, request: ChangeRequest) -> bool:
        """Tell whether the policies that a request was judged by are still in force."""
        return self._assessor.is_current(request)

    def rests_on_what_is_over(self, request: ChangeRequest, now: datetime) -> bool:
        """Tell whether a request rests on an exemption that has ended."""
        return self._assessor.has_lapsed(request, now)

    def present_policies(self, request: ChangeRequest) -> Mapping[str, str]:
        """Return what the policies in force say of a request, by their names."""
        return self._assessor.policy_texts(request)

    async def under_present_policies(self, number: RequestId) -> ChangeRequest:
        """Judge a waiting request anew; when somebody else just did, return what he stored."""
        return await retried(lambda: self._judged_anew(number))

    async def _judged_anew(self, number: RequestId) -> ChangeRequest:
        async with self._store.transaction() as work:
            request = await work.requests.get(number)
        if request is None:
            raise LookupError(f"request {number} is not stored")
        if request.state not in NOT_BEGUN or self._assessor.is_current(request):
            return request
        if request.is_over(self._clock.now()):
            return await self._expired(request)
        try:
            assessed = await self._assessor.reassess(request)
        except GoneError as gone:
            return await self._close_gone(request, gone)
        if isinstance(assessed.outcome, Refusal) and assessed.outcome.is_trouble:
            raise BackEndUnavailableError(SERVING, "; ".join(assessed.outcome.reasons))
        return await self.with_evidence(request, assessed)

    async def _expired(self, request: ChangeRequest) -> ChangeRequest:
        """Close what nobody agreed to in time: other policies give it no new time."""
        async with self._store.transaction() as work:
            return await store_transition(work, request.expire(self._clock.now()))

    async def if_moved(self, number: RequestId) -> bool:
        """Give a request that has not begun new evidence if its own has moved; tell whether.

        What only comes out otherwise now, such as an endpoint's figures, may come out as before
        when it counts: that is for the look before the first write. An exemption that is over
        stays so.
        """
        return await retried(lambda: self._renewed_if_moved(number))

    async def _renewed_if_moved(self, number: RequestId) -> bool:
        async with self._store.transaction() as work:
            request = await work.requests.get(number)
        if request is None or request.state not in _WAITS:
            return False
        if request.is_over(self._clock.now()):
            return False
        try:
            assessed = await self._assessor.reassess(request)
        except GoneError as gone:
            await self._close_gone(request, gone)
            return True
        if not _has_moved(request, assessed):
            return False
        await self.with_evidence(request, assessed)
        return True

    async def with_evidence(self, request: ChangeRequest, assessed: Assessment) -> ChangeRequest:
        """Store what was found and ask people again, in one transaction.

        What nobody has to agree to any more is approved at once.

        Args:
            request: As it was when the assessment began.
            assessed: Its next revision; a refusal closes the request, since no plan can be made.

        Raises:
            StaleWriteError: The request changed meanwhile.
        """
        async with self._store.transaction() as work:
            await observe(work, assessed.facts)
            if isinstance(assessed.outcome, Refusal):
                return await self._close(work, request, assessed.facts, assessed.outcome)
            return await self._store_revision(work, request, assessed.outcome)

    async def _close_gone(self, request: ChangeRequest, gone: GoneError) -> ChangeRequest:
        """Close what is about a model or version that was deleted: people need not be asked."""
        async with self._store.transaction() as work:
            return await store_transition(work, request.deny(self._clock.now(), gone.told))

    async def _close(
        self, work: UnitOfWork, request: ChangeRequest, facts: PolicyFacts, why: Refusal
    ) -> ChangeRequest:
        """Close what has no plan any more: it came to be without this request, or cannot be."""
        now, told = self._clock.now(), "; ".join(why.reasons)
        is_so = facts.model.aliases.get(request.alias) == request.version
        moved = request.overtake(now, told) if is_so else request.deny(now, told)
        return await store_transition(work, moved)

    async def _store_revision(
        self, work: UnitOfWork, request: ChangeRequest, outcome: Evidence
    ) -> ChangeRequest:
        now = self._clock.now()
        stored = await store_transition(work, request.renew(now, outcome))
        await add_request_card(work, self._cards, stored)
        await _tell(work, request, stored)
        if stored.evidence.verdict.kind is VerdictKind.ALLOWED:
            return await store_transition(work, stored.approve(now, ()))
        if stored.state is RequestState.PENDING:
            await queue_call(work, stored)
        return stored


def _has_moved(request: ChangeRequest, assessed: Assessment) -> bool:
    outcome = assessed.outcome
    if isinstance(outcome, Refusal):
        return not outcome.is_trouble
    before, after = request.evidence.content, outcome.content
    if not is_readable(after):
        return False
    return assessed.has_lapsed or canonical_json(_kept(before)) != canonical_json(_kept(after))


def _kept(content: Mapping[str, object]) -> dict[str, object]:
    return {part: value for part, value in content.items() if part != OUTCOMES}


async def _tell(work: UnitOfWork, before: ChangeRequest, request: ChangeRequest) -> None:
    """Say in the thread what moved; whoever asked is told when it takes back what he was told."""
    moved = in_a_row(request.evidence.differences) or "the evidence moved"
    is_allowed = request.evidence.verdict.kind is VerdictKind.ALLOWED
    so = "It needs no approval now" if is_allowed else "Earlier approvals no longer count"
    text = f"Changed since it was asked: {moved}. {so}."
    await queue_reply(work, request, f"revision {request.evidence.revision}", text)
    if not is_allowed:
        await queue_setback(work, before, request, moved)
