"""The interactive elements and pictures that blocks hold."""

from collections.abc import Mapping

from bot.sandbox.slack.people import Json
from bot.sandbox.slack.validator.compositions import (
    CHOICE_OPTION,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    LINK_URL,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    WEB_URL,
)
from bot.sandbox.slack.validator.nodes import Choice, Flag, Items, Named, Node, Number, Str
from bot.sandbox.slack.validator.records import Law, Record, plain

ACTION: Mapping[str, Node] = {"action_id": Named("action_id", Str(max=255))}
PLACEHOLDER = Named("placeholder", plain(150))
MENU: Mapping[str, Node] = {
    **ACTION,
    "placeholder": PLACEHOLDER,
    "confirm": CONFIRM,
    "focus_on_load": Flag(),
}
USER_ID = Named("user_id", Str(form=r"[UW][A-Z0-9]+$"))
CONVERSATION_ID = Named("conversation_id", Str(form=r"[CDG][A-Z0-9]+$"))


def _all_options(menu: Json) -> list[Json]:
    groups = menu.get("option_groups") or []
    return [*(menu.get("options") or []), *(each for group in groups for each in group["options"])]


def _initial_is_offered(menu: Json) -> bool:
    initial = menu.get("initial_option")
    chosen = [initial] if initial else menu.get("initial_options", [])
    return all(option in _all_options(menu) for option in chosen)


def _has_one_source(holder: Json, names: tuple[str, str]) -> bool:
    return (holder.get(names[0]) is None) != (holder.get(names[1]) is None)


OFFERED = Law(
    constraint="initial_offered",
    holds=_initial_is_offered,
    message="what is selected at first must be among the options",
)
IMAGE_SOURCE = Law(
    constraint="one_source",
    holds=lambda image: _has_one_source(image, ("image_url", "slack_file")),
    message="image_url or slack_file",
)
MENU_SOURCE = Law(
    constraint="one_source",
    holds=lambda menu: _has_one_source(menu, ("options", "option_groups")),
    message="options or option_groups",
)
LENGTHS = Law(
    constraint="length_range",
    holds=lambda field: field.get("min_length", 0) <= field.get("max_length", 3000),
    message="min_length is above max_length",
)

IMAGE_FIELDS: Mapping[str, Node] = {"image_url": WEB_URL, "slack_file": SLACK_FILE}

ELEMENTS: Mapping[str, Record] = {
    "button": Record(
        name="button",
        required={"text": plain(75)},
        optional={
            **ACTION,
            "url": LINK_URL,
            "value": Str(max=2000),
            "style": Choice(("primary", "danger")),
            "confirm": CONFIRM,
            "accessibility_label": Str(max=75),
        },
    ),
    "overflow": Record(
        name="overflow",
        required={"options": Items(of=OVERFLOW_OPTION, max=5)},
        optional={**ACTION, "confirm": CONFIRM},
    ),
    "static_select": Record(
        name="static_select",
        optional={
            **MENU,
            "options": Items(of=OPTION, max=100),
            "option_groups": Items(of=OPTION_GROUP, max=100),
            "initial_option": OPTION,
        },
        laws=(MENU_SOURCE, OFFERED),
    ),
    "external_select": Record(
        name="external_select",
        optional={**MENU, "initial_option": OPTION, "min_query_length": Number(min=0)},
    ),
    "users_select": Record(name="users_select", optional={**MENU, "initial_user": USER_ID}),
    "conversations_select": Record(
        name="conversations_select",
        optional={
            **MENU,
            "initial_conversation": CONVERSATION_ID,
            "default_to_current_conversation": Flag(),
            "response_url_enabled": Flag(),
            "filter": CONVERSATION_FILTER,
        },
    ),
    "plain_text_input": Record(
        name="plain_text_input",
        optional={
            **ACTION,
            "placeholder": PLACEHOLDER,
            "focus_on_load": Flag(),
            "initial_value": Str(max=3000, min=0),
            "multiline": Flag(),
            "min_length": Number(min=0, max=3000),
            "max_length": Number(min=1, max=3000),
            "dispatch_action_config": DISPATCH,
        },
        laws=(LENGTHS,),
    ),
    "radio_buttons": Record(
        name="radio_buttons",
        required={"options": Items(of=CHOICE_OPTION, max=10)},
        optional={
            **ACTION,
            "initial_option": CHOICE_OPTION,
            "confirm": CONFIRM,
            "focus_on_load": Flag(),
        },
        laws=(OFFERED,),
    ),
    "checkboxes": Record(
        name="checkboxes",
        required={"options": Items(of=CHOICE_OPTION, max=10)},
        optional={
            **ACTION,
            "initial_options": Items(of=CHOICE_OPTION, max=10),
            "confirm": CONFIRM,
            "focus_on_load": Flag(),
        },
        laws=(OFFERED,),
    ),
    "image": Record(
        name="image",
        required={"alt_text": Str(max=2000)},
        optional=IMAGE_FIELDS,
        laws=(IMAGE_SOURCE,),
    ),
}
