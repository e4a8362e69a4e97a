"""Slack's limits on a message, as far as what Herald sends can come near them."""

import json
from collections.abc import Iterator
from typing import Any

from bot.views.message import Message

MESSAGE_BLOCKS, TABLE_ROWS, TABLE_COLUMNS, TABLE_CHARACTERS = 50, 100, 20, 10_000
HOLDERS = {
    "actions",
    "context",
    "rich_text",
    "rich_text_list",
    "rich_text_quote",
    "rich_text_section",
}
MESSAGE_TEXT = 13_200
UPDATE_TEXT, MRKDWN_TEXT, BUTTON_TEXT = 4000, 3000, 75


def problems_of(message: Message) -> list[str]:
    """Return what Slack would refuse."""
    json.dumps(message.blocks, ensure_ascii=False).encode("utf-8")
    return list(_problems(message))


def _problems(message: Message) -> Iterator[str]:
    if len(message.text) > UPDATE_TEXT:
        yield f"text of {len(message.text)} characters"
    parts = list(_parts(list(message.blocks)))
    if not 0 < len(message.blocks) <= MESSAGE_BLOCKS:
        yield f"{len(message.blocks)} blocks"
    characters = sum(len(part["text"]) for part in parts if isinstance(part.get("text"), str))
    if characters > MESSAGE_TEXT:
        yield f"{characters} characters in all blocks"
    tables = [block for block in message.blocks if block["type"] == "table"]
    if len(tables) > 1:
        yield "only one table allowed"
    for table in tables:
        yield from _table_problems(table)
    for part in parts:
        yield from _part_problems(part)


def _table_problems(table: dict[str, Any]) -> Iterator[str]:
    rows = table["rows"]
    if len(rows) > TABLE_ROWS or {len(row) for row in rows} != {len(rows[0])}:
        yield f"{len(rows)} rows, or rows of unequal length"
    if len(rows[0]) > TABLE_COLUMNS:
        yield f"{len(rows[0])} columns"
    if sum(len(part.get("text", "")) for part in _parts(rows)) > TABLE_CHARACTERS:
        yield "too many characters in the table"


def _part_problems(part: dict[str, Any]) -> Iterator[str]:
    text = part.get("text")
    if isinstance(text, str) and not text:
        yield f"empty text in {part}"
    if part.get("type") == "mrkdwn" and len(part["text"]) > MRKDWN_TEXT:
        yield "mrkdwn too long"
    if part.get("type") == "button" and len(part["text"]["text"]) > BUTTON_TEXT:
        yield "button too long"
    if part.get("type") in HOLDERS and not part.get("elements"):
        yield f"nothing in {part['type']}"


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _parts(item)
    if isinstance(value, list):
        for item in value:
            yield from _parts(item)
