"""Table blocks, and the task cards and plans that show progress."""

from collections.abc import Iterator, Mapping

from bot.sandbox.slack.people import Json
from bot.sandbox.slack.validator.compositions import BLOCK_ID, LINK_URL
from bot.sandbox.slack.validator.nodes import (
    Choice,
    Flag,
    Items,
    Kinds,
    Node,
    Nullable,
    Number,
    Str,
)
from bot.sandbox.slack.validator.records import Law, Record
from bot.sandbox.slack.validator.rich_text import RICH_TEXT

# Clients stop drawing a table beyond this many characters.
TABLE_CHARACTERS = 10_000

CELLS: Mapping[str, Record] = {
    "raw_text": Record(name="raw_text", required={"text": Str()}),
    "raw_number": Record(
        name="raw_number", required={"value": Number(fraction=True), "text": Str()}
    ),
    "rich_text": RICH_TEXT,
}
COLUMN = Record(
    name="column_settings",
    optional={"align": Choice(("left", "center", "right")), "is_wrapped": Flag()},
)


def texts_in(part: object) -> Iterator[str]:
    """Yield every string under a `text` key, however deep."""
    if isinstance(part, list):
        for item in part:
            yield from texts_in(item)
    elif isinstance(part, dict):
        for key, value in part.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from texts_in(value)


def _fits(table: Json) -> bool:
    return sum(map(len, texts_in(table["rows"]))) <= TABLE_CHARACTERS


ROW = Items(of=Kinds(table=CELLS, allowed=frozenset(CELLS)), max=20)
TABLE = Record(
    name="table",
    required={"rows": Items(of=ROW, max=100, part=".cells")},
    optional={"column_settings": Items(of=Nullable(COLUMN), max=20, min=0)},
    laws=(
        Law(constraint="characters", holds=_fits, message=f"more than {TABLE_CHARACTERS} in all"),
    ),
)


def _is_even(table: Json) -> bool:
    return len({len(row) for row in table["rows"]}) == 1


def _has_plain_header(table: Json) -> bool:
    return all(cell["type"] != "rich_text" for cell in table["rows"][0])


# Sources differ on 101 or 201 rows and 10,000 or 20,000 characters; the smaller is safe.
DATA_TABLE = Record(
    name="data_table",
    required={"caption": Str(), "rows": Items(of=ROW, min=2, max=101, part=".cells")},
    optional={
        "page_size": Number(min=1, max=100),
        "row_header_column_index": Number(min=0, max=19),
    },
    laws=(
        Law(constraint="even", holds=_is_even, message="rows differ in length"),
        Law(constraint="header", holds=_has_plain_header, message="no rich_text in the header"),
        Law(constraint="characters", holds=_fits, message=f"more than {TABLE_CHARACTERS} in all"),
    ),
)

SOURCE: Mapping[str, Node] = {
    "url": Record(name="source", required={"url": LINK_URL, "text": Str()})
}
STATUSES = ("pending", "in_progress", "complete", "error")
TASK_CARD = Record(
    name="task_card",
    required={"task_id": Str(), "title": Str(), "status": Choice(STATUSES)},
    optional={
        "details": Kinds(table={"rich_text": RICH_TEXT}, allowed=frozenset({"rich_text"})),
        "output": Kinds(table={"rich_text": RICH_TEXT}, allowed=frozenset({"rich_text"})),
        "sources": Items(of=Kinds(table=SOURCE, allowed=frozenset(SOURCE)), min=0),
        "block_id": BLOCK_ID,
    },
)


PLAN = Record(
    name="plan",
    required={"title": Str()},
    optional={
        "tasks": Items(
            of=Kinds(table={"task_card": TASK_CARD}, allowed=frozenset({"task_card"})), min=0
        )
    },
)
