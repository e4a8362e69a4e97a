"""All blocks that the double knows, and where each may stand."""

from collections.abc import Mapping
from dataclasses import replace

from bot.sandbox.slack.people import Json
from bot.sandbox.slack.validator.compositions import BLOCK_ID
from bot.sandbox.slack.validator.containers import RARE_BLOCKS, container
from bot.sandbox.slack.validator.elements import ELEMENTS, IMAGE_FIELDS, IMAGE_SOURCE
from bot.sandbox.slack.validator.inputs import ACCESSORIES, ACTIONS, ALL_ELEMENTS, INPUTS
from bot.sandbox.slack.validator.nodes import Choice, Flag, Items, Kinds, Node, Str
from bot.sandbox.slack.validator.records import Law, Record, Text, plain
from bot.sandbox.slack.validator.rich_text import RICH_TEXT
from bot.sandbox.slack.validator.tables import PLAN, TABLE, TASK_CARD


def _shows_something(section: Json) -> bool:
    return bool(section.get("text") or section.get("fields"))


SHOWS_SOMETHING = Law(
    constraint="text_or_fields", holds=_shows_something, message="text or fields are required"
)
CONTEXT_PARTS: Mapping[str, Node] = {
    "image": ELEMENTS["image"],
    "plain_text": Text(max=3000),
    "mrkdwn": Text(max=3000),
}

BARE_BLOCKS: Mapping[str, Record] = {
    "section": Record(
        name="section",
        optional={
            "text": Text(max=3000),
            "fields": Items(of=Text(max=2000), max=10, part=".each"),
            "accessory": Kinds(table=ALL_ELEMENTS, allowed=ACCESSORIES),
            "expand": Flag(),
        },
        laws=(SHOWS_SOMETHING,),
    ),
    "header": Record(name="header", required={"text": plain(150)}),
    "divider": Record(name="divider"),
    "context": Record(
        name="context",
        required={
            "elements": Items(
                of=Kinds(table=CONTEXT_PARTS, allowed=frozenset(CONTEXT_PARTS)), max=10
            )
        },
    ),
    "actions": Record(
        name="actions",
        required={"elements": Items(of=Kinds(table=ALL_ELEMENTS, allowed=ACTIONS), max=25)},
    ),
    "image": Record(
        name="image",
        required={"alt_text": Str(max=2000)},
        optional={**IMAGE_FIELDS, "title": plain(2000)},
        laws=(IMAGE_SOURCE,),
    ),
    "input": Record(
        name="input",
        required={"label": plain(2000), "element": Kinds(table=ALL_ELEMENTS, allowed=INPUTS)},
        optional={"hint": plain(2000), "optional": Flag(), "dispatch_action": Flag()},
    ),
    "rich_text": RICH_TEXT,
    "table": TABLE,
    "plan": PLAN,
    "task_card": TASK_CARD,
    "markdown": Record(name="markdown", required={"text": Str(max=12_000)}),
    "alert": Record(
        name="alert",
        required={"text": Text(max=3000)},
        optional={"level": Choice(("default", "info", "warning", "error", "success"))},
    ),
}


def _with_block_id(block: Record) -> Record:
    return replace(block, optional={**block.optional, "block_id": BLOCK_ID})


SIMPLE_BLOCKS: Mapping[str, Record] = {
    kind: _with_block_id(each) for kind, each in {**BARE_BLOCKS, **RARE_BLOCKS}.items()
}
BLOCKS: Mapping[str, Record] = {
    **SIMPLE_BLOCKS,
    "container": _with_block_id(container(SIMPLE_BLOCKS)),
}

MESSAGE_ONLY = frozenset(
    ["table", "plan", "task_card", "markdown", "context_actions", "file", "data_visualization"]
)
MODAL_ONLY = frozenset({"alert"})
CARDS = frozenset({"card", "carousel"})
IN_MESSAGES = frozenset(BLOCKS) - MODAL_ONLY
IN_MODALS = frozenset(BLOCKS) - MESSAGE_ONLY - CARDS
IN_HOMES = (IN_MODALS - MODAL_ONLY) | CARDS
