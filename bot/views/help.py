"""The help, made from the one table of commands."""

from collections.abc import Iterator

from slack_sdk.models.blocks import RichTextElement

from bot.domain.commands import Command, Help
from bot.views.message import Message
from bot.views.rich import bold, bullets, fixed, marked, paragraph, rich
from bot.views.texts import escape


def help_message(answer: Help) -> Message:
    """Return the help for one command, or for all."""
    selected = answer.selected
    if selected is not None:
        text = f"{usage(answer.slash, selected)}: {selected.help}"
        return Message(text=escape(text), blocks=(rich(*_one(answer.slash, selected)),))
    names = ", ".join(command.name for command in answer.commands)
    return Message(
        text=escape(f"What you can ask of Herald: {names}"), blocks=(rich(*_all(answer)),)
    )


def usage(slash: str, command: Command) -> str:
    """Return how a command is written."""
    return f"{slash} {command.name} {command.arguments}".rstrip()


def _one(slash: str, command: Command) -> Iterator[RichTextElement]:
    yield paragraph(fixed(usage(slash, command)))
    yield paragraph(*marked(command.help))
    if command.details:
        yield paragraph(*marked(command.details))
    yield paragraph("Example: ", fixed(f"{slash} {command.example}"))


def _all(answer: Help) -> Iterator[RichTextElement]:
    yield paragraph(bold("What you can ask of Herald"))
    yield from bullets(
        [fixed(usage(answer.slash, command)), "  ", *marked(command.help)]
        for command in answer.commands
    )
    yield paragraph(
        *marked(
            f"More on one of them: `{answer.slash} help COMMAND`. A version is written "
            "`7`, `v7` or `@challenger`; a model by its full name or the end of it."
        )
    )
