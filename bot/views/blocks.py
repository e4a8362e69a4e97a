"""Blocks that several messages share: the grey line, buttons, tables."""

from collections.abc import Collection, Iterable, Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    InteractiveElement,
    MarkdownTextObject,
    RawTextObject,
    RichTextBlock,
    TableBlock,
)

from bot.views.ids import ActionId
from bot.views.message import Block
from bot.views.texts import one_line, shorten, visible

MESSAGE_CHARACTERS = 13_200
"""All texts of one message, the table's too: more was refused (bolt-js issue 2509)."""
BUTTON_LIMIT = 75
CONTEXT_LIMIT = 3000
TABLE_ROWS = 50
"""Rows that a table of ours shows; Slack takes 100 rows and 10,000 characters a table."""
_TABLE_CHARACTERS = 9000

Cell = str | RichTextBlock


def characters(part: object) -> int:
    """Return how many characters of text are in blocks, or in any part of them."""
    if isinstance(part, dict):
        return sum(
            len(value) if key == "text" and isinstance(value, str) else characters(value)
            for key, value in part.items()
        )
    return sum(map(characters, part)) if isinstance(part, list | tuple) else 0


def grey(*facts: str) -> Block:
    """Return the small line under a headline, of mrkdwn facts that are escaped already."""
    line = shorten(" · ".join(fact for fact in facts if fact), CONTEXT_LIMIT)
    block: Block = ContextBlock(elements=[MarkdownTextObject(text=line)]).to_dict()
    return block


def button(
    label: str,
    action: ActionId,
    key: str,
    *,
    is_primary: bool = False,
    confirm: ConfirmObject | None = None,
) -> ButtonElement:
    """Return a button that carries the key of a stored card and nothing else."""
    return ButtonElement(
        text=one_line(label, BUTTON_LIMIT),
        action_id=action,
        value=key,
        style="primary" if is_primary else None,
        confirm=confirm,
    )


def ask_first(title: str, question: str, yes: str) -> ConfirmObject:
    """Return the question before something that cannot be undone."""
    return ConfirmObject(
        title=one_line(title, 100), text=shorten(question, 300), confirm=yes, deny="Not now"
    )


def actions(key: str, elements: Sequence[InteractiveElement]) -> list[Block]:
    """Return the row of buttons; its ``block_id`` is the card's key, without one there is none."""
    if not (key and elements):
        return []
    block: Block = ActionsBlock(block_id=key, elements=list(elements)).to_dict()
    return [block]


def table(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], figures: Collection[int] = ()
) -> list[Block]:
    """Return a table of as many rows as Slack takes, or nothing when there are none.

    Args:
        header: The first row.
        rows: The others, each as long as the header.
        figures: Columns of figures, counted from 0; they stand to the right.
    """
    shown = fitting(rows)
    if not shown:
        return []
    cells = [[_cell(cell) for cell in row] for row in (header, *shown)]
    settings = [
        {"is_wrapped": True, "align": "right" if column in figures else "left"}
        for column in range(len(header))
    ]
    block: Block = TableBlock(rows=cells, column_settings=settings).to_dict()
    return [block]


def fitting(rows: Iterable[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """Return the first rows, as many as one table holds."""
    shown: list[Sequence[Cell]] = []
    left = _TABLE_CHARACTERS
    for row in rows:
        left -= sum(min(len(cell), 200) if isinstance(cell, str) else 80 for cell in row)
        if left < 0 or len(shown) == TABLE_ROWS:
            break
        shown.append(row)
    return shown


def _cell(cell: Cell) -> RawTextObject | RichTextBlock:
    if isinstance(cell, str):
        return RawTextObject(text=visible(one_line(cell, 200)) or "–")
    return cell
