"""Proposes what policies want proposed: a version that newly got an alias such as challenger."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.automatic import BY_POLICY, Automatic, Proposal, Turn
from bot.domain.change_request import RequestState
from bot.domain.errors import BackEndError
from bot.domain.ledger import Cause, LedgerEntry, alias_place
from bot.domain.messages import Filed
from bot.domain.names import AliasName, ChannelId, ModelName, RequestId, short_name
from bot.domain.policy import ChangeKind, Policy
from bot.domain.ports import Clock, ModelRegistry, PolicySource
from bot.domain.refusal import Refusal
from bot.domain.registry import RegisteredModel
from bot.domain.store import Store, UnitOfWork
from bot.services.assess import Assessor
from bot.services.bounded import read_each
from bot.services.catalog import Catalog
from bot.services.filing import Ask, Filing, queue_card
from bot.services.targets import Found

log = logging.getLogger(__name__)

AT_A_TIME = 4
SPREAD_S = 30.0
"""Nobody waits for a look; a policy may cover a thousand models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """Where models are found: their names in memory, their aliases in the registry."""

    catalog: Catalog
    registry: ModelRegistry
    policies: PolicySource


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A policy wants what gets one alias proposed for another."""

    policy: Policy
    automatic: Automatic
    alias: AliasName


class AutoPropose:
    """Looks at the models of policies that propose by themselves."""

    def __init__(
        self, shelves: Shelves, assessor: Assessor, filing: Filing, store: Store, clock: Clock
    ) -> None:
        self._shelves = shelves
        self._assessor = assessor
        self._filing = filing
        self._store = store
        self._clock = clock

    async def look(self, channel: ChannelId) -> int:
        """Propose what newly got its alias, in a channel; return how many requests were filed."""
        if not any(policy.automatic for policy in self._shelves.policies.current().policies):
            return 0
        async with self._store.transaction() as work:
            if not (await work.proposals.switch()).is_on:
                return 0
        names = [model.name for model in await self._shelves.catalog.models()]
        watched = [name for name in names if any(self._wishes(name))]
        found, _ = await read_each(watched, self._shelves.registry.model, AT_A_TIME, SPREAD_S)
        filed = [
            await self._consider(found[name], wish, channel)
            for name in watched
            if name in found
            for wish in self._wishes(name)
        ]
        return sum(filed)

    def _wishes(self, model: ModelName) -> Iterator[Wish]:
        policies = self._shelves.policies.current()
        aliases = {alias for policy in policies.policies for alias in policy.aliases}
        for alias in sorted(aliases):
            for policy in policies.matching(ChangeKind.PROMOTE, model, alias):
                if policy.automatic is not None and policy.automatic.on != alias:
                    yield Wish(policy=policy, automatic=policy.automatic, alias=alias)

    async def _consider(self, model: RegisteredModel, wish: Wish, channel: ChannelId) -> bool:
        version = model.aliases.get(wish.automatic.on)
        async with self._store.transaction() as work:
            is_new = await self._is_new(work, model, wish.automatic.on)
            if version is None or not is_new or model.aliases.get(wish.alias) == version:
                return False
            proposal = Proposal(
                model=model.name, alias=wish.alias, version=version, policy=wish.policy.name
            )
            per_day = wish.automatic.per_day
            turn = await work.proposals.claim(proposal, self._clock.now(), per_day)
        if turn is Turn.ENOUGH_TODAY:
            log.warning("policy %s has proposed enough today: %s waits", wish.policy.name, proposal)
        return turn is Turn.TAKEN and await self._propose(proposal, wish.automatic.on, channel)

    async def _is_new(self, work: UnitOfWork, model: RegisteredModel, alias: AliasName) -> bool:
        """Tell whether an alias has moved since Herald first looked; write down what it is now."""
        place, version = alias_place(alias), model.aliases.get(alias)
        seen = await work.ledger.of(model.name, place)
        value = None if version is None else str(version)
        now = LedgerEntry(
            model=model.name, place=place, value=value, cause=Cause.OUTSIDE, at=self._clock.now()
        )
        if not seen or seen[-1].value != value:
            await work.ledger.append(now)
            return bool(seen)
        return len(seen) > 1 or seen[0].cause is not Cause.OUTSIDE

    async def _propose(self, proposal: Proposal, on: AliasName, channel: ChannelId) -> bool:
        """File a request; what cannot be said now is tried again at the next look."""
        try:
            answer = await self._file(proposal, on, channel)
        except BackEndError as error:
            log.warning("%s is not proposed yet: %s", proposal, error)
            answer = None
        async with self._store.transaction() as work:
            if answer is None:
                await work.proposals.give_back(proposal)
            elif isinstance(answer, Refusal):
                log.warning("%s cannot be proposed: %s", proposal, "; ".join(answer.reasons))
                await work.proposals.settle(proposal, None)
            else:
                await self._filed(work, proposal, answer)
        return isinstance(answer, Filed)

    async def _filed(self, work: UnitOfWork, proposal: Proposal, filed: Filed) -> None:
        """Keep which request it became; a denial is shown too, since nobody else is told of it."""
        await work.proposals.settle(proposal, RequestId(filed.request.id))
        if filed.request.state is RequestState.DENIED:
            await queue_card(work, filed.request)

    async def _file(
        self, proposal: Proposal, on: AliasName, channel: ChannelId
    ) -> Filed | Refusal | None:
        """Return what came of it; None for what is in the way now, and may not be later."""
        kind = ChangeKind.PROMOTE
        found = Found(model=proposal.model, version=proposal.version, alias=proposal.alias)
        is_held = await self._filing.holder(kind, found) or await self._assessor.frozen(kind, found)
        if is_held:
            return None
        assessed = await self._assessor.assess(kind, found, BY_POLICY)
        if isinstance(assessed.outcome, Refusal):
            return None if assessed.outcome.is_trouble else assessed.outcome
        name = f"{short_name(proposal.model)} v{proposal.version}"
        reason = f"policy {proposal.policy}: {name} became {on}"
        ask = Ask(kind=kind, requester=BY_POLICY, channel=channel, reason=reason)
        return await self._filing.file(ask, assessed.facts, assessed.outcome)
