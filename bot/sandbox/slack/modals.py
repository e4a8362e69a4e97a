"""Modals and home tabs: their identity, their stack and what people filled in."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.sandbox.slack.messages import all_blocks, elements_of, with_ids
from bot.sandbox.slack.people import APP_ID, BOT_ID, TEAM_ID, Json

# Slack's views.push page: a modal stack holds the root and two more.
STACK_LIMIT = 3

# Element type: key of its value in view.state, key of its initial value, value when untouched.
STATE_KEYS: Mapping[str, tuple[str, str, object]] = {
    "plain_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "radio_buttons": ("selected_option", "initial_option", None),
    "checkboxes": ("selected_options", "initial_options", []),
    "users_select": ("selected_user", "initial_user", None),
    "multi_users_select": ("selected_users", "initial_users", []),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "file_input": ("files", "initial_files", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
}

PASSED_ON = (
    "title",
    "submit",
    "close",
    "private_metadata",
    "callback_id",
    "external_id",
    "clear_on_close",
    "notify_on_close",
    "submit_disabled",
)
DEFAULTS: Json = {
    "title": None,
    "submit": None,
    "close": None,
    "private_metadata": "",
    "callback_id": "",
    "external_id": "",
    "clear_on_close": False,
    "notify_on_close": False,
    "submit_disabled": False,
}


@dataclass(slots=True, kw_only=True)
class View:
    """A modal on somebody's screen, or a person's home tab."""

    id: str
    user: str
    type: str
    definition: Json
    hash: str
    values: Json
    root_view_id: str
    previous_view_id: str | None = None
    states: list[list[Json]] = field(default_factory=list)

    @property
    def blocks(self) -> list[Json]:
        """Return the blocks as stored, with their ids."""
        blocks: list[Json] = self.definition["blocks"]
        return blocks

    @property
    def external_id(self) -> str:
        """Return the app's own id of this view; empty when it gave none."""
        return str(self.definition.get("external_id", ""))

    def redefine(self, definition: Json) -> None:
        """Show other blocks, keep what was filled in where ids and types are the same."""
        before = self.values
        self.definition = definition | {"blocks": with_ids(definition["blocks"])}
        self.states.append(self.blocks)
        self.hash = fresh_hash()
        self.values = initial_values(self.blocks)
        for block_id, inputs in self.values.items():
            for action_id, value in inputs.items():
                kept = before.get(block_id, {}).get(action_id)
                if kept and kept["type"] == value["type"]:
                    inputs[action_id] = kept

    def to_slack(self) -> Json:
        """Return the view object of payloads and answers."""
        shown: Json = {"id": self.id, "team_id": TEAM_ID, "type": self.type, "blocks": self.blocks}
        shown |= {key: self.definition.get(key, DEFAULTS[key]) for key in PASSED_ON}
        return shown | {
            "state": {"values": self.values},
            "hash": self.hash,
            "root_view_id": self.root_view_id,
            "previous_view_id": self.previous_view_id,
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }


def fresh_hash() -> str:
    """Return a hash that no view had before."""
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"


def new_view(definition: Json, user: str, below: View | None = None) -> View:
    """Build the view that `definition` asks for, on top of `below` if given."""
    view_id = f"V{secrets.token_hex(5).upper()}"
    view = View(
        id=view_id,
        user=user,
        type=definition["type"],
        definition=definition,
        hash="",
        values={},
        root_view_id=below.root_view_id if below else view_id,
        previous_view_id=below.id if below else None,
    )
    view.redefine(definition)
    return view


def initial_values(blocks: list[Json]) -> Json:
    """Return view.state.values of a view nobody touched."""
    values: Json = {}
    for block in all_blocks(blocks):
        for element in elements_of(block):
            if element["type"] in STATE_KEYS:
                held = values.setdefault(block["block_id"], {})
                held[element["action_id"]] = initial_value(element)
    return values


def initial_value(element: Json) -> Json:
    """Return an element's untouched entry of view.state."""
    key, initial, empty = STATE_KEYS[element["type"]]
    return {"type": element["type"], key: element.get(initial, empty)}
