"""A form for the model card is offered where a rule misses something of it."""

from dataclasses import dataclass

import pytest

from bot.domain.model_card import (
    MODEL_CARD_PATH,
    REQUIRED_FIELDS,
    CardField,
    lacks_card,
    least_of,
    unsaid,
)
from bot.domain.policy import OutcomeKind
from tests.builders import make_outcome

AT_RUN = f"run run-7, {MODEL_CARD_PATH}"


def test_a_rule_that_misses_the_card_lacks_it_whatever_others_say() -> None:
    others = (make_outcome(), make_outcome(OutcomeKind.MISSING, source="run run-7"))
    assert lacks_card([*others, make_outcome(OutcomeKind.MISSING, source=AT_RUN)])
    assert not lacks_card(others)


@pytest.mark.parametrize("kind", [OutcomeKind.PASSED, OutcomeKind.FAILED, OutcomeKind.ERRORED])
def test_a_card_that_is_there_or_cannot_be_read_is_not_lacking(kind: OutcomeKind) -> None:
    assert not lacks_card([make_outcome(kind, source=AT_RUN)])


def test_fields_without_a_letter_or_digit_say_nothing() -> None:
    said = {
        **dict.fromkeys(REQUIRED_FIELDS, "é"),
        CardField.PURPOSE: " – … ",
        CardField.AUTHORS: "",
    }
    assert unsaid(said) == (CardField.PURPOSE,)
    del said[CardField.LIMITATIONS]
    assert unsaid({**said, CardField.PURPOSE: "7"}) == (CardField.LIMITATIONS,)
    assert unsaid({}) == REQUIRED_FIELDS


def test_a_card_at_another_place_is_not_asked_for() -> None:
    assert not lacks_card([make_outcome(OutcomeKind.MISSING, source="run run-7, docs/card.yaml")])


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a policy asks of a card."""

    path: str = MODEL_CARD_PATH
    fields: tuple[CardField, ...] = (CardField.PURPOSE,)
    min_chars: int = 10


def test_the_strictest_policy_says_how_long_a_field_has_to_be() -> None:
    both = (CardField.PURPOSE, CardField.AUTHORS)
    rules = [Rule(), Rule(fields=both, min_chars=5), Rule(path="other.yaml", min_chars=99), None]
    assert least_of(rules) == {CardField.PURPOSE: 10, CardField.AUTHORS: 5}
