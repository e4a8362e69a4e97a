"""A question as the flows see it, and the rows of the command table that lead to them."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.commands import Command, Help
from bot.domain.names import ChannelId, SlackUserId, shown_word
from bot.domain.refusal import Refusal
from handlers.desk import Work
from handlers.services import Services
from handlers.words import Words, selector_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asked, taken apart.

    Attributes:
        channel: Where it was asked.
        home: Where the public card of a change goes; empty when there is no place for it.
        slash: The slash command as configured.
    """

    user: SlackUserId
    channel: ChannelId
    home: ChannelId
    words: Words
    slash: str


Prepared = Work | Refusal | Help
"""Work to be done behind the acknowledgement, or an answer that is known at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A command with what is done for it; ``prepare`` looks at the words only."""

    command: Command
    prepare: Callable[[Services, Asked], Prepared]


HOMELESS = Refusal(
    what="Nothing was proposed: Herald has no channel for the card of a change asked for here",
    reasons=("those who have to approve would not see it",),
    remedies=(
        "Ask in the team's channel, or let whoever runs Herald set `HERALD_RELEASES_CHANNEL`",
    ),
)


def misused(command: Command, asked: Asked, why: str) -> Refusal:
    """Return the refusal of a command whose words do not make sense, with its example."""
    usage = f"{asked.slash} {command.name} {command.arguments}".rstrip()
    return Refusal(
        what=f"`{asked.slash} {command.name}`: {why}",
        remedies=(f"Usage: `{usage}`", f"Example: `{asked.slash} {command.example}`"),
    )


def spare(asked: Asked, names: int = 1, selectors: int = 0, to: int = 0) -> str | None:
    """Return which words are too many, for people, or None."""
    words = asked.words
    extra = (
        *words.names[names:],
        *map(selector_text, words.selectors[selectors:]),
        *(f"to {word}" for word in words.to[to:]),
    )
    return f"too much: {shown_word(' '.join(extra))}" if extra else None
