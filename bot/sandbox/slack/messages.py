"""Messages with every state they ever had, in the order in which they were sent."""

import copy
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox.slack.people import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID, Json

INTERACTIVE_HOLDERS = ("elements", "accessory", "element", "actions")
INTERACTIVE_TYPES = frozenset(
    {
        "button",
        "overflow",
        "static_select",
        "external_select",
        "users_select",
        "conversations_select",
        "channels_select",
        "multi_static_select",
        "multi_external_select",
        "multi_users_select",
        "multi_conversations_select",
        "multi_channels_select",
        "plain_text_input",
        "rich_text_input",
        "file_input",
        "feedback_buttons",
        "icon_button",
        "number_input",
        "email_text_input",
        "url_text_input",
        "radio_buttons",
        "checkboxes",
        "datepicker",
        "timepicker",
        "datetimepicker",
    }
)


@dataclass(slots=True, kw_only=True)
class Message:
    """One message, public or for one person's eyes, with all its former blocks."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    addressee: str | None = None
    edited: Json | None = None
    metadata: Json | None = None
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    is_deleted: bool = False
    is_broadcast: bool = False
    states: list[list[Json]] = field(default_factory=list)

    @property
    def is_by_bot(self) -> bool:
        """Tell whether the bot wrote it."""
        return self.user == BOT_USER_ID

    @property
    def is_reply(self) -> bool:
        """Tell whether it shows in a thread only."""
        return self.thread_ts not in (None, self.ts) and not self.is_broadcast

    def show(self, blocks: list[Json]) -> None:
        """Replace the blocks and remember them as a state that somebody may still see."""
        self.blocks = with_ids(blocks)
        self.states.append(self.blocks)

    def to_slack(self) -> Json:
        """Return the message object of the Web API, without metadata and files."""
        shown: Json = {
            "type": "message",
            "user": self.user,
            "text": self.text,
            "ts": self.ts,
            "team": TEAM_ID,
        }
        if self.is_by_bot:
            shown |= {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": bot_profile()}
        if self.blocks:
            shown["blocks"] = self.blocks
        if self.thread_ts:
            shown["thread_ts"] = self.thread_ts
        if self.edited:
            shown["edited"] = self.edited
        return shown


def bot_profile() -> Json:
    """Return the profile that Slack adds to a bot's messages."""
    return {
        "id": BOT_ID,
        "app_id": APP_ID,
        "name": "herald",
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": TEAM_ID,
    }


def all_blocks(blocks: list[Json]) -> Iterator[Json]:
    """Yield blocks and those inside them: a container's children, a carousel's cards."""
    for block in blocks:
        yield block
        cards = [each for each in block.get("elements", []) if each.get("type") == "card"]
        yield from all_blocks([*block.get("child_blocks", []), *cards])


def elements_of(block: Json) -> Iterator[Json]:
    """Yield the interactive elements that a block holds."""
    for holder in INTERACTIVE_HOLDERS:
        held = block.get(holder)
        for element in held if isinstance(held, list) else [held]:
            if isinstance(element, dict) and element.get("type") in INTERACTIVE_TYPES:
                yield element


def with_ids(blocks: list[Json]) -> list[Json]:
    """Return a copy in which every block and interactive element has an id, as Slack stores it."""
    named = copy.deepcopy(blocks)
    for block in all_blocks(named):
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in elements_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return named


def find_element(
    blocks: list[Json], action_id: str, block_id: str | None
) -> tuple[Json, Json] | None:
    """Return (block, element) of the first element with that action id."""
    for block in all_blocks(blocks):
        if block_id is not None and block.get("block_id") != block_id:
            continue
        for element in elements_of(block):
            if element.get("action_id") == action_id:
                return block, element
    return None
