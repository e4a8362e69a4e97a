"""What touching an element sets: the picked option, the typed text, the pressed button."""

from typing import assert_never

from bot.sandbox.slack.errors import HumanError
from bot.sandbox.slack.modals import STATE_KEYS
from bot.sandbox.slack.people import Json

Value = str | list[str] | None

BUTTON_KEYS = ("text", "value", "style", "url")
BUTTON_TYPES = frozenset({"button", "icon_button", "feedback_buttons"})
OPTION_TYPES = frozenset({"overflow", "static_select", "radio_buttons", "external_select"})
OPTIONS_TYPES = frozenset({"checkboxes", "multi_static_select", "multi_external_select"})
EXTERNAL_TYPES = frozenset({"external_select", "multi_external_select"})


def touch(element: Json, value: Value, offered: list[Json]) -> Json:
    """Return the keys that a payload's action gets from one touch.

    Args:
        element: The element as the app defined it.
        value: What the person picked or typed.
        offered: The options that the app last suggested for a menu with external data.
    """
    kind = element["type"]
    if kind in BUTTON_TYPES:
        button = _pressed(element, value)
        return {str(key): button[key] for key in BUTTON_KEYS if key in button}
    options = offered if kind in EXTERNAL_TYPES else options_of(element)
    if kind in OPTION_TYPES:
        return {"selected_option": _option(options, value)}
    if kind in OPTIONS_TYPES:
        return {"selected_options": [_option(options, each) for each in _many(value)]}
    key, _, empty = STATE_KEYS[kind]
    return {key: _many(value) if empty == [] else value}


def options_of(element: Json) -> list[Json]:
    """Return all options of a menu, those in groups included."""
    options: list[Json] = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options += group["options"]
    return options


def _pressed(element: Json, value: Value) -> Json:
    """Return the button itself, or the one of two for feedback that has the value."""
    if element["type"] != "feedback_buttons":
        return element
    return _option([element["positive_button"], element["negative_button"]], value)


def _option(options: list[Json], value: Value) -> Json:
    for option in options:
        if option.get("value") == value:
            return option
    raise HumanError("option_not_found")


def _many(value: Value) -> list[str]:
    match value:
        case None:
            return []
        case str():
            return [value]
        case list():
            return value
        case _:
            assert_never(value)
