"""The check ``drift``."""

import math
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.metrics import Direction, MetricDefinition
from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.drift import DriftCheck
from tests.builders import NOW
from tests.unit.policies.files import check_of, findings, with_rule
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
    assert (high.check, high.policy, high.severity) == tuple(RULE.values())


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
        (NOW - WEEK - timedelta(microseconds=1), "7 d ago"),
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


def test_rule_takes_metric_bound_and_window() -> None:
    built = check_of("{id: a, type: drift, metric: latency_p95_ms, max: 9, window: 7d}")
    assert isinstance(built, DriftCheck)
    assert (built.metric.name, built.maximum, built.window) == ("latency_p95_ms", Decimal(9), WEEK)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            "metric: psi, max: 0.2",
            (
                "p.yml:21:38: unknown metric `psi`. Add it to the catalogue under `metrics`, "
                "which has: latency_p95_ms, precision"
            ),
        ),
        (
            "metric: precision, max: 20",
            "p.yml:21:54: 20 is no value of `precision`. It is a ratio, from 0 to 1: write 0.2",
        ),
    ],
)
def test_what_is_wrong_with_the_metric_is_found_in_its_place(
    fields: str, said: str, tmp_path: Path
) -> None:
    assert findings(tmp_path, with_rule(f"{{id: a, type: drift, {fields}}}")) == [said]
