"""The check ``tags``, and the patterns that a policy may have."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import OutcomeKind
from policies.patterns import MAX_TEXT, matches
from policies.tags import TagsCheck
from tests.builders import make_version
from tests.unit.policies.files import check_of, findings, with_rule
from tests.unit.policies.given import RULE, evidence, facts

CHECK = TagsCheck(**RULE, required=(("cost_center", "CC-[0-9]{4}"), ("owner", ".+")))


def tagged(**tags: str) -> tuple[OutcomeKind, str]:
    outcome = CHECK.evaluate(facts(evidence(version=make_version(tags=tags))))
    return outcome.kind, outcome.message


def test_tags_of_the_form_pass() -> None:
    assert tagged(owner="ada", cost_center="CC-1234", more="x") == (
        OutcomeKind.PASSED,
        "cost_center: `CC-1234`; owner: `ada`",
    )


def test_tag_of_another_form_fails_with_what_it_needs() -> None:
    assert tagged(owner="ada", cost_center="CC-12345") == (
        OutcomeKind.FAILED,
        "cost_center: `CC-12345`, needs `CC-[0-9]{4}`",
    )


@pytest.mark.parametrize(
    ("center", "remedy"),
    [("CC-1234", ""), ("CC", "tag the version `cost_center` with a value like `CC-[0-9]{4}`")],
)
def test_what_is_there_what_should_be_and_what_to_do_is_told(center: str, remedy: str) -> None:
    check = replace(CHECK, required=CHECK.required[:1])
    outcome = check.evaluate(facts(evidence(version=make_version(tags={"cost_center": center}))))
    assert outcome.observed == f"cost_center: `{center}`"
    assert outcome.expected == "cost_center: CC-[0-9]{4}"
    assert outcome.remedy == remedy


@pytest.mark.parametrize("blank", ["  ", "\u200b", "\u3164"])
def test_missing_and_blank_tags_are_missing_and_all_told(blank: str) -> None:
    outcome = CHECK.evaluate(facts(evidence(version=make_version(tags={"owner": blank}))))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "no tag cost_center; the tag owner is blank"
    assert outcome.expected == "cost_center: CC-[0-9]{4}; owner: .+"
    assert outcome.remedy == (
        "tag the version `cost_center` with a value like `CC-[0-9]{4}`; "
        "tag the version `owner` with a value like `.+`"
    )
    assert outcome.source == "tags of v7"


def test_value_of_several_lines_is_told_in_one() -> None:
    _, message = tagged(owner="ada", cost_center="CC\n  12")
    assert message == "cost_center: `CC 12`, needs `CC-[0-9]{4}`"


def test_value_that_is_too_long_to_look_at_fails() -> None:
    kind, message = tagged(owner="a" * (MAX_TEXT + 1), cost_center="CC-1234")
    assert kind is OutcomeKind.FAILED
    assert "…`, longer than 256 characters, needs `.+`" in message


def test_longest_value_that_is_looked_at_is_not_too_long() -> None:
    kind, message = tagged(owner="ada", cost_center="a" * MAX_TEXT)
    assert kind is OutcomeKind.FAILED
    assert message.endswith("…`, needs `CC-[0-9]{4}`")


@pytest.mark.parametrize("key", ["validation_status", "herald.approved_by"])
def test_tags_that_herald_writes_do_not_count(key: str, tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, with_rule(f"{{id: t, type: tags, required: {{{key}: .+}}}}"))
    assert f"Herald writes the tag `{key}` itself, so that it shows nothing" in finding


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (
            "(a+)+",
            (
                "`(a+)+` has a group that is repeated. "
                "Write it without; a backslash lets a character stand for itself"
            ),
        ),
        (
            "(a|b)*c",
            (
                "has a group that is repeated. "
                "Write it without; a backslash lets a character stand for itself"
            ),
        ),
        (
            "(?=a)a",
            (
                "has `(?`, which no pattern here may have. "
                "Write it without; a backslash lets a character stand for itself"
            ),
        ),
        (
            "(a)\\\\1",
            (
                "has `\\1`, which no pattern here may have. "
                "Write it without; a backslash lets a character stand for itself"
            ),
        ),
        (
            "a{,3}",
            (
                "has `{,`, which no pattern here may have. "
                "Write it without; a backslash lets a character stand for itself"
            ),
        ),
        (
            "a*a*a*",
            (
                "`a*a*a*` could take too long to match. "
                "Repeat without end (* or +) twice at most; elsewhere write how often, like {1,9}"
            ),
        ),
        (
            "a{0,300}b{2,}",
            (
                "could take too long to match. "
                "Repeat without end (* or +) twice at most; elsewhere write how often, like {1,9}"
            ),
        ),
        (
            "a?" * 17,
            (
                "could take too long to match. "
                "Repeat without end (* or +) twice at most; elsewhere write how often, like {1,9}"
            ),
        ),
        (
            "(a*|b)" * 3,
            (
                "could take too long to match. "
                "Repeat without end (* or +) twice at most; elsewhere write how often, like {1,9}"
            ),
        ),
        ("a" * 201, "the pattern is longer than 200 characters. Write a shorter one"),
        (
            "(a",
            (
                "`(a` is no regular expression: missing ), unterminated subpattern at position 0. "
                "Put a backslash before a character that stands for itself"
            ),
        ),
        (
            "a)",
            (
                "is no regular expression: unbalanced parenthesis at position 1. "
                "Put a backslash before a character that stands for itself"
            ),
        ),
        (
            "[a",
            (
                "has `[a`, which no pattern here may have. "
                "Write it without; a backslash lets a character stand for itself"
            ),
        ),
        (
            "*a",
            (
                "is no regular expression: nothing to repeat at position 0. "
                "Put a backslash before a character that stands for itself"
            ),
        ),
        (
            "a{3,2}",
            (
                "is no regular expression: min repeat greater than max repeat at position 2. "
                "Put a backslash before a character that stands for itself"
            ),
        ),
    ],
)
def test_pattern_that_is_wrong_or_slow_is_found_at_load(
    pattern: str, said: str, tmp_path: Path
) -> None:
    (finding,) = findings(
        tmp_path, with_rule(f'{{id: t, type: tags, required: {{a: "{pattern}"}}}}')
    )
    assert finding.startswith("p.yml:21:")
    assert finding.endswith(said), finding


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (".*card.*", "a card here", "nothing"),
        ("(dev|prod)(-eu)?", "prod-eu", "prod-us"),
        ("(?:a|b)[0-9]{1,3}?", "b12", "b1234"),
        ("[]\\\\^-]\\\\.[^\\\\d]x{2,}", "].axx", "].1xx"),
        ("a?+b|", "", "c"),
        ("", "", "c"),
    ],
)
def test_patterns_of_every_kind_that_is_allowed_match_whole_values(
    pattern: str, right: str, wrong: str
) -> None:
    check = check_of(f'{{id: t, type: tags, required: {{a: "{pattern}"}}}}')
    assert isinstance(check, TagsCheck)
    ((_, form),) = check.required
    assert matches(form, right)
    assert not matches(form, wrong)


@given(value=st.text(max_size=20))
def test_tags_pass_only_by_a_full_match(value: str) -> None:
    kind, _ = tagged(owner="ada", cost_center=value)
    assert (kind is OutcomeKind.PASSED) == bool(re.fullmatch("CC-[0-9]{4}", value))


def test_limits_themselves_are_within(tmp_path: Path) -> None:
    pattern = "a" * 200
    assert findings(tmp_path, with_rule(f"{{id: t, type: tags, required: {{a: {pattern}}}}}")) == []
    assert matches(".*", "a" * MAX_TEXT)


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        ("a{0,255}b{0,255}", "a{0,256}b{0,255}"),
        ("a{1,256}b*", "a{1,257}b*"),
        ("a*b{2,257}c{7}", "a*b{2,258}c{7}"),
        ("(a{0,126})?b*c?", "(a{0,127})?b*c?"),
        ("a*(b{0,127}|c{0,127})", "a*(b{0,127}|c{0,128})"),
    ],
)
def test_ways_of_a_pattern_are_counted(within: str, beyond: str, tmp_path: Path) -> None:
    for pattern, count in ((within, 0), (beyond, 1)):
        rule = f'{{id: t, type: tags, required: {{a: "{pattern}"}}}}'
        assert len(findings(tmp_path, with_rule(rule))) == count
