"""Proposes a promotion, or says what would come of one."""

from dataclasses import replace

from bot.domain.change_request import Evidence
from bot.domain.freezing import Frozen
from bot.domain.messages import CheckReport, Filed
from bot.domain.names import ChannelId, SlackUserId
from bot.domain.people import Action
from bot.domain.policy import ChangeKind
from bot.domain.refusal import Refusal
from bot.services.access import Access
from bot.services.assess import Assessor
from bot.services.check_cards import CheckCards
from bot.services.filing import Ask, Filing
from bot.services.targets import Found, Target, Targets


class Propose:
    """Files promotions and answers dry runs."""

    def __init__(
        self,
        access: Access,
        targets: Targets,
        assessor: Assessor,
        filing: Filing,
        cards: CheckCards,
    ) -> None:
        self._access = access
        self._targets = targets
        self._assessor = assessor
        self._filing = filing
        self._cards = cards

    async def promote(
        self, target: Target, requester: SlackUserId, channel: ChannelId, reason: str
    ) -> Filed | Refusal | Frozen:
        """File a request to let an alias name a version.

        The answer may hold a denied request: it is on record, and nobody is asked.
        """
        refused = await self._access.refuse(requester, Action.PROMOTE, "Nothing was proposed")
        if refused:
            return refused
        found = await self._targets.find(target)
        if isinstance(found, Refusal):
            return found
        held = await self._filing.holder(ChangeKind.PROMOTE, found)
        in_the_way = held or await self._assessor.frozen(ChangeKind.PROMOTE, found)
        if in_the_way:
            return in_the_way
        ask = Ask(kind=ChangeKind.PROMOTE, requester=requester, channel=channel, reason=reason)
        return await self._file(ask, found)

    async def _file(self, ask: Ask, found: Found) -> Filed | Refusal:
        assessed = await self._assessor.assess(ask.kind, found, ask.requester)
        if isinstance(assessed.outcome, Refusal):
            return assessed.outcome
        known = replace(ask, requester_key=assessed.asker)
        return await self._filing.file(known, assessed.facts, assessed.outcome)

    async def check(
        self, target: Target, asker: SlackUserId, channel: ChannelId
    ) -> CheckReport | Refusal:
        """Return what policies would say of a promotion, without filing it."""
        refused = await self._access.refuse(asker, Action.READ, "Nothing was checked")
        if refused:
            return refused
        found = await self._targets.find(target)
        if isinstance(found, Refusal):
            return found
        assessed = await self._assessor.assess(ChangeKind.PROMOTE, found, asker)
        if isinstance(assessed.outcome, Refusal):
            return assessed.outcome
        report = _report(found, assessed.outcome)
        freezes = await self._assessor.freezes(ChangeKind.PROMOTE, found)
        return await self._cards.keyed(replace(report, freezes=freezes), channel)


def _report(found: Found, evidence: Evidence) -> CheckReport:
    return CheckReport(
        key=None,
        model=found.model,
        alias=found.alias,
        version=found.version,
        plan=evidence.plan,
        verdict=evidence.verdict,
        skew=evidence.plan.skew,
    )
