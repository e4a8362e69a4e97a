"""Words, numbers and times."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.views import texts
from bot.views.texts import duration, escape, listed, number, one_line, visible, when


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.871, "ratio", "0.871"),
        (48, "ms", "48 ms"),
        (0, "", "0"),
        (0.123456, "", "0.1235"),
        (1234.5, "", "1,234"),
        (12345.6, "requests", "12,350 requests"),
        (1_000_000, "", "1,000,000"),
        (-0.0123, "", "-0.0123"),
        (0.00001234, "", "0.00001234"),
        (1.5e-9, "", "1.5e-09"),
        (1e20, "", "1e+20"),
        (float("nan"), "ms", "not a number"),
        (float("inf"), "", "infinite"),
        (float("-inf"), "", "minus infinite"),
    ],
)
def test_a_number_has_four_digits_at_most(value: float, unit: str, shown: str) -> None:
    assert number(value, unit) == shown


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (0.2, "under 1 s"),
        (-5, "under 1 s"),
        (48, "48 s"),
        (180, "3 min"),
        (192.4, "3 min 12 s"),
        (4800, "1 h 20 min"),
        (timedelta(hours=31), "1 d 7 h"),
        (timedelta(days=2, minutes=5), "2 d"),
    ],
)
def test_a_duration_has_two_units_at_most(span: timedelta | float, shown: str) -> None:
    assert duration(span) == shown


def test_a_moment_is_shown_in_each_readers_zone() -> None:
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert when(at) == "<!date^1772443800^{date_short_pretty} {time}|2026-03-02 09:30 UTC>"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("tab\there", "tab here"),
        ("bell\x07", "bell␇"),
        ("nul\x00", "nul␀"),
        ("del\x7f", "del␡"),
        ("c1\x85", "c1\ufffd"),
        ("turn\u202eback", "turn\ufffdback"),
        ("lone\ud800", "lone\ufffd"),
        ("line\u2028end", "line\nend"),
        ("family 👩‍👩‍👧", "family 👩‍👩‍👧"),
    ],
)
def test_nothing_acts_unseen(words: str, shown: str) -> None:
    assert visible(words) == shown


@pytest.mark.parametrize("token", ["<!channel>", "<@U0MLLEAD>", "<#C0RELEASES>", "<!here|x>"])
def test_a_mention_that_somebody_typed_stays_plain_text(token: str) -> None:
    assert token not in visible(token)
    assert visible(token).replace(texts.JOINER, "") == token
    assert escape(token) == token.replace("<", "&lt;").replace(">", "&gt;")


def test_formatting_characters_stay_out_of_code() -> None:
    assert texts.code("a`b&c") == "`a’b&amp;c`"


def test_one_line_is_one_line() -> None:
    assert one_line("a\n b\t c" + "x" * 200, 10) == "a b cxxxx…"


@pytest.mark.parametrize(
    ("words", "shown"), [((), ""), (("a",), "a"), (("a", "b"), "a and b"), ("abc", "a, b and c")]
)
def test_words_are_listed_as_in_a_sentence(words: tuple[str, ...], shown: str) -> None:
    assert listed(words) == shown
