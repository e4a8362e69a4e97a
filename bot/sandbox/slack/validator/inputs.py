"""The rarer elements: pickers, fields for one kind of value, multi-selects, icons and feedback."""

from collections.abc import Mapping

from bot.sandbox.slack.people import Json
from bot.sandbox.slack.validator.compositions import (
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    OPTION,
    OPTION_GROUP,
    WEB_URL,
)
from bot.sandbox.slack.validator.elements import (
    ACTION,
    CONVERSATION_ID,
    ELEMENTS,
    MENU,
    MENU_SOURCE,
    OFFERED,
    PLACEHOLDER,
    USER_ID,
)
from bot.sandbox.slack.validator.nodes import Choice, Flag, Items, Named, Node, Number, Str
from bot.sandbox.slack.validator.records import Law, Record, plain
from bot.sandbox.slack.validator.rich_text import RICH_TEXT

DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
TIME = r"([01]\d|2[0-3]):[0-5]\d$"
NUMERAL = Named("numeral", Str(form=r"-?\d+(\.\d+)?$"))
CHANNEL_ID = Named("channel_id", Str(form=r"C[A-Z0-9]+$"))
FIELD: Mapping[str, Node] = {
    **ACTION,
    "placeholder": PLACEHOLDER,
    "focus_on_load": Flag(),
    "dispatch_action_config": DISPATCH,
}
MULTI: Mapping[str, Node] = {
    **MENU,
    "max_selected_items": Named("max_selected_items", Number(min=1)),
}
INITIAL_OPTIONS = Named("initial_options", Items(of=OPTION, max=100))
LABELLED: Mapping[str, Node] = {
    "accessibility_label": Named("accessibility_label", Str(max=75)),
}
VALUE = Named("value", Str(max=2000))


def _selects_no_more(menu: Json) -> bool:
    limit: int = menu.get("max_selected_items", 100)
    return len(menu.get("initial_options", [])) <= limit


def _is_range(field: Json) -> bool:
    low, high = field.get("min_value"), field.get("max_value")
    return low is None or high is None or float(low) <= float(high)


SELECTED = Law(
    constraint="selected", holds=_selects_no_more, message="selects more than max_selected_items"
)
FEEDBACK = Record(
    name="feedback_button",
    required={"text": plain(75), "value": VALUE},
    optional=LABELLED,
)

MORE_ELEMENTS: Mapping[str, Record] = {
    "channels_select": Record(
        name="channels_select",
        optional={**MENU, "initial_channel": CHANNEL_ID, "response_url_enabled": Flag()},
    ),
    "multi_static_select": Record(
        name="multi_static_select",
        optional={
            **MULTI,
            "options": Items(of=OPTION, max=100),
            "option_groups": Items(of=OPTION_GROUP, max=100),
            "initial_options": INITIAL_OPTIONS,
        },
        laws=(MENU_SOURCE, OFFERED, SELECTED),
    ),
    "multi_external_select": Record(
        name="multi_external_select",
        optional={
            **MULTI,
            "initial_options": INITIAL_OPTIONS,
            "min_query_length": Number(min=0),
        },
        laws=(SELECTED,),
    ),
    "multi_users_select": Record(
        name="multi_users_select", optional={**MULTI, "initial_users": Items(of=USER_ID)}
    ),
    "multi_conversations_select": Record(
        name="multi_conversations_select",
        optional={
            **MULTI,
            "initial_conversations": Items(of=CONVERSATION_ID),
            "default_to_current_conversation": Flag(),
            "filter": CONVERSATION_FILTER,
        },
    ),
    "multi_channels_select": Record(
        name="multi_channels_select", optional={**MULTI, "initial_channels": Items(of=CHANNEL_ID)}
    ),
    "datepicker": Record(name="datepicker", optional={**MENU, "initial_date": Str(form=DATE)}),
    "timepicker": Record(
        name="timepicker", optional={**MENU, "initial_time": Str(form=TIME), "timezone": Str()}
    ),
    "datetimepicker": Record(
        name="datetimepicker",
        optional={
            **ACTION,
            "confirm": CONFIRM,
            "focus_on_load": Flag(),
            "initial_date_time": Number(min=0, max=9_999_999_999),
        },
    ),
    "number_input": Record(
        name="number_input",
        required={"is_decimal_allowed": Flag()},
        optional={
            **FIELD,
            "initial_value": NUMERAL,
            "min_value": NUMERAL,
            "max_value": NUMERAL,
        },
        laws=(Law(constraint="range", holds=_is_range, message="min_value is above max_value"),),
    ),
    "email_text_input": Record(
        name="email_text_input", optional={**FIELD, "initial_value": Str(form=r"\S+@\S+$")}
    ),
    "url_text_input": Record(name="url_text_input", optional={**FIELD, "initial_value": WEB_URL}),
    "rich_text_input": Record(
        name="rich_text_input",
        optional={
            **FIELD,
            "initial_value": RICH_TEXT,
            "min_lines": Number(min=1),
            "max_lines": Number(min=1),
        },
    ),
    "file_input": Record(
        name="file_input",
        optional={
            **ACTION,
            "filetypes": Items(of=Str(), part=".each"),
            "max_files": Number(min=1, max=10),
        },
    ),
    "feedback_buttons": Record(
        name="feedback_buttons",
        required={"positive_button": FEEDBACK, "negative_button": FEEDBACK},
        optional=ACTION,
    ),
    "icon_button": Record(
        name="icon_button",
        required={"icon": Choice(("trash",)), "text": plain(75)},
        optional={
            **ACTION,
            **LABELLED,
            "value": VALUE,
            "visible_to_user_ids": Items(of=USER_ID, max=10),
            "confirm": CONFIRM,
        },
    ),
}

ALL_ELEMENTS: Mapping[str, Record] = {**ELEMENTS, **MORE_ELEMENTS}
FOOTNOTES = frozenset({"feedback_buttons", "icon_button"})
TYPED = frozenset(
    {"plain_text_input", "number_input", "email_text_input", "url_text_input", "file_input"}
)
INPUTS = frozenset(ALL_ELEMENTS) - FOOTNOTES - {"button", "overflow", "image"}
ACTIONS = (INPUTS - TYPED) | {"button", "overflow"}
ACCESSORIES = (ACTIONS - {"rich_text_input", "datetimepicker"}) | {"image"}
