"""Gives a waiting request new evidence when the world, or the policy, has moved."""

from bot.domain.canonical import canonical_json
from bot.domain.change_request import NOT_BEGUN, ChangeRequest, Evidence, RequestState
from bot.domain.errors import BackEndUnavailableError
from bot.domain.names import RequestId
from bot.domain.ports import Clock
from bot.domain.refusal import Refusal
from bot.domain.store import Store, UnitOfWork
from bot.domain.verdict import VerdictKind
from bot.services.announce import queue_call
from bot.services.assess import Assessment, Assessor
from bot.services.card_keys import CardKeys
from bot.services.filing import add_request_card, observe, queue_reply, store_transition
from bot.services.retried import retried

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

    def present_policies(self, request: ChangeRequest) -> str:
        """Return what the policies in force say of a request, as text."""
        return canonical_json(self._assessor.policy_texts(request))

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
        assessed = await self._assessor.reassess(request)
        if isinstance(assessed.outcome, Refusal) and assessed.outcome.is_trouble:
            raise BackEndUnavailableError(SERVING, "; ".join(assessed.outcome.reasons))
        return await self.with_evidence(request, assessed)

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
            return await self._store_revision(work, request, assessed.outcome)

    async def _store_revision(
        self, work: UnitOfWork, request: ChangeRequest, outcome: Evidence | Refusal
    ) -> ChangeRequest:
        now = self._clock.now()
        if isinstance(outcome, Refusal):
            return await store_transition(work, request.deny(now, "; ".join(outcome.reasons)))
        stored = await store_transition(work, request.renew(now, outcome))
        await add_request_card(work, self._cards, stored)
        await _tell(work, stored)
        if stored.evidence.verdict.kind is VerdictKind.ALLOWED:
            return await store_transition(work, stored.approve(now, ()))
        if stored.state is RequestState.PENDING:
            await queue_call(work, stored)
        return stored


async def _tell(work: UnitOfWork, request: ChangeRequest) -> None:
    moved = "; ".join(request.evidence.differences) or "the evidence moved"
    is_allowed = request.evidence.verdict.kind is VerdictKind.ALLOWED
    so = "It needs no approval now" if is_allowed else "Earlier approvals no longer count"
    text = f"Changed since it was asked: {moved}. {so}."
    await queue_reply(work, request, f"revision {request.evidence.revision}", text)
