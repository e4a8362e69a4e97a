"""The check ``drift``."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.metrics import Direction, MetricDefinition
from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.drift import DriftCheck
from tests.builders import NOW
from tests.unit.policies.given import RULE, evidence, facts, logged

PSI = MetricDefinition(name="drift_psi", direction=Direction.LOWER, unit="psi")
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def judged(
    *values: float, window: timedelta | None = None, at: datetime | None = None
) -> CheckOutcome:
    metrics = [
        replace(logged(value, f"d{number}", key="drift_psi"), logged_at=at)
        for number, value in enumerate(values)
    ]
    check = DriftCheck(**RULE, metric=PSI, maximum=Decimal("0.2"), window=window)
    return check.evaluate(facts(evidence(metrics=metrics)))


def test_low_drift_passes_and_high_drift_fails() -> None:
    low, high = judged(0.2), judged(0.1, 0.21)
    assert (low.kind, low.expected) == (OutcomeKind.PASSED, "≤ 0.2 psi")
    assert (high.kind, high.observed) == (OutcomeKind.FAILED, "0.21 psi")


def test_drift_that_was_not_logged_is_missing() -> None:
    outcome = judged()
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "drift_psi was not logged, needs ≤ 0.2 psi"


def test_value_that_is_no_number_is_errored() -> None:
    assert judged(math.nan).kind is OutcomeKind.ERRORED


@pytest.mark.parametrize("age", [timedelta(0), WEEK])
def test_recent_value_passes_with_its_age(age: timedelta) -> None:
    outcome = judged(0.1, window=WEEK, at=NOW - age)
    assert (outcome.kind, outcome.age) == (OutcomeKind.PASSED, age)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW - WEEK - HOUR, "7 d 1 h ago"),
        (NOW + HOUR, "in the future"),
        (None, "at an unknown time"),
    ],
)
def test_value_of_another_time_is_missing(at: datetime | None, said: str) -> None:
    outcome = judged(0.1, window=WEEK, at=at)
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == f"drift_psi was logged {said}, needs a value of the last 7 d"
    assert outcome.expected == "≤ 0.2 psi, within 7 d"
    assert (outcome.observed, outcome.unit) == ("0.1", "psi")
    assert outcome.age == (None if at is None else NOW - at)
    assert outcome.remedy == "measure the drift anew and log it as `drift_psi`"


def test_nothing_logged_is_missing_also_with_a_window() -> None:
    assert judged(window=WEEK).message == "drift_psi was not logged, needs ≤ 0.2 psi"
