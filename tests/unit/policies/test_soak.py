"""The check ``soak``."""

from datetime import timedelta

import pytest

from bot.domain.policy import OutcomeKind
from policies.soak import SoakCheck
from tests.builders import CHALLENGER, NOW, make_facts, make_model
from tests.unit.policies.given import RULE

HOUR = timedelta(hours=1)
SOAK = SoakCheck(**RULE, alias=CHALLENGER, minimum=48 * HOUR)


@pytest.mark.parametrize("held", [48 * HOUR, 72 * HOUR])
def test_long_enough_passes(held: timedelta) -> None:
    outcome = SOAK.evaluate(make_facts(held_since={CHALLENGER: NOW - held}))
    assert outcome.kind is OutcomeKind.PASSED
    assert (outcome.expected, outcome.remedy) == ("≥ 2 d as challenger", "")
    assert outcome.source == "Herald's record"


def test_too_short_fails_and_says_when_it_will_be_enough() -> None:
    outcome = SOAK.evaluate(make_facts(held_since={CHALLENGER: NOW - 47 * HOUR}))
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == "v7 has been challenger for 1 d 23 h, needs 2 d"
    assert outcome.remedy == "ask again from 2026-03-02 10:30 UTC on"


def test_moment_is_told_to_the_next_full_minute() -> None:
    since = NOW - 47 * HOUR + timedelta(seconds=1)
    outcome = SOAK.evaluate(make_facts(held_since={CHALLENGER: since}))
    assert outcome.remedy == "ask again from 2026-03-02 10:31 UTC on"


def test_tenure_from_the_future_fails() -> None:
    outcome = SOAK.evaluate(make_facts(held_since={CHALLENGER: NOW + 900 * HOUR}))
    assert (outcome.kind, outcome.observed) == (OutcomeKind.FAILED, "0 min")


def test_alias_that_herald_has_not_seen_move_is_missing() -> None:
    outcome = SOAK.evaluate(make_facts())
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "since when v7 is challenger is not known yet, needs 2 d"
    assert (outcome.expected, outcome.source) == ("≥ 2 d as challenger", "Herald's record")
    assert outcome.remedy == "Herald counts from when it sees it: ask again in 2 d"


@pytest.mark.parametrize(("aliases", "other"), [({}, "no version is"), ({CHALLENGER: 8}, "v8 is")])
def test_alias_of_another_version_is_missing(aliases: dict[str, int], other: str) -> None:
    outcome = SOAK.evaluate(make_facts(model=make_model(aliases=aliases)))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == f"v7 is not challenger ({other}), needs 2 d"
    assert outcome.remedy == "let challenger name v7, and ask again after that time"


def test_it_needs_the_tenure() -> None:
    assert SOAK.needs.held == {CHALLENGER}
