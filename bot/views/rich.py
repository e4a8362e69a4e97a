"""Rich text: words that Slack shows as they are, never reading mentions or formatting into them."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    RichTextBlock,
    RichTextElement,
    RichTextElementParts,
    RichTextListElement,
    RichTextQuoteElement,
    RichTextSectionElement,
)

from bot.domain.automatic import BY_POLICY
from bot.views.message import Block
from bot.views.texts import DATE_FORMAT, iso, shorten, visible

Part = str | RichTextElement
"""A piece of a line; a plain string is shown as it is."""

QUOTE_LIMIT = 3000
WHOLE_TEXT = "… (whole text under Details)"
_CODE = re.compile(r"`([^`\n]+)`")


def text(words: str) -> RichTextElement:
    """Return words as they are."""
    return RichTextElementParts.Text(text=visible(words))


def bold(words: str) -> RichTextElement:
    """Return words in bold."""
    style = RichTextElementParts.TextStyle(bold=True)
    return RichTextElementParts.Text(text=visible(words), style=style)


def fixed(words: str) -> RichTextElement:
    """Return words as code: a name or a command to copy."""
    style = RichTextElementParts.TextStyle(code=True)
    return RichTextElementParts.Text(text=visible(words), style=style)


def person(user: str) -> RichTextElement:
    """Return somebody, shown by name; a policy that asks is no account."""
    if user == BY_POLICY:
        return RichTextElementParts.Text(text="a policy")
    return RichTextElementParts.User(user_id=user)


def address(url: str, words: str) -> RichTextElement:
    """Return a link that reads as ``words``."""
    return RichTextElementParts.Link(url=url, text=visible(words))


def group(handle: str) -> RichTextElement:
    """Return a Slack group, shown by name; a new message with it rings its members."""
    return RichTextElementParts.UserGroup(usergroup_id=handle)


def moment(at: datetime) -> RichTextElement:
    """Return a moment in each reader's own zone."""
    return RichTextElementParts.Date(
        timestamp=int(at.timestamp()), format=DATE_FORMAT, fallback=iso(at)
    )


def people(users: Iterable[str]) -> list[Part]:
    """Return several people with commas between them."""
    parts: list[Part] = []
    for user in users:
        parts += [", "] * bool(parts) + [person(user)]
    return parts


def marked(words: str) -> list[Part]:
    """Return Herald's own sentence with its `code` spans set as code.

    Whatever else it quotes is read as plain words: no mention, no formatting.
    """
    parts: list[Part] = []
    for number, piece in enumerate(_CODE.split(words)):
        parts.append(fixed(piece) if number % 2 else piece)
    return parts


def unmarked(words: str) -> str:
    """Return Herald's own sentence for a place that takes plain text only."""
    return "".join(_CODE.split(words))


def paragraph(*parts: Part) -> RichTextElement:
    """Return one paragraph."""
    return RichTextSectionElement(elements=_elements(parts))


def bullets(lines: Iterable[Sequence[Part]]) -> list[RichTextElement]:
    """Return a list of lines, or nothing when there are none."""
    filled = [elements for line in lines if (elements := _elements(line))]
    items = [RichTextSectionElement(elements=elements) for elements in filled]
    return [RichTextListElement(style="bullet", elements=items)] if items else []


def quote(words: str) -> list[RichTextElement]:
    """Return what a person or platform wrote, in its own words, or nothing when it is empty."""
    shown = shorten(visible(words).strip(), QUOTE_LIMIT, WHOLE_TEXT)
    if not shown:
        return []
    return [RichTextQuoteElement(elements=[RichTextElementParts.Text(text=shown)])]


def rich(*elements: RichTextElement | None) -> Block:
    """Return a rich text block of paragraphs, lists and quotes."""
    present = [element for element in elements if element is not None]
    block: Block = RichTextBlock(elements=present).to_dict()
    return block


def _elements(parts: Iterable[Part]) -> list[RichTextElement]:
    return [text(part) if isinstance(part, str) else part for part in parts if part != ""]
