"""Whole messages, modals and home tabs: each block by itself, then what holds between them."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping

from bot.sandbox.slack.messages import all_blocks, elements_of
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.validator.blocks import BLOCKS, IN_HOMES, IN_MESSAGES, IN_MODALS
from bot.sandbox.slack.validator.nodes import Flag, Items, Kinds, Node, Str
from bot.sandbox.slack.validator.problems import (
    UNKNOWN_FIELD,
    UNKNOWN_TYPE,
    WRONG_TYPE,
    Problem,
    Spot,
)
from bot.sandbox.slack.validator.records import Law, Record, plain
from bot.sandbox.slack.validator.tables import texts_in

# Undocumented, met in practice: bolt-js issue 2509 was refused at about this many characters.
MESSAGE_CHARACTERS = 13_200
MARKDOWN_CHARACTERS = 12_000
# Slack: a view may have 250 KB.
VIEW_BYTES = 250_000

MESSAGE_BLOCKS = Items(of=Kinds(table=BLOCKS, allowed=IN_MESSAGES), max=50, min=0)
TABLE_RULE, CHARTS_RULE = "message.tables", "message.charts"
CHART_LIMIT = 2
LENGTH_RULE, MARKDOWN_RULE, SIZE_RULE = "message.characters", "message.markdown", "view.size"
BLOCK_ID_RULE, ACTION_ID_RULE = "blocks.unique_block_ids", "blocks.unique_action_ids"

COMMON: Mapping[str, Node] = {
    "private_metadata": Str(max=3000, min=0),
    "callback_id": Str(max=255, min=0),
    "external_id": Str(max=255, min=0),
}


def _can_be_sent(modal: Json) -> bool:
    has_input = any(block["type"] == "input" for block in all_blocks(modal["blocks"]))
    return bool(modal.get("submit")) or not has_input


def _has_one_focus(view: Json) -> bool:
    elements = [element for block in all_blocks(view["blocks"]) for element in elements_of(block)]
    return sum(bool(element.get("focus_on_load")) for element in elements) <= 1


FOCUS = Law(constraint="one_focus", holds=_has_one_focus, message="two elements take the focus")
VIEWS: Mapping[str, Record] = {
    "modal": Record(
        name="modal",
        required={
            "title": plain(24),
            "blocks": Items(of=Kinds(table=BLOCKS, allowed=IN_MODALS), max=100, min=0),
        },
        optional={
            **COMMON,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": Flag(),
            "notify_on_close": Flag(),
            "submit_disabled": Flag(),
        },
        laws=(
            Law(constraint="submit_with_input", holds=_can_be_sent, message="needs submit"),
            FOCUS,
        ),
    ),
    "home": Record(
        name="home",
        required={"blocks": Items(of=Kinds(table=BLOCKS, allowed=IN_HOMES), max=100, min=0)},
        optional=COMMON,
        laws=(FOCUS,),
    ),
}
ANY_VIEW = Kinds(table=VIEWS, allowed=frozenset(VIEWS))


def validate_message(blocks: object) -> list[Problem]:
    """Return all that Slack would refuse in a message's blocks."""
    problems = list(MESSAGE_BLOCKS.check(blocks, Spot(rule="message.blocks")))
    if problems or not isinstance(blocks, list):
        return problems
    return [*_clashes(blocks, ""), *_sums(blocks)]


def validate_view(view: object) -> list[Problem]:
    """Return all that Slack would refuse in a view."""
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        return [Problem(pointer="", code=SIZE_RULE, message=f"more than {VIEW_BYTES} bytes")]
    problems = list(ANY_VIEW.check(view, Spot(rule="view")))
    if problems or not isinstance(view, dict):
        return problems
    return list(_clashes(view["blocks"], "/blocks"))


def all_rules() -> frozenset[str]:
    """Return the code of every rule that the validator knows."""
    between = {
        TABLE_RULE,
        CHARTS_RULE,
        LENGTH_RULE,
        MARKDOWN_RULE,
        SIZE_RULE,
        BLOCK_ID_RULE,
        ACTION_ID_RULE,
    }
    everywhere = {WRONG_TYPE, UNKNOWN_FIELD, UNKNOWN_TYPE}
    surfaces = {*MESSAGE_BLOCKS.rules("message.blocks"), *ANY_VIEW.rules("view")}
    return frozenset(between | everywhere | surfaces)


def _sums(blocks: list[Json]) -> Iterator[Problem]:
    kinds = [block["type"] for block in blocks]
    if kinds.count("table") > 1:
        second = [index for index, kind in enumerate(kinds) if kind == "table"][1]
        yield Problem(pointer=f"/{second}", code=TABLE_RULE, message="a message holds one table")
    if kinds.count("data_visualization") > CHART_LIMIT:
        yield Problem(pointer="", code=CHARTS_RULE, message=f"more than {CHART_LIMIT} charts")
    markdown = [block for block in blocks if block["type"] == "markdown"]
    if sum(map(len, texts_in(markdown))) > MARKDOWN_CHARACTERS:
        message = f"more than {MARKDOWN_CHARACTERS} characters of markdown"
        yield Problem(pointer="", code=MARKDOWN_RULE, message=message)
    elif sum(map(len, texts_in(blocks))) > MESSAGE_CHARACTERS:
        message = f"more than {MESSAGE_CHARACTERS} characters in all blocks"
        yield Problem(pointer="", code=LENGTH_RULE, message=message)


def _clashes(blocks: list[Json], base: str) -> Iterator[Problem]:
    for index in _repeated([block.get("block_id") for block in blocks]):
        pointer = f"{base}/{index}/block_id"
        yield Problem(pointer=pointer, code=BLOCK_ID_RULE, message="this block_id came before")
    for index, block in enumerate(blocks):
        if _repeated([element.get("action_id") for element in elements_of(block)]):
            pointer = f"{base}/{index}"
            yield Problem(pointer=pointer, code=ACTION_ID_RULE, message="two elements, one id")


def _repeated(ids: list[str | None]) -> list[int]:
    seen: Counter[str | None] = Counter()
    again = []
    for index, each in enumerate(ids):
        if each is not None and seen[each]:
            again.append(index)
        seen[each] += 1
    return again
