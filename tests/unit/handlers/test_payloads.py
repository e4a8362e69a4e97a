"""What no database takes is left out of what people type, by every door."""

import pytest

from handlers.payloads import SaidEvent, SlashCommand, Submission, Suggestion

TYPED, KEPT = "ab\x00c\ud800 \udfffü😀", "abc ü😀"


def test_a_command_is_storable() -> None:
    typed = SlashCommand.model_validate({"user_id": "U1", "channel_id": "C1", "text": TYPED})
    assert typed.text == KEPT


def test_what_is_said_is_storable() -> None:
    event = {"user": "U1", "channel": "D1", "text": TYPED}
    assert SaidEvent.model_validate({"event": event}).event.text == KEPT


def test_what_is_looked_for_is_storable() -> None:
    assert Suggestion.model_validate({"value": TYPED}).value == KEPT


@pytest.mark.parametrize("field", ["value", "selected_option"])
def test_what_a_modal_brings_is_storable(field: str) -> None:
    given = TYPED if field == "value" else {"value": TYPED}
    state = {"values": {"reason": {"reason": {field: given}}}}
    sent = Submission.model_validate({"user": {"id": "U1"}, "view": {"state": state}})
    read = sent.typed if field == "value" else sent.chosen
    assert read("reason", "reason") == KEPT
