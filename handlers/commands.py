"""The table of commands, and the one listener of the slash command."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.commands import Command, Help
from bot.domain.messages import Addressee
from bot.domain.names import shown_word
from bot.domain.people import Action
from bot.domain.ports import IdSource
from bot.domain.refusal import Refusal
from bot.services.opened_card import unknown_card
from bot.views.render import Answer, render
from handlers import browse, compare, promote, requests, roll_back
from handlers.asked import Asked, Prepared, Row
from handlers.desk import Desk
from handlers.errors import told
from handlers.listening import NOT_UNDERSTOOD, Homes, Listeners
from handlers.payloads import ButtonClick, SlashCommand, Submission
from handlers.services import Services
from handlers.words import plain_words, take_apart

HELP = Command(
    name="help",
    arguments="[COMMAND]",
    help="Show what Herald understands, or everything about one command.",
    example="help promote",
    action=Action.READ,
)


def _help(services: Services, asked: Asked) -> Prepared:
    del services
    return help_for(asked.words.names[0] if asked.words.names else None, asked.slash)


TABLE: tuple[Row, ...] = (
    Row(command=HELP, prepare=_help),
    *browse.ROWS[:2],
    *compare.ROWS,
    *promote.ROWS,
    *roll_back.ROWS,
    *requests.ROWS,
    browse.ROWS[2],
)
BY_NAME = {row.command.name: row for row in TABLE}


def help_for(name: str | None, slash: str) -> Help | Refusal:
    """Return the help for one command, for all, or for the nearest when there is no such one."""
    commands = tuple(row.command for row in TABLE)
    if name is None:
        return Help(slash=slash, commands=commands)
    row = BY_NAME.get(name.lower())
    if row is None:
        return unknown_command(name, slash)
    return Help(slash=slash, commands=commands, selected=row.command)


def unknown_command(name: str, slash: str) -> Refusal:
    """Return the refusal of a word that is no command, with the nearest one."""
    near = get_close_matches(name.lower(), list(BY_NAME), n=1, cutoff=0.5)
    asked = f" Did you mean {near[0]}?" if near else ""
    example = BY_NAME[near[0]].command.example if near else compare.COMPARE.example
    return Refusal(
        what=f"Herald does not know '{shown_word(name)}'.{asked}",
        remedies=(f"Example: `{slash} {example}`", f"All commands: `{slash} help`"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What the installation calls things.

    Attributes:
        slash: The slash command, e.g. ``/model``.
    """

    slash: str
    homes: Homes


class SlashCommands:
    """Takes every line that people type behind the slash command."""

    def __init__(self, services: Services, desk: Desk, naming: Naming, ids: IdSource) -> None:
        self._services = services
        self._desk = desk
        self._slash = naming.slash
        self._homes = naming.homes
        self._ids = ids

    async def listen(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Acknowledge one line, with the answer when it is known; else begin to work on it."""
        try:
            typed = SlashCommand.model_validate(body)
        except ValidationError:
            await ack(NOT_UNDERSTOOD)
            return
        try:
            known = self._prepare(typed)
        except Exception as error:  # noqa: BLE001 - without an acknowledgement Slack shows nothing
            known = told(error, self._ids)
        if known is None:
            await ack()
            return
        message = render(known)
        await ack(text=message.text, blocks=list(message.blocks), response_type="ephemeral")

    def _prepare(self, typed: SlashCommand) -> Answer | None:
        """Return an answer that needs no work, or begin the work and return None."""
        first, rest = (*typed.text.split(maxsplit=1), "", "")[:2]
        name = plain_words(first).strip()
        if not name:
            return help_for(None, self._slash)
        row = BY_NAME.get(name.lower())
        if row is None:
            return unknown_command(name, self._slash)
        prepared = row.prepare(self._services, self._asked(typed, rest))
        if isinstance(prepared, Refusal | Help):
            return prepared
        to = Addressee(
            user=typed.user_id, channel=typed.channel_id, response_url=typed.response_url
        )
        return self._desk.take(prepared, to)

    def _asked(self, typed: SlashCommand, rest: str) -> Asked:
        return Asked(
            user=typed.user_id,
            channel=typed.channel_id,
            home=self._homes.of(typed.channel_id),
            words=take_apart(rest),
            slash=self._slash,
        )


def register(app: AsyncApp, listeners: Listeners, commands: SlashCommands, slash: str) -> None:
    """Register everything that people can type and click."""
    app.command(slash)(commands.listen)
    for flow in (compare, promote, roll_back, requests):
        flow.register(app, listeners)
    app.action(ANYTHING)(listeners.on_click(_unknown_click))
    app.view(ANYTHING)(listeners.on_submission(_unknown_submission))


ANYTHING = re.compile("")


async def _unknown_click(services: Services, click: ButtonClick) -> Answer | None:
    """Answer a button that this Herald does not have: an older one may have drawn it."""
    del services, click
    return unknown_card()


async def _unknown_submission(services: Services, sent: Submission) -> Answer | None:
    del services, sent
    return unknown_card()
