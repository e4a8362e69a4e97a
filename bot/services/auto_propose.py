"""Proposes what policies want proposed, once each, and so many a day."""

import logging
from datetime import date
from functools import partial

from bot.domain.automatic import BY_POLICY, Proposal, Turn
from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import BackEndError, NotFoundError
from bot.domain.messages import Filed
from bot.domain.names import ChannelId, RequestId, short_name
from bot.domain.policy import ChangeKind
from bot.domain.ports import Clock
from bot.domain.refusal import Refusal
from bot.domain.store import Store, UnitOfWork
from bot.services.assess import Assessor
from bot.services.filing import Ask, Filing, queue_card
from bot.services.newcomers import Newcomer, Newcomers
from bot.services.targets import Found

log = logging.getLogger(__name__)

KIND = ChangeKind.PROMOTE


class _SwitchedOffError(Exception):
    """Somebody stopped all proposals while this one was being weighed."""


class AutoPropose:
    """Files requests in the name of policies."""

    def __init__(
        self,
        newcomers: Newcomers,
        assessor: Assessor,
        filing: Filing,
        store: Store,
        clock: Clock,
    ) -> None:
        self._newcomers = newcomers
        self._assessor = assessor
        self._filing = filing
        self._store = store
        self._clock = clock
        self._waiting: set[tuple[date, Proposal]] = set()

    async def look(self, channel: ChannelId) -> int:
        """Propose what newly got its alias, in a channel; return how many requests were filed."""
        newcomers = await self._newcomers.look()
        return sum([await self._consider(newcomer, channel) for newcomer in newcomers])

    async def _consider(self, newcomer: Newcomer, channel: ChannelId) -> bool:
        proposal, per_day = newcomer.proposal, newcomer.automatic.per_day
        async with self._store.transaction() as work:
            turn = await work.proposals.claim(proposal, self._clock.now(), per_day)
        if turn is Turn.ENOUGH_TODAY:
            self._note_waiting(proposal)
        return turn is Turn.TAKEN and await self._propose(newcomer, channel)

    def _note_waiting(self, proposal: Proposal) -> None:
        """Log once a day that a version waits for the next one."""
        today = self._clock.now().date()
        self._waiting = {(day, each) for day, each in self._waiting if day == today}
        if (today, proposal) not in self._waiting:
            self._waiting.add((today, proposal))
            log.warning("policy %s has proposed enough today: %s waits", proposal.policy, proposal)

    async def _propose(self, newcomer: Newcomer, channel: ChannelId) -> bool:
        """File a request; what cannot be said now is tried again at the next look."""
        try:
            answer = await self._file(newcomer, channel)
        except BackEndError as error:
            log.warning("%s is not proposed yet: %s", newcomer.proposal, error)
            answer = None
        if answer is None:
            async with self._store.transaction() as work:
                await work.proposals.give_back(newcomer.proposal)
        return isinstance(answer, Filed)

    async def _file(self, newcomer: Newcomer, channel: ChannelId) -> Filed | Refusal | None:
        """Return what came of it; None for what is in the way now, and may not be later."""
        proposal = newcomer.proposal
        found = Found(model=proposal.model, version=proposal.version, alias=proposal.alias)
        if await self._filing.holder(KIND, found) or await self._assessor.frozen(KIND, found):
            return None
        try:
            assessed = await self._assessor.assess(KIND, found, BY_POLICY)
        except NotFoundError as error:
            gone = await self._assessor.gone(found, error)
            return await self._refused(proposal, Refusal(what=str(proposal), reasons=(gone,)))
        if isinstance(assessed.outcome, Refusal):
            return await self._refused(proposal, assessed.outcome)
        ask = Ask(kind=KIND, requester=BY_POLICY, channel=channel, reason=_reason(newcomer))
        settle = partial(_settle, proposal)
        try:
            filed = await self._filing.file(ask, assessed.facts, assessed.outcome, settle)
        except _SwitchedOffError:
            return None
        return filed if isinstance(filed, Filed) else None

    async def _refused(self, proposal: Proposal, refusal: Refusal) -> Refusal | None:
        if refusal.is_trouble:
            return None
        log.warning("%s cannot be proposed: %s", proposal, "; ".join(refusal.reasons))
        async with self._store.transaction() as work:
            await work.proposals.settle(proposal, None)
        return refusal


async def _settle(proposal: Proposal, work: UnitOfWork, request: ChangeRequest) -> None:
    """Keep which request it became; a denial is shown too, since nobody else is told of it."""
    await work.proposals.settle(proposal, RequestId(request.id))
    if not (await work.proposals.switch()).is_on:
        raise _SwitchedOffError
    if request.state is RequestState.DENIED:
        await queue_card(work, request)


def _reason(newcomer: Newcomer) -> str:
    proposal = newcomer.proposal
    name = f"{short_name(proposal.model)} v{proposal.version}"
    return f"policy {proposal.policy}: {name} became {newcomer.automatic.on}"
