"""The check ``metric``."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import VersionEvidence
from bot.domain.policy import OutcomeKind
from policies.metric import MetricSource
from tests.builders import NOW, make_run
from tests.unit.policies.given import (
    LATENCY,
    PRECISION,
    evidence,
    facts,
    logged,
    metric_check,
    unreadable,
)


def test_value_above_its_minimum_passes_and_says_both() -> None:
    outcome = metric_check(minimum="0.80").evaluate(facts(evidence(metrics=[logged(0.86)])))
    assert outcome.kind is OutcomeKind.PASSED
    assert (outcome.observed, outcome.expected) == ("0.86", "≥ 0.8")
    assert outcome.message == "precision 0.86, needs ≥ 0.8"
    assert outcome.remedy == ""


def test_outcome_names_rule_policy_and_severity() -> None:
    check = metric_check(minimum="0.80")
    outcome = check.evaluate(facts(evidence(metrics=[logged(0.86)])))
    assert (outcome.check, outcome.policy) == ("rule", "baseline")
    assert outcome.severity is check.severity


def test_value_below_its_minimum_fails() -> None:
    outcome = metric_check(minimum="0.85").evaluate(facts(evidence(metrics=[logged(0.81)])))
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == "precision 0.81, needs ≥ 0.85"
    assert outcome.remedy == "propose a version that reaches it"


def test_value_above_its_maximum_fails_with_its_unit() -> None:
    slow = logged(5000.5, key="latency_p95_ms")
    outcome = metric_check(LATENCY, maximum="5000").evaluate(facts(evidence(metrics=[slow])))
    assert outcome.kind is OutcomeKind.FAILED
    assert (outcome.observed, outcome.expected) == ("5000.5 ms", "≤ 5000 ms")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0.09, OutcomeKind.FAILED),
        (0.1, OutcomeKind.PASSED),
        (0.3, OutcomeKind.PASSED),
        (0.31, OutcomeKind.FAILED),
    ],
)
def test_both_bounds_hold_and_are_themselves_allowed(value: float, kind: OutcomeKind) -> None:
    check = metric_check(minimum="0.1", maximum="0.3")
    outcome = check.evaluate(facts(evidence(metrics=[logged(value)])))
    assert outcome.kind is kind
    assert outcome.expected == "≥ 0.1 and ≤ 0.3"


def test_value_logged_under_another_name_counts() -> None:
    other = logged(0.9, key="eval/precision")
    outcome = metric_check(minimum="0.8").evaluate(facts(evidence(metrics=[other])))
    assert outcome.kind is OutcomeKind.PASSED


def test_value_of_the_run_counts_where_the_model_has_none() -> None:
    candidate = evidence(run=make_run(metrics=(logged(0.9),)))
    assert metric_check(minimum="0.8").evaluate(facts(candidate)).kind is OutcomeKind.PASSED


def test_metric_that_was_not_logged_is_missing_and_says_what_to_log() -> None:
    outcome = metric_check(minimum="0.8").evaluate(facts(evidence()))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "precision was not logged, needs ≥ 0.8"
    assert outcome.remedy == "log `precision` (or as eval/precision) on the model or its run"


def test_remedy_names_no_other_keys_where_the_catalogue_has_none() -> None:
    outcome = metric_check(LATENCY, maximum="5000").evaluate(facts(evidence()))
    assert outcome.remedy == "log `latency_p95_ms` on the model or its run"


def test_metric_is_errored_rather_than_missing_while_the_run_is_unreadable() -> None:
    candidate = evidence(run=None, unreadable=unreadable("run"))
    outcome = metric_check(minimum="0.8").evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message == "precision could not be read (no answer in 10 s), needs ≥ 0.8"
    assert outcome.remedy == "ask again once the run can be read"


def test_value_of_the_model_counts_though_the_run_is_unreadable() -> None:
    candidate = evidence(metrics=[logged(0.9)], run=None, unreadable=unreadable("run"))
    assert metric_check(minimum="0.8").evaluate(facts(candidate)).kind is OutcomeKind.PASSED


def test_every_dataset_has_to_meet_the_bound_and_the_worst_is_shown() -> None:
    candidate = evidence(metrics=[logged(0.9, "a"), logged(0.7, "b"), logged(0.75, "c")])
    outcome = metric_check(minimum="0.8").evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == "precision 0.7 on holdout-b, the worst of 3 values, needs ≥ 0.8"


def test_worst_value_without_a_dataset_name_is_still_told() -> None:
    candidate = evidence(metrics=[logged(0.9), logged(0.7, digest=None)])
    outcome = metric_check(minimum="0.8").evaluate(facts(candidate))
    assert "0.7 on one of its datasets, the worst of 2" in outcome.message


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, "0.9", None])
def test_value_that_is_no_finite_number_is_errored_also_beside_good_ones(value: object) -> None:
    candidate = evidence(metrics=[logged(0.9, "a"), logged(value, "b")])
    outcome = metric_check(minimum="0.8").evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message == f"precision is {value}, needs ≥ 0.8"
    assert outcome.observed == str(value)
    assert outcome.remedy == "find out why `precision` came out so, and log it anew"


def test_rounding_never_hides_why_a_value_fails() -> None:
    outcome = metric_check(minimum="0.8").evaluate(facts(evidence(metrics=[logged(0.799999)])))
    assert outcome.message == "precision 0.799999, needs ≥ 0.8"


thousandths = st.integers(min_value=-5000, max_value=5000)


@given(value=thousandths, bound=thousandths)
def test_bounds_are_exact_in_decimals(value: int, bound: int) -> None:
    candidate = facts(evidence(metrics=[logged(value / 1000)]))
    least = metric_check(minimum=f"{bound}e-3").evaluate(candidate)
    most = metric_check(maximum=f"{bound}e-3").evaluate(candidate)
    assert (least.kind is OutcomeKind.PASSED) == (value >= bound)
    assert (most.kind is OutcomeKind.PASSED) == (value <= bound)


@given(values=st.lists(st.floats(), max_size=5))
def test_it_passes_only_when_there_are_values_and_all_are_finite_and_good(
    values: list[float],
) -> None:
    candidate = evidence(metrics=[logged(value, f"d{i}") for i, value in enumerate(values)])
    outcome = metric_check(minimum="0.5").evaluate(facts(candidate))
    good = bool(values) and all(math.isfinite(v) and v >= 0.5 for v in values)
    assert (outcome.kind is OutcomeKind.PASSED) == good


def test_outcome_says_where_the_value_stands_and_how_old_it_is() -> None:
    own = replace(logged(0.86), logged_at=NOW - timedelta(hours=5))
    outcome = metric_check(minimum="0.80").evaluate(facts(evidence(metrics=[own])))
    assert (outcome.source, outcome.unit) == ("model v7", "ratio")
    assert outcome.age == timedelta(hours=5)
    of_run = evidence(run=make_run(metrics=(logged(0.9),)))
    found = metric_check(minimum="0.8").evaluate(facts(of_run))
    assert (found.source, found.age) == ("run run-7", None)


def test_only_the_source_that_the_rule_names_counts() -> None:
    check, both = (
        metric_check(minimum="0.8"),
        evidence(metrics=[logged(0.9)], run=make_run(metrics=(logged(0.7),))),
    )
    kinds = [
        replace(check, source=source).evaluate(facts(both)).kind
        for source in (None, MetricSource.MODEL, MetricSource.RUN)
    ]
    assert kinds == [OutcomeKind.PASSED, OutcomeKind.PASSED, OutcomeKind.FAILED]


@pytest.mark.parametrize("source", [MetricSource.MODEL, MetricSource.RUN])
def test_metric_that_its_source_lacks_is_missing_there(source: MetricSource) -> None:
    check = replace(metric_check(minimum="0.8"), source=source)
    outcome = check.evaluate(facts(evidence(run=None)))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == f"precision was not logged on the {source}, needs ≥ 0.8"
    assert outcome.remedy == f"log `precision` (or as eval/precision) on the {source}"


def test_unreadable_run_matters_only_to_who_asks_for_it() -> None:
    candidate = evidence(run=None, unreadable=unreadable("run"))
    kinds = {
        source: replace(metric_check(minimum="0.8"), source=source).evaluate(facts(candidate)).kind
        for source in (MetricSource.MODEL, MetricSource.RUN)
    }
    assert kinds == {
        MetricSource.MODEL: OutcomeKind.MISSING,
        MetricSource.RUN: OutcomeKind.ERRORED,
    }


@pytest.mark.parametrize(
    "candidate",
    [
        evidence(),
        evidence(unreadable=unreadable("run")),
        evidence(metrics=[logged(float("nan"))]),
    ],
)
def test_bound_is_told_also_where_no_value_is_known(candidate: VersionEvidence) -> None:
    outcome = metric_check(minimum="0.8").evaluate(facts(candidate))
    assert outcome.expected == "≥ 0.8"


def test_every_other_key_of_a_metric_is_told() -> None:
    metric = replace(PRECISION, aliases=("eval/precision", "precision_score"))
    outcome = metric_check(metric, minimum="0.8").evaluate(facts(evidence()))
    assert "(or as eval/precision, precision_score)" in outcome.remedy


def test_outcome_says_which_metric_it_is_about() -> None:
    assert metric_check(minimum="0.8").evaluate(facts(evidence())).metric == "precision"


def test_value_of_the_run_is_none_where_the_model_itself_has_to_have_one() -> None:
    check = replace(metric_check(minimum="0.8"), source=MetricSource.MODEL)
    candidate = evidence(run=make_run(metrics=(logged(0.9),)))
    assert check.evaluate(facts(candidate)).kind is OutcomeKind.MISSING
