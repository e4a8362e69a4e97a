"""A line that somebody typed, by whichever door: to an answer that is known, or to work."""

from dataclasses import dataclass

from bot.domain.commands import Help
from bot.domain.messages import Addressee
from bot.domain.refusal import Refusal
from bot.views.render import Answer
from handlers.asked import Asked
from handlers.desk import Desk
from handlers.listening import Homes
from handlers.services import Services
from handlers.table import BY_NAME, help_for, unknown_command
from handlers.words import plain_words, take_apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What the installation calls things.

    Attributes:
        slash: The slash command, e.g. ``/model``.
    """

    slash: str
    homes: Homes


class Lines:
    """Takes every line that people type behind the slash command, or say to Herald."""

    def __init__(self, services: Services, desk: Desk, naming: Naming) -> None:
        self._services = services
        self._desk = desk
        self._naming = naming

    def take(self, text: str, asker: Addressee) -> Answer | None:
        """Return an answer that needs no work, or begin the work and return None; never waits."""
        slash = self._naming.slash
        name, rest = _first_word(text)
        if not name:
            return help_for(None, slash)
        row = BY_NAME.get(name.lower())
        if row is None:
            return unknown_command(name, slash)
        prepared = row.prepare(self._services, self._asked(rest, asker))
        if isinstance(prepared, Refusal | Help):
            return prepared
        return self._desk.take(prepared, asker)

    def begins_with_command(self, text: str) -> bool:
        """Tell whether the first word of a line is a command."""
        return _first_word(text)[0].lower() in BY_NAME

    def _asked(self, rest: str, asker: Addressee) -> Asked:
        return Asked(
            user=asker.user,
            channel=asker.channel,
            home=self._naming.homes.of(asker.channel),
            words=take_apart(rest),
            slash=self._naming.slash,
        )


def _first_word(text: str) -> tuple[str, str]:
    first, rest = (*text.split(maxsplit=1), "", "")[:2]
    return plain_words(first).strip(), rest
