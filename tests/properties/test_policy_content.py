"""Two rules have the same canonical text exactly when they ask for the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.canonical import canonical_json
from tests.properties.sound import RULES, checks

some = settings(max_examples=max(25, settings().max_examples // 4))
"""For each kind there is."""


@pytest.mark.parametrize("kind", RULES)
@some
@given(data=st.data())
def test_rules_that_ask_for_something_else_read_differently(kind: str, data: st.DataObject) -> None:
    one, other = data.draw(checks(kind)), data.draw(checks(kind))
    assert (one == other) is (canonical_json(one) == canonical_json(other))
