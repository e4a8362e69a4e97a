"""Why a request is in its state, in the words of whoever or whatever said so."""

import re

from slack_sdk.models.blocks import RichTextElement

from bot.domain.names import SlackUserId
from bot.views.rich import paragraph, person, quote

_ASKED = re.compile(r"<@([UW][A-Z0-9]+)> asked for it")


def asked_by(note: str) -> SlackUserId | None:
    """Return the person whose click is the reason, or None when it is something else."""
    match = _ASKED.fullmatch(note)
    return SlackUserId(match[1]) if match else None


def told_note(note: str) -> list[RichTextElement]:
    """Return a note: the person who asked by name, anything else as a quotation."""
    user = asked_by(note)
    return [paragraph(person(user), " asked for it")] if user else quote(note)
