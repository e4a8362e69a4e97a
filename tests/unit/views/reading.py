"""Reads a message as a person would: its words, line by line."""

from collections.abc import Iterator
from typing import Any

from bot.views.message import Message

LINES = {"rich_text_section", "rich_text_quote"}
ROWS = {"context", "actions"}


def words_of(message: Message) -> str:
    """Return what a message shows, one line for each paragraph, list item, row and button."""
    return "\n".join(line for block in message.blocks for line in _lines(block))


def words_of_view(view: dict[str, Any]) -> str:
    """Return what a modal shows."""
    return "\n".join(line for block in view["blocks"] for line in _lines(block))


def actions_of(message: Message) -> list[str]:
    """Return the action ids of a message's elements, in order."""
    elements = (e for block in message.blocks for e in block.get("elements", []))
    return [element["action_id"] for element in elements if "action_id" in element]


def _lines(part: dict[str, Any]) -> Iterator[str]:
    match part["type"]:
        case "table":
            yield from _rows(part)
        case "plan":
            yield from _steps(part)
        case "input":
            yield f"{part['label']['text']}: ____"
        case "section":
            yield part["text"]["text"]
        case _:
            yield from _text_lines(part)


def _text_lines(part: dict[str, Any]) -> Iterator[str]:
    shown = part["elements"]
    if part["type"] in LINES:
        yield "".join(_inline(element) for element in shown)
    elif part["type"] in ROWS:
        yield " | ".join(_inline(element) for element in shown)
    else:
        for element in shown:
            yield from _lines(element)


def _rows(table: dict[str, Any]) -> Iterator[str]:
    for row in table["rows"]:
        yield " | ".join(cell["text"] if "text" in cell else next(_lines(cell)) for cell in row)


def _steps(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["title"]
    for task in plan["tasks"]:
        detail = " ".join(_lines(task["details"])) if "details" in task else ""
        yield f"[{task['status']}] {task['title']} {detail}".rstrip()


def _inline(element: dict[str, Any]) -> str:
    match element["type"]:
        case "user" | "usergroup" as kind:
            return f"@{element[f'{kind}_id']}"
        case "date":
            return str(element["fallback"])
        case "button":
            return f"[{element['text']['text']}]"
        case "overflow":
            return " ".join(f"⋯{option['text']['text']}" for option in element["options"])
        case _:
            return str(element["text"])
