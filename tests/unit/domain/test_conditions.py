import pytest

from bot.domain.conditions import TAG_LENGTH, WARNED, Condition

HIGH = Condition(tags=(("risk", "high|severe"),))
DOUBTFUL = Condition(outcomes=(("drift", frozenset({WARNED, "failed"})),))
BOTH = Condition(tags=HIGH.tags, outcomes=DOUBTFUL.outcomes)
WARNING = {"drift": frozenset({"inconclusive", WARNED})}


@pytest.mark.parametrize(
    ("value", "holds"), [("high", True), ("severe", True), ("highest", False), ("", False)]
)
def test_pattern_matches_the_whole_value_of_a_tag(value: str, *, holds: bool) -> None:
    assert HIGH.holds({"risk": value}, {}) is holds


def test_a_tag_that_is_not_there_is_empty() -> None:
    assert not HIGH.holds({}, {})
    assert Condition(tags=(("risk", "(?!low).*"),)).holds({}, {})


def test_one_fitting_word_of_an_outcome_is_enough() -> None:
    assert DOUBTFUL.holds({}, WARNING)
    assert not DOUBTFUL.holds({}, {"drift": frozenset({"passed"})})
    assert not DOUBTFUL.holds({}, {})


def test_every_part_has_to_hold() -> None:
    assert BOTH.holds({"risk": "high"}, WARNING)
    assert not BOTH.holds({"risk": "low"}, WARNING)
    assert not BOTH.holds({"risk": "high"}, {})


def test_a_tag_that_is_too_long_to_look_at_fits_whatever_it_says() -> None:
    assert HIGH.holds({"risk": "a" * (TAG_LENGTH + 1)}, {})
    assert not HIGH.holds({"risk": "a" * TAG_LENGTH}, {})


def test_condition_is_told_in_words() -> None:
    assert BOTH.told() == "tag risk is high|severe and drift failed or warned"
