"""Lines as people type them, phones and prettifying keyboards included."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import AliasName
from handlers.words import Words, plain_words, selector_of, selector_text, take_apart

CHALLENGER = AliasName("challenger")
SEVEN = Words(names=("scorer",), selectors=(7,))


@pytest.mark.parametrize(
    "line",
    [
        "scorer 7",
        "7 scorer",
        "scorer v7",
        "scorer V7",
        "scorer/7",
        "scorer/v7",
        "  scorer   7  ",
        "scorer\u00a07",
        "scorer\t7",
        "scorer\n7",
        "“scorer” 7",
        "‘scorer’ ‘7’",
        "„scorer“ 7",
        "«scorer» 7",
        "`scorer` `7`",
        "'scorer' \"7\"",
        "\ufeffscorer\u200b 7\u2060",
        "scorer 007",
        "scorer ７",  # noqa: RUF001 - a full-width digit, as some keyboards type it
    ],
)
def test_a_version_is_understood_however_it_is_typed(line: str) -> None:
    assert take_apart(line) == SEVEN


@pytest.mark.parametrize("line", ["scorer @challenger", "scorer@challenger", "@challenger scorer"])
def test_an_alias_is_understood_on_either_side(line: str) -> None:
    assert take_apart(line) == Words(names=("scorer",), selectors=(CHALLENGER,))


@pytest.mark.parametrize(
    ("line", "alias"),
    [
        ("scorer @cham!pion", "cham!pion"),
        ("scorer@cham/pion", "cham/pion"),
        ("scorer @Meister-é", "Meister-é"),
        ("scorer@7", "7"),
    ],
)
def test_an_alias_with_forbidden_characters_is_still_seen_as_one(line: str, alias: str) -> None:
    assert take_apart(line).selectors == (AliasName(alias),)


def test_prettified_dashes_become_hyphens() -> None:
    dashed = "eu–scorer eu—scorer eu‑scorer eu‐scorer eu−scorer"  # noqa: RUF001 - phones type them
    assert set(take_apart(dashed).names) == {"eu-scorer"}


@pytest.mark.parametrize(
    "line", ["scorer 7 to champion", "to champion scorer 7", "7 TO champion scorer"]
)
def test_to_stands_anywhere_in_any_case(line: str) -> None:
    assert take_apart(line) == Words(names=("scorer",), selectors=(7,), to=("champion",))


def test_to_without_a_word_and_to_said_twice_are_kept_for_the_flow_to_refuse() -> None:
    assert take_apart("scorer 7 to").to == ("",)
    assert take_apart("scorer 7 to champion to challenger").to == ("champion", "challenger")


@pytest.mark.parametrize("word", ["because", "BECAUSE", "Because", "because:", "because,"])
def test_because_begins_the_reason_in_any_case(word: str) -> None:
    assert take_apart(f"scorer 7 {word} better recall").reason == "better recall"


@pytest.mark.parametrize(
    "reason",
    [
        "“smart” – quotes — and dashes ‘stay’",
        "<!channel> <@U0MLLEAD> <https://x.example|click> *bold* _it_ ~no~ `code` ```block```",
        "line one\nline two\n\n  three",
        "bell \x07, escape \x1b[31m, null \x00, delete \x7f",
        "right to left \u202e gnp.exe",
        "family 👩‍👩‍👧‍👦 and flag 🇪🇺",
        "because of that, to 7 @champion",
        "x" * 3000,
    ],
)
def test_a_reason_is_kept_whole(reason: str) -> None:
    words = take_apart(f"scorer 7 because {reason}")
    assert words.reason == reason
    assert (words.names, words.selectors, words.to) == (("scorer",), (7,), ())


def test_the_entities_that_slack_sends_are_turned_back_once() -> None:
    assert take_apart("x because a &lt; b &amp;&amp; c &amp;lt; d").reason == "a < b && c &lt; d"


def test_a_reason_may_be_missing() -> None:
    assert take_apart("scorer 7 because").reason == ""
    assert take_apart("scorer 7").reason == ""


@pytest.mark.parametrize("word", ["becauseof", "xbecause", "7.0", "v", "-7", "1234567890"])
def test_what_only_looks_like_a_keyword_or_version_is_a_name(word: str) -> None:
    assert take_apart(word) == Words(names=(word,))


@pytest.mark.parametrize(
    ("token", "selector"),
    [("7", 7), ("v7", 7), ("@champion", AliasName("champion")), ("champion", None), ("@", None)],
)
def test_a_single_word_selects_a_version_or_an_alias(token: str, selector: object) -> None:
    assert selector_of(token) == selector


def test_a_selector_is_shown_as_people_write_it() -> None:
    assert (selector_text(7), selector_text(CHALLENGER)) == ("7", "@challenger")


@given(st.text())
def test_no_line_breaks_the_parser_and_none_loses_its_reason(line: str) -> None:
    words = take_apart(f"scorer because {line}")
    assert words.reason.split() == take_apart(f"because {line}").reason.split()
    assert not set("\u200b\ufeff`\"'") & set(plain_words(line))
