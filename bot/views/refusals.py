"""Refusals and notes: what was not done, why, and what to do now."""

from bot.domain.messages import Note
from bot.domain.refusal import Refusal
from bot.views.message import Message
from bot.views.rich import Part, bullets, marked, paragraph, rich
from bot.views.texts import Glyph, escape, shorten

TEXT_LIMIT = 3000


def refusal_message(refusal: Refusal) -> Message:
    """Return a private refusal with all its reasons at once."""
    glyph = Glyph.LOOK if refusal.is_trouble else Glyph.REFUSED
    shown = rich(
        paragraph(f"{glyph} ", *_said(refusal.what)),
        *bullets(_said(reason) for reason in refusal.reasons),
        *(paragraph(*_said(remedy)) for remedy in refusal.remedies if remedy),
    )
    return Message(text=fallback(f"{glyph} {plain_text(refusal)}"), blocks=(shown,))


def plain_text(refusal: Refusal) -> str:
    """Return a refusal as sentences: what was not done and why, then what to do."""
    what, why = refusal.what, "; ".join(refusal.reasons)
    if why:
        what = f"{what} {_capital(why)}" if _is_sentence(what) else f"{what}: {why}"
    return " ".join(map(_sentence, (what, *filter(None, refusal.remedies))))


def note_message(note: Note) -> Message:
    """Return a short private answer."""
    return Message(text=fallback(note.text), blocks=(rich(paragraph(*_said(note.text))),))


def fallback(words: str) -> str:
    """Return the text of a notification, escaped and within Slack's limit."""
    return shorten(escape(words), TEXT_LIMIT)


def _sentence(words: str) -> str:
    return words if _is_sentence(words) else f"{words}."


def _capital(why: str) -> str:
    """Return a reason as the beginning of a sentence; the name of a call stays as it is."""
    is_word = "." not in why.partition(" ")[0].rstrip(".")
    return f"{why[0].upper()}{why[1:]}" if is_word else why


def _is_sentence(words: str) -> bool:
    return words.endswith((".", "?", "…"))


def _said(words: str) -> list[Part]:
    return marked(shorten(words, TEXT_LIMIT))
