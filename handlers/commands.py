"""The one listener of the slash command, and everything else that is registered with it."""

import re
from typing import Any

from pydantic import ValidationError
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.messages import Addressee
from bot.domain.ports import IdSource
from bot.services.opened_card import unknown_card
from bot.views.render import Answer, render
from bot.views.slash import with_slash
from handlers import (
    compare,
    compliance,
    health,
    home,
    model_card,
    promote,
    requests,
    roll_back,
    shortcuts,
    tag_version,
)
from handlers.errors import told
from handlers.lines import Lines
from handlers.listening import NOT_UNDERSTOOD, UNKNOWN_FORM, Listeners
from handlers.payloads import ButtonClick, SlashCommand, Submission
from handlers.services import Services
from handlers.talk import Talk

FLOWS = (
    compare,
    compliance,
    model_card,
    tag_version,
    health,
    promote,
    roll_back,
    requests,
    shortcuts,
    home,
)
"""Everything that registers buttons and forms."""


class SlashCommands:
    """Listens to what people type behind the slash command."""

    def __init__(self, lines: Lines, ids: IdSource, slash: str) -> None:
        self._slash = slash
        self._lines = lines
        self._ids = ids

    async def listen(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Acknowledge one line, with the answer when it is known; else begin to work on it."""
        try:
            typed = SlashCommand.model_validate(body)
        except ValidationError:
            await ack(NOT_UNDERSTOOD)
            return
        try:
            known = self._lines.take(typed.text, _asker(typed))
        except Exception as error:  # noqa: BLE001 - without an acknowledgement Slack shows nothing
            known = told(error, self._ids)
        if known is None:
            await ack()
            return
        message = with_slash(render(known), self._slash)
        await ack(text=message.text, blocks=list(message.blocks), response_type="ephemeral")


def register(app: AsyncApp, listeners: Listeners, lines: Lines, ids: IdSource, slash: str) -> None:
    """Register everything that people can type, say and click."""
    app.command(slash)(SlashCommands(lines, ids, slash).listen)
    Talk(lines, listeners.desk, ids).register(app)
    for flow in FLOWS:
        flow.register(app, listeners)
    app.action(ANYTHING)(listeners.on_click(_unknown_click))
    app.view(ANYTHING)(listeners.on_submission(_unknown_submission, UNKNOWN_FORM))


ANYTHING = re.compile("")


def _asker(typed: SlashCommand) -> Addressee:
    return Addressee(user=typed.user_id, channel=typed.channel_id, response_url=typed.response_url)


async def _unknown_click(services: Services, click: ButtonClick) -> Answer | None:
    """Answer a button that this Herald does not have: an older one may have drawn it."""
    del services, click
    return unknown_card()


async def _unknown_submission(services: Services, sent: Submission) -> Answer | None:
    del services, sent
    return unknown_card()
