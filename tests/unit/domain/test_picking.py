"""A menu names a model by a value that Slack takes, and no two models by the same one."""

import pytest

from bot.domain.names import ModelName
from bot.domain.picking import choice_of

LIMIT = 150
"""Characters that Slack takes as the value of an option."""
LONGEST = ModelName("prod.fraud." + "x" * (LIMIT - len("prod.fraud.")))


@pytest.mark.parametrize("model", [ModelName("prod.fraud.scorer"), LONGEST])
def test_a_model_stands_for_itself_as_long_as_slack_takes_its_name(model: ModelName) -> None:
    assert choice_of(model) == model


def test_a_longer_name_becomes_a_short_value_of_its_own() -> None:
    one, other = ModelName(f"{LONGEST}a"), ModelName(f"{LONGEST}b")
    assert choice_of(one) == choice_of(one) != choice_of(other)
    assert len(choice_of(one)) <= LIMIT


def test_no_model_is_called_like_the_value_of_another() -> None:
    value = choice_of(ModelName(f"{LONGEST}a"))
    assert value.startswith("#"), "no registry takes it in a name"
