"""What people do in a life."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from bot.domain.agreement import DecisionKind
from bot.domain.change_request import ChangeRequest
from bot.domain.compliance import ComplianceReport
from bot.domain.errors import HeraldError
from bot.domain.names import CardKey, ModelName, SlackUserId
from bot.services.freeze import FreezeAsk
from bot.services.opened_card import Click
from bot.services.roll_back import RollbackAsk
from bot.services.targets import Target
from handlers.services import Services
from tests.fakes.world import ADMIN, CHANNEL, REQUESTER
from tests.properties.census import answer
from tests.properties.life import Life


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that somebody presses.

    Attributes:
        revision: Of the evidence that its card showed.
    """

    request: ChangeRequest
    revision: int
    user: SlackUserId
    how: str


def press_now(request: ChangeRequest, user: SlackUserId, how: str) -> Press:
    """Return a press on the card as it shows a request now."""
    return Press(request=request, revision=request.evidence.revision, user=user, how=how)


class Deeds:
    """Asks Herald what people ask; what is refused, or dies, is over.

    Attributes:
        answers: What came of each decision.
        unsure: Decisions of which nobody heard whether they count, since the process died.
    """

    def __init__(self, life: Life) -> None:
        self._life = life
        self.answers: list[str] = []
        self.unsure = 0

    @property
    def _services(self) -> Services:
        return self._life.bot.core.services

    def promote(
        self, model: ModelName, version: int, user: SlackUserId, breaths: int | None = None
    ) -> None:
        target = Target(model=model, selector=version)
        asked = self._services.propose.promote(target, user, CHANNEL, "better")
        self._life.attempt(asked, breaths)

    def roll_back(self, model: ModelName, user: SlackUserId) -> None:
        ask = RollbackAsk(
            model=model, version=None, requester=user, channel=CHANNEL, reason="alarms"
        )
        self._life.attempt(self._services.roll_back.roll_back(ask))

    def press(self, press: Press, breaths: int | None = None) -> None:
        self._life.attempt(self._press(press), breaths)

    def press_meanwhile(self, press: Press, turns: int) -> None:
        """Let somebody press a button in the middle of what comes next."""

        async def pressed() -> None:
            with suppress(HeraldError):
                await self._press(press)

        self._life.fate.let(pressed, turns)

    async def _press(self, press: Press) -> None:
        key = await self._life.bot.key(press.request.id, press.revision)
        said, _, silently = press.how.partition(" ")
        reason = "" if silently else "because"
        click, withdraw = Click(key=key, user=press.user, reason=reason), self._services.withdraw
        orders = {"cancel": withdraw.cancel, "undo": withdraw.undo, "resume": withdraw.resume}
        if said in orders:
            await orders[said](click)
        else:
            await self._decide(click, DecisionKind(said))

    async def _decide(self, click: Click, kind: DecisionKind) -> None:
        try:
            self.answers.append(answer(await self._services.decide.decide(click, kind)))
        except asyncio.CancelledError:
            self.unsure += 1
            raise

    def press_unknown(self, user: SlackUserId) -> None:
        """Let somebody approve on a card that this Herald never made."""
        click = Click(key=CardKey("nobody's"), user=user, reason="because")
        self._life.attempt(self._decide(click, DecisionKind.APPROVE))

    def resolve(self, request: ChangeRequest, user: SlackUserId) -> None:
        self._life.attempt(self._services.resolve.resolve(request.id, user, "as it is"))

    def freeze(self, models: str, until: str = "", breaths: int | None = None) -> None:
        ask = FreezeAsk(by=ADMIN, models=models, until=tuple(until.split()), reason="audit")
        self._life.attempt(self._services.freezing.freeze(ask), breaths)

    def freeze_meanwhile(self, turns: int) -> None:
        """Let everything be frozen in the middle of what comes next."""

        async def frozen() -> None:
            with suppress(HeraldError):
                await self._services.freezing.freeze(FreezeAsk(by=ADMIN, reason="audit"))

        self._life.fate.let(frozen, turns)

    def unfreeze_all(self) -> None:
        """Lift whatever is frozen, by the words in which the list of freezes tells it."""
        for freeze in self._life.do(self._life.trails()).freezes:
            ask = FreezeAsk(by=ADMIN, models=freeze.models[0], reason="the audit is over")
            self._life.attempt(self._services.freezing.unfreeze(ask))

    def switch(self, *, is_on: bool) -> None:
        """Move the switch of what policies propose; the requester tries, and an admin does."""
        for user in (REQUESTER, ADMIN):
            self._life.attempt(self._services.automatic.switch(user, "because", is_on=is_on))

    def report(self, model: ModelName, version: int) -> ComplianceReport | None:
        asked = self._services.compliance.report(model, version, REQUESTER)
        found = self._life.attempt(asked)
        return found if isinstance(found, ComplianceReport) else None
