"""Every message in every state: what it is made of, word by word as JSON, and within limits."""

import re
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.json import JSONSnapshotExtension

from bot.views.message import Message
from bot.views.render import render
from tests.unit.views.limits import problems_of
from tests.unit.views.reading import words_of
from tests.unit.views.samples import ANSWERS


@pytest.fixture
def snapshot_json(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(JSONSnapshotExtension)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_message_is_as_it_was_looked_at(name: str, snapshot_json: SnapshotAssertion) -> None:
    message = render(ANSWERS[name])
    assert {"text": message.text, "blocks": list(message.blocks)} == snapshot_json


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_message_keeps_within_slacks_limits(name: str) -> None:
    assert problems_of(render(ANSWERS[name])) == []


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_message_has_a_fallback_that_says_something(name: str) -> None:
    text = render(ANSWERS[name]).text
    assert len(text.split()) > 2
    assert "<!" not in text


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_message_has_three_buttons_at_most(name: str) -> None:
    assert len(_elements(render(ANSWERS[name]))) <= 3


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_button_carries_a_key_and_nothing_else(name: str) -> None:
    buttons = [e for e in _elements(render(ANSWERS[name])) if e["type"] == "button"]
    assert all(re.fullmatch(r"(.)\1{21}", button["value"]) for button in buttons)


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_a_message_speaks_plainly(name: str) -> None:
    said = set(words_of(render(ANSWERS[name])).lower().split())
    assert said.isdisjoint({"successfully", "please", "oops", "sorry", "nan", "i", "none,"})


def _elements(message: Message) -> list[dict[str, Any]]:
    rows = (block["elements"] for block in message.blocks if block["type"] == "actions")
    return [element for row in rows for element in row]
