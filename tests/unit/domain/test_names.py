import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import (
    ModelName,
    RequestId,
    is_usable_alias,
    parse_request_label,
    request_label,
    short_name,
    shown_word,
)


@pytest.mark.parametrize("text", ["CR-7", "cr-7", "cr7", "7", " CR-7 ", "CR-007"])
def test_request_is_named_in_many_ways(text: str) -> None:
    assert parse_request_label(text) == 7


@pytest.mark.parametrize("text", ["", "CR-", "CR--7", "7a", "-7", "CR 7", "1234567890"])
def test_other_words_name_no_request(text: str) -> None:
    assert parse_request_label(text) is None


@given(st.integers(min_value=1, max_value=999_999_999))
def test_label_leads_back_to_its_request(number: int) -> None:
    assert parse_request_label(request_label(RequestId(number))) == number


@pytest.mark.parametrize(("name", "short"), [("prod.fraud.scorer", "scorer"), ("iris", "iris")])
def test_short_name_is_the_last_part(name: str, short: str) -> None:
    assert short_name(ModelName(name)) == short


@pytest.mark.parametrize("alias", ["champion", "a", "blue_green-2", "v", "v1x", "a" * 64])
def test_usable_aliases(alias: str) -> None:
    assert is_usable_alias(alias)


@pytest.mark.parametrize(
    "alias", ["", "Champion", "v1", "v12", "latest", "a b", "a.b", "é", "a\n", "a" * 65]
)
def test_unusable_aliases(alias: str) -> None:
    assert not is_usable_alias(alias)


def test_a_long_word_is_repeated_in_short() -> None:
    assert shown_word("x" * 60) == "x" * 60
    assert shown_word("x" * 61) == "x" * 60 + "…"
