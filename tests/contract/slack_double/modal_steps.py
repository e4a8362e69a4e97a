"""A modal that asks for a reason, and how tests open and see it."""

from typing import Any

from tests.contract.slack_double.double import Double, Json
from tests.contract.slack_double.sound_blocks import plain

RITA = "U0REQUESTER"


def modal(title: str = "Reject", **changes: Any) -> Json:
    reason = {"type": "plain_text_input", "action_id": "text", "max_length": 20}
    blocks = [{"type": "input", "block_id": "why", "label": plain("Why"), "element": reason}]
    return {
        "type": "modal",
        "callback_id": "reject",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": blocks,
        **changes,
    }


def because(text: str) -> Json:
    return {"why": {"text": {"type": "plain_text_input", "value": text}}}


async def opened(double: Double, **changes: Any) -> Json:
    """Open a modal for Rita as if she had just done something."""
    trigger = double.workspace.triggers.issue(RITA)
    answer = await double.api("views.open", trigger_id=trigger, view=modal(**changes))
    view: Json = answer["view"]
    return view


async def titles(double: Double) -> list[str]:
    views = (await double.see("views", user=RITA))["views"]
    return [view["title"]["text"] for view in views]
