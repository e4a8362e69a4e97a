"""Rich text: sections, lists, quotes, and what may stand in a line."""

from collections.abc import Mapping

from bot.sandbox.slack.validator.compositions import BLOCK_ID, LINK_URL
from bot.sandbox.slack.validator.elements import CONVERSATION_ID, USER_ID
from bot.sandbox.slack.validator.nodes import Choice, Flag, Items, Kinds, Named, Node, Number, Str
from bot.sandbox.slack.validator.records import Record

STYLE = Record(
    name="style",
    optional={
        mark: Flag()
        for mark in (
            "bold",
            "italic",
            "strike",
            "code",
            "underline",
            "highlight",
            "client_highlight",
            "unlink",
        )
    },
)
STYLED: Mapping[str, Node] = {"style": STYLE}

INLINE: Mapping[str, Record] = {
    "text": Record(name="rich_text.text", required={"text": Str()}, optional=STYLED),
    "link": Record(
        name="link",
        required={"url": LINK_URL},
        optional={**STYLED, "text": Str(), "unsafe": Flag()},
    ),
    "user": Record(name="user", required={"user_id": USER_ID}, optional=STYLED),
    "usergroup": Record(
        name="usergroup",
        required={"usergroup_id": Str(form=r"S[A-Z0-9]+$")},
        optional=STYLED,
    ),
    "channel": Record(name="channel", required={"channel_id": CONVERSATION_ID}, optional=STYLED),
    "emoji": Record(
        name="emoji",
        required={"name": Str(form=r"[a-z0-9_+'-]+$")},
        optional={**STYLED, "unicode": Str(), "skin_tone": Number(min=1, max=6)},
    ),
    "date": Record(
        name="date",
        required={"timestamp": Number(min=0), "format": Str(form=r".*\{[a-z_]+\}")},
        optional={**STYLED, "url": LINK_URL, "fallback": Str()},
    ),
    "broadcast": Record(
        name="broadcast",
        required={"range": Choice(("here", "channel", "everyone"))},
        optional=STYLED,
    ),
    "color": Record(name="color", required={"value": Str(form=r"#[0-9A-Fa-f]{6}$")}),
}

LINE = Items(of=Kinds(table=INLINE, allowed=frozenset(INLINE)), min=0)
SECTION = Record(name="rich_text_section", required={"elements": LINE})
BORDER = Named("border", Number(min=0, max=1))

RICH_PARTS: Mapping[str, Record] = {
    "rich_text_section": SECTION,
    "rich_text_list": Record(
        name="rich_text_list",
        required={"style": Choice(("bullet", "ordered")), "elements": Items(of=SECTION)},
        optional={"indent": Number(min=0, max=8), "offset": Number(min=0), "border": BORDER},
    ),
    "rich_text_quote": Record(
        name="rich_text_quote", required={"elements": LINE}, optional={"border": BORDER}
    ),
    "rich_text_preformatted": Record(
        name="rich_text_preformatted",
        required={
            "elements": Items(of=Kinds(table=INLINE, allowed=frozenset({"text", "link"})), min=0)
        },
        optional={"border": BORDER, "language": Str()},
    ),
}

RICH_TEXT = Record(
    name="rich_text",
    required={"elements": Items(of=Kinds(table=RICH_PARTS, allowed=frozenset(RICH_PARTS)))},
    optional={"block_id": BLOCK_ID},
)
