"""What the client itself says of the inputs of a modal, before the app hears of them."""

import re
from collections.abc import Mapping

from bot.sandbox.slack.messages import all_blocks
from bot.sandbox.slack.modals import STATE_KEYS, View
from bot.sandbox.slack.people import Json

# Element type: form of its value, complaint about another.
FORMS: Mapping[str, tuple[str, str]] = {
    "email_text_input": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Please enter a valid email address."),
    "url_text_input": (r"https?://\S+", "Please enter a valid URL."),
    "number_input": (r"-?\d+(\.\d+)?", "Please enter a number."),
}


def missing_inputs(view: View, values: Json) -> dict[str, str]:
    """Return Slack's own complaint per input block that must be filled and is not."""
    errors = {}
    for block in all_blocks(view.blocks):
        if block["type"] != "input":
            continue
        element = block["element"]
        entry = values[block["block_id"]][element["action_id"]]
        held = entry[STATE_KEYS[element["type"]][0]]
        complaint = complaint_about(element, held, optional=bool(block.get("optional")))
        if complaint:
            errors[block["block_id"]] = complaint
    return errors


def complaint_about(element: Json, held: object, *, optional: bool) -> str | None:
    """Return what the client says about one input's value, None when it is fine."""
    if held in (None, "", []):
        return None if optional else "Please complete this required field."
    form, complaint = FORMS.get(element["type"], ("", ""))
    if form and not re.fullmatch(form, str(held)):
        return complaint
    if element["type"] == "number_input":
        return _complaint_about_number(element, float(str(held)))
    return _complaint_about_length(element, held)


def _complaint_about_number(element: Json, held: float) -> str | None:
    if not element["is_decimal_allowed"] and held % 1:
        return "Please enter a whole number."
    if held < float(element.get("min_value", held)):
        return f"Please enter a number that is at least {element['min_value']}."
    if held > float(element.get("max_value", held)):
        return f"Please enter a number that is at most {element['max_value']}."
    return None


def _complaint_about_length(element: Json, held: object) -> str | None:
    if isinstance(held, str) and len(held) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if isinstance(held, str) and len(held) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return None
