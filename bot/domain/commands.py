"""One row of the command table, from which parser, help, manifest and docs are made."""

from dataclasses import dataclass

from bot.domain.people import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing that people can ask of Herald.

    Attributes:
        name: The word after the slash command.
        arguments: Usage, e.g. ``NAME [A] [B]``; capitals stand for the asker's values.
        help: One sentence: what it does.
        example: A whole line to copy, without the slash command.
        action: What a role has to be allowed to do.
        details: More for ``help COMMAND``; may be empty.
    """

    name: str
    arguments: str
    help: str
    example: str
    action: Action
    details: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """The help for one command, or for all.

    Attributes:
        slash: The slash command as configured, e.g. ``/model``.
    """

    slash: str
    commands: tuple[Command, ...]
    selected: Command | None = None
