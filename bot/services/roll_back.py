"""Rolls a champion back to the version that was champion before it."""

from dataclasses import dataclass

from bot.domain.messages import Filed
from bot.domain.names import ChannelId, SlackUserId
from bot.domain.people import Action
from bot.domain.policy import ChangeKind
from bot.domain.refusal import Refusal
from bot.services.access import Access
from bot.services.assess import Assessor
from bot.services.filing import Ask, Filing
from bot.services.history import History
from bot.services.targets import Found, Targets


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackAsk:
    """What somebody asks to be rolled back.

    Attributes:
        model: The model in the asker's words.
        version: None for the version below the present champion.
    """

    model: str
    version: int | None
    requester: SlackUserId
    channel: ChannelId
    reason: str


class RollBack:
    """Files rollbacks; their only targets are former champions, as the ledger tells."""

    def __init__(
        self,
        access: Access,
        targets: Targets,
        assessor: Assessor,
        filing: Filing,
        history: History,
    ) -> None:
        self._access = access
        self._targets = targets
        self._assessor = assessor
        self._filing = filing
        self._history = history

    async def roll_back(self, ask: RollbackAsk) -> Filed | Refusal:
        """File a rollback, by the rollback policies."""
        refused = await self._access.refuse(
            ask.requester, Action.ROLL_BACK, "Nothing was rolled back"
        )
        if refused:
            return refused
        model = await self._targets.model(ask.model)
        if isinstance(model, Refusal):
            return model
        found = await self._history.target(model, ask.version)
        if isinstance(found, Refusal):
            return found
        held = await self._filing.holder(ChangeKind.ROLL_BACK, found)
        return held or await self._file(ask, found)

    async def _file(self, ask: RollbackAsk, found: Found) -> Filed | Refusal:
        assessed = await self._assessor.assess(ChangeKind.ROLL_BACK, found, ask.requester)
        if isinstance(assessed.outcome, Refusal):
            return assessed.outcome
        filed = Ask(
            kind=ChangeKind.ROLL_BACK,
            requester=ask.requester,
            requester_key=assessed.asker,
            channel=ask.channel,
            reason=ask.reason,
        )
        return await self._filing.file(filed, assessed.facts, assessed.outcome)
