"""The check ``semver``, and precedence of semantic versions."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import CheckOutcome, OutcomeKind, ProposedTag
from policies.semver import Bump, SemVer, SemverCheck
from tests.builders import make_version
from tests.unit.policies.files import check_of
from tests.unit.policies.given import RULE, evidence, facts

# The examples of Semantic Versioning 2.0.0, items 9 and 11, in ascending order.
ASCENDING = (
    "0.9.9",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.11.0",
    "2.0.0-x-y-z.--",
    "2.0.0",
)


def outcome(new: str | None, old: str | None, bump: Bump = Bump.GREATER) -> CheckOutcome:
    def tagged(number: int, text: str | None) -> dict[str, str]:
        return {} if text is None else {"version": text, "n": str(number)}

    candidate = evidence(version=make_version(7, tags=tagged(7, new)))
    current = evidence(6, version=make_version(6, tags=tagged(6, old)))
    return SemverCheck(**RULE, bump=bump).evaluate(facts(candidate, current))


def parsed(text: str) -> SemVer:
    version = SemVer.read(text)
    assert version is not None
    return version


def test_precedence_is_that_of_the_specification() -> None:
    for lower, higher in pairwise(map(parsed, ASCENDING)):
        assert higher.follows(lower)
        assert not lower.follows(higher)


def test_build_metadata_has_no_precedence() -> None:
    assert parsed("1.0.0+001") == parsed("1.0.0+20130313144700.exp-sha") == parsed("1.0.0")


@pytest.mark.parametrize(
    "text",
    [
        *("", "1", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3-a..b"),
        *("1.2.3+", "1.2.3 ", "\u0661.2.3", "1.2.3-é", "1.2.3-" + "a" * 200, "-1.2.3"),
    ],
)
def test_other_texts_are_no_semantic_versions(text: str) -> None:
    assert SemVer.read(text) is None


def test_version_may_be_128_characters_long() -> None:
    assert SemVer.read("1.2.3-" + "a" * 122) is not None
    assert SemVer.read("1.2.3-" + "a" * 123) is None


@given(text=st.text("0123456789.-+ab", max_size=20))
def test_a_version_reads_as_what_it_is_written(text: str) -> None:
    version = SemVer.read(text)
    if version is not None:
        assert str(version) == text.partition("+")[0]


@pytest.mark.parametrize(
    ("old", "patch", "minor", "major"),
    [
        ("1.2.3", "1.2.4", "1.3.0", "2.0.0"),
        ("1.2.3-rc.1", "1.2.3", "1.3.0", "2.0.0"),
        ("1.2.0-rc.1", "1.2.0", "1.2.0", "2.0.0"),
        ("1.0.0-rc.1", "1.0.0", "1.0.0", "1.0.0"),
    ],
)
def test_next_versions_finish_what_a_pre_release_leads_up_to(
    old: str, patch: str, minor: str, major: str
) -> None:
    version = parsed(old)
    assert str(version.next(Bump.PATCH)) == str(version.next(Bump.GREATER)) == patch
    assert str(version.next(Bump.MINOR)) == minor
    assert str(version.next(Bump.MAJOR)) == major


def test_greater_version_passes() -> None:
    said = outcome("1.10.0", "1.9.0")
    assert said.kind is OutcomeKind.PASSED
    assert said.message == "version is `1.10.0`, needs more than 1.9.0"
    assert said.observed == "`1.10.0`"
    assert said.source == "tag version of v7"


def test_pre_release_in_place_is_told_in_full() -> None:
    said = outcome("1.0.0", "1.0.0-rc.1")
    assert said.kind is OutcomeKind.PASSED
    assert said.expected == "more than 1.0.0-rc.1"


@pytest.mark.parametrize("new", ["1.9.0", "1.9.0+new", "1.8.9", "1.9.0-rc.1"])
def test_version_that_is_not_greater_fails_and_the_next_one_is_proposed(new: str) -> None:
    said = outcome(new, "1.9.0")
    assert said.kind is OutcomeKind.FAILED
    assert said.remedy == "tag the version `version` with 1.9.1"


@pytest.mark.parametrize(("bump", "new"), [("patch", "1.9.1"), ("minor", "1.10.0")])
def test_exact_bump_takes_only_the_next_one(bump: str, new: str) -> None:
    assert outcome(new, "1.9.0", Bump(bump)).kind is OutcomeKind.PASSED
    said = outcome("2.0.0", "1.9.0", Bump(bump))
    assert said.kind is OutcomeKind.FAILED
    assert said.expected == new


def test_text_that_is_no_version_fails() -> None:
    said = outcome("v2", "1.9.0")
    assert said.kind is OutcomeKind.FAILED
    assert said.message == "version is `v2`, which is no semantic version, needs more than 1.9.0"


@pytest.mark.parametrize("new", [None, " "])
def test_missing_tag_is_missing_and_the_next_one_is_proposed(new: str | None) -> None:
    said = outcome(new, "1.9.0", Bump.MAJOR)
    assert said.kind is OutcomeKind.MISSING
    assert said.message == "no tag version, needs 2.0.0"
    assert said.remedy == "tag the version `version` with 2.0.0"


@pytest.mark.parametrize(
    ("old", "has"), [(None, "has no tag version"), ("one", "has `one` as its version")]
)
def test_version_in_place_without_a_number_is_errored(old: str | None, has: str) -> None:
    said = outcome("2.0.0", old)
    assert said.kind is OutcomeKind.ERRORED
    assert said.message == f"champion v6 {has}, so that nothing can follow it"
    assert said.remedy == "tag v6 `version` with its semantic version, e.g. 1.0.0"


@pytest.mark.parametrize(
    ("tag", "kind"),
    [("0.1.0", OutcomeKind.PASSED), ("one", OutcomeKind.FAILED), ("", OutcomeKind.MISSING)],
)
def test_first_release_may_have_any_semantic_version(tag: str, kind: OutcomeKind) -> None:
    candidate = evidence(version=make_version(tags={"semver": tag}))
    said = SemverCheck(**RULE, tag="semver").evaluate(facts(candidate))
    assert said.kind is kind
    assert said.expected == "a semantic version"
    assert said.remedy == ("" if tag == "0.1.0" else "tag the version `semver` with 1.0.0")


def test_rule_takes_tag_and_bump() -> None:
    built = check_of("{id: a, type: semver, tag: semver, bump: minor}")
    assert isinstance(built, SemverCheck)
    assert (built.tag, built.bump) == ("semver", Bump.MINOR)


def test_missing_number_is_proposed_as_a_tag() -> None:
    said = outcome(None, "1.9.0", Bump.MINOR)
    assert said.proposed == ProposedTag(key="version", value="1.10.0")


def test_wrong_number_is_proposed_with_what_it_replaces() -> None:
    said = outcome(" 1.8.9 ", "1.9.0")
    assert said.proposed == ProposedTag(key="version", value="1.9.1", present="1.8.9")


def test_first_release_is_proposed_as_the_first_number() -> None:
    said = SemverCheck(**RULE, tag="semver").evaluate(facts(evidence()))
    assert said.proposed == ProposedTag(key="semver", value="1.0.0")


@pytest.mark.parametrize(("new", "old"), [("1.9.1", "1.9.0"), (None, None)])
def test_nothing_is_proposed_where_the_number_is_right_or_none_can_follow(
    new: str | None, old: str | None
) -> None:
    assert outcome(new, old).proposed is None
