"""The check ``metric`` with ``source: endpoint``."""

import math
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.evidence import PolicyFacts
from bot.domain.figures import Figures
from bot.domain.names import EndpointName
from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.endpoint_metric import EndpointFigure, EndpointMetricCheck
from tests.builders import ENDPOINT, make_endpoint, make_facts
from tests.unit.policies.given import RULE

DAY = timedelta(hours=24)
OTHER = EndpointName("fraud-shadow")


def check(
    figure: EndpointFigure = EndpointFigure.SUCCESS_RATE,
    minimum: str | None = None,
    maximum: str | None = None,
    **fields: Any,
) -> EndpointMetricCheck:
    return EndpointMetricCheck(
        **RULE,
        figure=figure,
        minimum=Decimal(minimum) if minimum else None,
        maximum=Decimal(maximum) if maximum else None,
        window=DAY,
        **fields,
    )


def measured(**figures: Figures) -> PolicyFacts:
    names = {EndpointName(name.replace("_", "-")): each for name, each in figures.items()}
    endpoints = tuple(make_endpoint(name=name) for name in names)
    return make_facts(endpoints=endpoints, figures={DAY: names})


def answered(judged: int, errors: int = 0, **fields: Any) -> Figures:
    return Figures(requests=judged, server_errors=errors, judged=judged, **fields)


def test_figures_that_nobody_takes_any_more_are_no_evidence() -> None:
    outcome = judged_after(minutes=61)
    assert (outcome.kind, outcome.age) == (OutcomeKind.MISSING, timedelta(minutes=61))
    assert "of fraud-scorer was last measured 1 h 1 min ago, needs ≥ 0.9" in outcome.message


@pytest.mark.parametrize("minutes", [0, 1, 60])
def test_figures_of_the_last_hour_are_evidence(minutes: int) -> None:
    outcome = judged_after(minutes)
    assert (outcome.kind, outcome.age) == (OutcomeKind.PASSED, timedelta(minutes=minutes))


def judged_after(minutes: int) -> CheckOutcome:
    """Judge figures of which the newest were taken so long ago."""
    at = measured(fraud_scorer=answered(1000)).evaluated_at
    old = answered(1000, newest=at - timedelta(minutes=minutes))
    return check(minimum="0.9").evaluate(measured(fraud_scorer=old))


LATENCY = EndpointFigure.LATENCY_P95


def latency(maximum: str, **buckets: int) -> CheckOutcome:
    bounds = {float(bound.removeprefix("le_")): count for bound, count in buckets.items()}
    return check(LATENCY, maximum=maximum).evaluate(measured(fraud_scorer=Figures(latency=bounds)))


def test_share_of_good_answers_passes_with_all_that_it_rests_on() -> None:
    outcome = check(minimum="0.95", min_samples=500).evaluate(
        measured(fraud_scorer=answered(1000, 50))
    )
    assert outcome.kind is OutcomeKind.PASSED
    assert outcome.message == (
        "success_rate of fraud-scorer 0.95 over 1 d (1000 requests), needs ≥ 0.95"
    )
    assert (outcome.observed, outcome.expected, outcome.unit) == ("0.95", "≥ 0.95", "ratio")
    assert outcome.source == "endpoints' metrics, last 1 d"
    assert (outcome.metric, outcome.remedy) == ("", "")


def test_share_below_its_bound_fails_and_is_told_exactly() -> None:
    outcome = check(minimum="0.1").evaluate(measured(fraud_scorer=answered(10_000, 9_001)))
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.observed == "0.0999"
    assert outcome.remedy == "look after the endpoint first: `/model endpoint NAME` shows it"


def test_share_on_its_bound_passes_though_floats_say_otherwise() -> None:
    outcome = check(minimum="0.1").evaluate(measured(fraud_scorer=answered(10, 9)))
    assert outcome.kind is OutcomeKind.PASSED


def test_more_errors_than_requests_are_no_success_at_all() -> None:
    outcome = check(minimum="0.1").evaluate(measured(fraud_scorer=answered(1, 2)))
    assert (outcome.kind, outcome.observed) == (OutcomeKind.FAILED, "0")


def test_too_few_requests_are_missing_and_counted() -> None:
    outcome = check(minimum="0.9", min_samples=500).evaluate(measured(fraud_scorer=answered(499)))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == (
        "success_rate of fraud-scorer rests on 499 of at least 500 requests in 1 d, needs ≥ 0.9"
    )
    assert outcome.remedy == "ask again when the endpoint has answered more requests"


@pytest.mark.parametrize("figure", list(EndpointFigure))
def test_endpoint_without_samples_is_missing(figure: EndpointFigure) -> None:
    sampled: tuple[dict[timedelta, dict[EndpointName, Figures]], ...]
    sampled = ({DAY: {}}, {}, {DAY: {ENDPOINT: Figures()}})
    for figures in sampled:
        facts = make_facts(figures=figures)
        outcome = check(figure, minimum="1").evaluate(facts)
        assert outcome.kind is OutcomeKind.MISSING
        assert "rests on 0 of at least 1 requests" in outcome.message
        assert outcome.observed == ""


def test_requests_whose_errors_nobody_counted_are_no_success() -> None:
    facts = measured(fraud_scorer=Figures(requests=50, judged=50))
    assert check(minimum="0.1").evaluate(facts).kind is OutcomeKind.MISSING


def test_model_without_endpoints_is_missing() -> None:
    outcome = check(minimum="0.9").evaluate(make_facts(endpoints=()))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "no endpoint serves the model, success_rate needs ≥ 0.9"
    assert outcome.expected == "≥ 0.9"
    assert outcome.remedy == "serve the model on an endpoint first"


def test_every_endpoint_counts_and_the_gravest_are_told() -> None:
    facts = measured(fraud_scorer=answered(100, 20), fraud_shadow=answered(0), third=answered(100))
    outcome = check(minimum="0.9").evaluate(facts)
    assert outcome.kind is OutcomeKind.FAILED
    assert "fraud-scorer 0.8" in outcome.message
    assert "fraud-shadow" not in outcome.message
    both = measured(fraud_scorer=answered(100, 20), fraud_shadow=answered(10, 3))
    outcome = check(minimum="0.9").evaluate(both)
    assert outcome.message == (
        "success_rate of fraud-scorer 0.8 over 1 d (100 requests); "
        "success_rate of fraud-shadow 0.7 over 1 d (10 requests), needs ≥ 0.9"
    )
    assert outcome.observed == "0.8; 0.7"
    lacking = measured(fraud_shadow=answered(0), third=answered(100))
    assert check(minimum="0.9").evaluate(lacking).kind is OutcomeKind.MISSING


def test_latency_is_the_95th_percentile() -> None:
    assert latency("100", le_50=90, le_100=10).kind is OutcomeKind.PASSED
    slow = latency("60", le_50=90, le_100=10)
    assert (slow.kind, slow.observed) == (OutcomeKind.FAILED, "75 ms")
    assert slow.message == (
        "latency_p95_ms of fraud-scorer 75 ms over 1 d (100 requests), needs ≤ 60 ms"
    )
    assert (slow.expected, slow.unit) == ("≤ 60 ms", "ms")


def test_latency_above_all_that_is_measured_fails_or_cannot_be_told() -> None:
    beyond = latency("1000", le_1000=1, inf=99)
    assert (beyond.kind, beyond.observed) == (OutcomeKind.FAILED, "> 1000 ms")
    unknown = latency("2000", le_1000=1, inf=99)
    assert unknown.kind is OutcomeKind.ERRORED
    assert unknown.remedy == "look after the endpoint first: `/model endpoint NAME` shows it"
    least = check(LATENCY, minimum="500").evaluate(
        measured(fraud_scorer=Figures(latency={1000.0: 1, math.inf: 99}))
    )
    assert least.kind is OutcomeKind.PASSED


def test_requests_are_counted() -> None:
    facts = measured(fraud_scorer=Figures(requests=12))
    assert check(EndpointFigure.REQUESTS, minimum="10").evaluate(facts).kind is OutcomeKind.PASSED
    few = check(EndpointFigure.REQUESTS, minimum="13").evaluate(facts)
    assert (few.kind, few.observed, few.unit) == (OutcomeKind.FAILED, "12", "")
    assert few.message == "requests of fraud-scorer 12 over 1 d (12 requests), needs ≥ 13"


def test_it_needs_the_figures_of_its_window() -> None:
    assert check(minimum="0.9").needs.windows == {DAY}
