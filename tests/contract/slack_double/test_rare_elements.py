"""The rarer elements as people use them: in containers and cards, two-sided, and of one kind."""

import pytest

from tests.contract.slack_double.double import Json, running
from tests.contract.slack_double.echo_app import connected
from tests.contract.slack_double.modal_steps import RITA, opened
from tests.contract.slack_double.rare_blocks import RARE, asked
from tests.contract.slack_double.sound_blocks import BUTTON, actions
from tests.contract.slack_double.test_human_side import noting_actions

PLACE = {"user": RITA, "channel": "C0RELEASES"}
NESTED: Json = {
    "type": "container",
    "title": {"type": "plain_text", "text": "Inside"},
    "child_blocks": [{**actions(BUTTON)[0], "block_id": "inner"}],
}


@pytest.mark.parametrize(
    ("blocks", "touch", "seen"),
    [
        (RARE["footnotes"], {"action_id": "liked", "value": "bad"}, {"value": "bad"}),
        (RARE["footnotes"], {"action_id": "bin"}, {"value": "card-1"}),
        (RARE["carousel"], {"action_id": "go"}, {"value": "card-1"}),
        ([NESTED], {"action_id": "go"}, {"value": "card-1", "block_id": "inner"}),
        (
            RARE["pickers"],
            {"action_id": "day", "value": "2026-12-24"},
            {"selected_date": "2026-12-24"},
        ),
    ],
    ids=["feedback", "icon", "carousel", "container", "date"],
)
async def test_what_is_touched_reaches_the_app(blocks: list[Json], touch: Json, seen: Json) -> None:
    async with running() as double, connected(double) as echo:
        bodies = noting_actions(echo, touch["action_id"])
        sent = await double.api("chat.postMessage", channel="C0RELEASES", text="x", blocks=blocks)
        outcome = await double.human("action", **PLACE, ts=sent["ts"], **touch)

        assert outcome["ok"]
        assert seen.items() <= bodies[0]["actions"][0].items()
        assert double.rules_broken() == []


async def test_several_options_can_be_picked() -> None:
    async with running() as double, connected(double) as echo:
        bodies = noting_actions(echo, "many")
        blocks = RARE["multi"]
        sent = await double.api("chat.postMessage", channel="C0RELEASES", text="x", blocks=blocks)
        touch = {**PLACE, "ts": sent["ts"], "action_id": "many", "value": ["a", "b"]}
        await double.human("action", **touch)

        picked = bodies[0]["actions"][0]["selected_options"]
        assert [each["value"] for each in picked] == ["a", "b"]


@pytest.mark.parametrize(
    ("element", "value", "complaint"),
    [
        ({"type": "email_text_input"}, "rita", "Please enter a valid email address."),
        ({"type": "url_text_input"}, "acme", "Please enter a valid URL."),
        ({"type": "number_input", "is_decimal_allowed": True}, "many", "Please enter a number."),
        (
            {"type": "number_input", "is_decimal_allowed": False},
            "1.5",
            "Please enter a whole number.",
        ),
        (
            {"type": "number_input", "is_decimal_allowed": False, "min_value": "2"},
            "1",
            "Please enter a number that is at least 2.",
        ),
        (
            {"type": "number_input", "is_decimal_allowed": False, "max_value": "2"},
            "3",
            "Please enter a number that is at most 2.",
        ),
        (
            {"type": "plain_text_input", "min_length": 3},
            "ab",
            "Please enter at least 3 characters.",
        ),
        (
            {"type": "plain_text_input", "max_length": 3},
            "abcd",
            "Please enter at most 3 characters.",
        ),
    ],
    ids=["email", "url", "number", "whole", "at least", "at most", "short", "long"],
)
async def test_the_client_refuses_what_does_not_fit(
    element: Json, value: str, complaint: str
) -> None:
    async with running() as double, connected(double) as echo:
        view = await opened(double, blocks=asked({**element, "action_id": "a"}))
        filled = {"b": {"a": {"type": element["type"], "value": value}}}
        outcome = await double.human("submit", user=RITA, view_id=view["id"], values=filled)

        assert outcome["errors"] == {"b": complaint}
        assert echo.received == []
