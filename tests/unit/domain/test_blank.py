"""What nobody can see of a text is not said."""

import pytest

from bot.domain.blank import says_nothing, seen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        (" two\n\t words ", "two words"),
        ("a\u00a0b\u2028c", "a b c"),
        ("\u200b\u2060\ufeff\u00ad\x00", ""),
        ("\u200bow\u200bner", "owner"),
        ("\u3164\u115f\u1160\uffa0\u2800", ""),
        ("a\u3164b", "a b"),
        ("+ ✓", "+ ✓"),
        ("größer 好", "größer 好"),
    ],
)
def test_what_has_no_shape_is_not_seen(text: str, shown: str) -> None:
    assert seen(text) == shown


@pytest.mark.parametrize("text", ["", " \n", "\u200b" * 10, "\u3164", "--", "👍", "…"])
def test_text_without_letters_and_digits_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["a", "\u200b1\u200b", "好", "- ok -"])
def test_one_letter_or_digit_says_something(text: str) -> None:
    assert not says_nothing(text)
