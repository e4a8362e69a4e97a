"""The table of commands: from it come the parser, the help, the manifest's hint and the docs."""

from difflib import get_close_matches

from bot.domain.commands import Command, Help
from bot.domain.names import shown_word
from bot.domain.people import Action
from bot.domain.refusal import Refusal
from handlers import (
    automatic,
    browse,
    compare,
    compliance,
    freeze,
    health,
    promote,
    requests,
    roll_back,
)
from handlers.asked import Asked, Prepared, Row
from handlers.services import Services

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
    *health.ROWS,
    *compare.ROWS,
    *promote.ROWS,
    *roll_back.ROWS,
    *requests.ROWS,
    *freeze.ROWS,
    *automatic.ROWS,
    *compliance.ROWS,
    *browse.ROWS[2:],
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
    typed = name.lower()
    begun = [each for each in BY_NAME if each.startswith(typed)]
    near = begun or get_close_matches(typed, list(BY_NAME), n=1, cutoff=0.6)
    asked = f" Did you mean {near[0]}?" if near else ""
    example = BY_NAME[near[0]].command.example if near else compare.COMPARE.example
    return Refusal(
        what=f"Herald does not know '{shown_word(name)}'.{asked}",
        remedies=(f"Example: `{slash} {example}`", f"All commands: `{slash} help`"),
    )
