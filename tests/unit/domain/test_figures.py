"""From pages to minutes, from minutes to periods, from buckets to quantiles."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures import (
    MINUTE,
    NO_FIGURES,
    Buckets,
    Figures,
    Quantile,
    Reading,
    Sample,
    figures_of,
    quantile,
    sample_of,
    with_latest,
)
from tests.builders import ENDPOINT, NOW

BOUNDS = [5.0, 50.0, 500.0, math.inf]
BUCKETS = st.dictionaries(st.sampled_from(BOUNDS), st.integers(min_value=0, max_value=99))


def window(requests: int = 10, **fields: Any) -> Reading:
    """Return a page of last-minute gauges."""
    known = {"client_errors": {"a": 1}, "server_errors": {"a": 2}, "latency": {"a": {50.0: 10}}}
    return Reading(at=NOW, requests={"a": requests}, **{**known, **fields})


def totals(minutes: int, **requests: int) -> Reading:
    """Return a page of counters."""
    return Reading(
        at=NOW + minutes * MINUTE,
        requests=requests,
        server_errors=dict.fromkeys(requests, 0),
        latency={key: {50.0: value} for key, value in requests.items()},
        is_total=True,
    )


def sample(since_s: int, at_s: int, requests: int | None, **fields: Any) -> Sample:
    return Sample(
        endpoint=ENDPOINT,
        since=NOW + timedelta(seconds=since_s),
        at=NOW + timedelta(seconds=at_s),
        requests=requests,
        **fields,
    )


def test_gauges_are_the_last_minute() -> None:
    seen = sample_of(ENDPOINT, window(requests=99), window())
    assert (seen.endpoint, seen.since, seen.at) == (ENDPOINT, NOW - MINUTE, NOW)
    assert (seen.requests, seen.client_errors, seen.server_errors) == (10, 1, 2)
    assert seen.latency == {50.0: 10}


def test_series_of_several_entities_add_up() -> None:
    both = window(requests=0, latency={"a": {5.0: 1, 50.0: 2}, "b": {50.0: 4}})
    assert both.requests == {"a": 0}
    two = Reading(at=NOW, requests={"a": 4, "b": 3}, latency=both.latency)
    seen = sample_of(ENDPOINT, None, two)
    assert (seen.requests, seen.latency) == (7, {5.0: 1, 50.0: 6})


def test_what_a_page_does_not_show_is_not_zero() -> None:
    seen = sample_of(ENDPOINT, None, Reading(at=NOW, requests={"a": 0}, problem="no latency"))
    assert (seen.requests, seen.server_errors, seen.latency) == (0, None, None)
    assert (seen.is_known, seen.problem) == (True, "no latency")
    blank = sample_of(ENDPOINT, None, Reading(at=NOW))
    assert not blank.is_known


def test_counters_give_the_difference() -> None:
    seen = sample_of(ENDPOINT, totals(0, a=100), totals(3, a=130))
    assert (seen.since, seen.at) == (NOW, NOW + 3 * MINUTE)
    assert (seen.requests, seen.latency) == (30, {50.0: 30})


def test_errors_that_were_counted_before_are_not_counted_again() -> None:
    before = replace(totals(0, a=100), client_errors={"a": 20}, server_errors={"a": 3})
    now = replace(totals(1, a=110), client_errors={"a": 24}, server_errors={"a": 5})
    seen = sample_of(ENDPOINT, before, now)
    assert (seen.requests, seen.client_errors, seen.server_errors) == (10, 4, 2)


def test_a_first_look_at_counters_tells_nothing() -> None:
    seen = sample_of(ENDPOINT, None, totals(0, a=100))
    assert (seen.requests, seen.latency) == (None, None)


def test_gauges_before_counters_tell_nothing() -> None:
    assert sample_of(ENDPOINT, window(), totals(1, a=100)).requests is None


def test_a_counter_that_fell_counts_anew() -> None:
    seen = sample_of(ENDPOINT, totals(0, a=100), totals(1, a=7))
    assert (seen.requests, seen.latency) == (7, {50.0: 7})


def test_a_counter_that_stands_still_counts_nothing() -> None:
    seen = sample_of(ENDPOINT, totals(0, a=100), totals(1, a=100))
    assert (seen.requests, seen.latency) == (0, {50.0: 0})


def test_a_histogram_that_lost_a_bucket_was_reset() -> None:
    before, now = totals(0, a=100), totals(1, a=104)
    had = replace(before, latency={"a": {5.0: 1, 50.0: 1}})
    assert sample_of(ENDPOINT, had, now).latency == {50.0: 104}


def test_each_series_is_reset_by_itself() -> None:
    before, now = totals(0, a=1000, b=500), totals(1, a=1004, c=3)
    assert sample_of(ENDPOINT, before, now).requests == 7


def test_counters_without_errors_before_know_no_errors_now() -> None:
    before = Reading(at=NOW, requests={"a": 1}, is_total=True)
    seen = sample_of(ENDPOINT, before, totals(1, a=5))
    assert (seen.requests, seen.server_errors, seen.latency) == (4, None, None)


def test_a_histogram_with_more_than_the_last_minute_goes_back_further() -> None:
    before = window(requests=10, latency={"a": {50.0: 100}})
    now = window(requests=10, latency={"a": {50.0: 108, 500.0: 2}})
    assert (window().is_latency_total, now.is_latency_total) == (False, True)
    since = sample_of(ENDPOINT, replace(before, at=NOW - 3 * MINUTE), now)
    assert (since.since, since.latency) == (NOW - 3 * MINUTE, {50.0: 8, 500.0: 2})
    assert sample_of(ENDPOINT, None, now).latency is None


def test_without_requests_a_histogram_is_taken_as_it_is() -> None:
    alone = Reading(at=NOW, latency={"a": {50.0: 100}})
    assert sample_of(ENDPOINT, None, alone).latency == {50.0: 100}


def test_success_counts_server_errors_only() -> None:
    figures = figures_of(sample(0, 60, 10, client_errors=5, server_errors=1))
    assert figures.success_ratio == pytest.approx(0.9)
    assert figures.client_errors == 5


@pytest.mark.parametrize(("requests", "errors"), [(0, {"server_errors": 0}), (5, {}), (None, {})])
def test_without_requests_or_errors_known_there_is_no_success(
    requests: int | None, errors: dict[str, Any]
) -> None:
    assert figures_of(sample(0, 60, requests, **errors)).success_ratio is None


def test_success_is_judged_on_minutes_that_knew_of_errors() -> None:
    known = figures_of(sample(0, 60, 10, server_errors=5))
    silent = figures_of(sample(60, 120, 90))
    assert (known.plus(silent).requests, known.plus(silent).success_ratio) == (100, 0.5)


def test_nothing_added_changes_nothing() -> None:
    figures = Figures(requests=1, client_errors=0, server_errors=0, judged=1, latency={5.0: 1})
    assert figures.plus(NO_FIGURES) == figures == NO_FIGURES.plus(figures)
    assert NO_FIGURES.plus(NO_FIGURES) == NO_FIGURES


def test_the_newest_sample_of_both_is_the_newest() -> None:
    early, late = Figures(newest=NOW), Figures(newest=NOW + 60 * MINUTE)
    assert early.plus(late) == late == late.plus(early)
    assert early.plus(NO_FIGURES) == early == NO_FIGURES.plus(early)


@given(BUCKETS, BUCKETS)
def test_latencies_add_up_in_any_order(one: Buckets, other: Buckets) -> None:
    first, second = Figures(latency=one), Figures(latency=other)
    assert first.plus(second) == second.plus(first)


@pytest.mark.parametrize(
    ("latency", "expected"),
    [
        ({}, None),
        ({50.0: 0}, None),
        ({100.0: 20}, Quantile(ms=95)),
        ({50.0: 0, 100.0: 20}, Quantile(ms=97.5)),
        ({50.0: 95, 100.0: 5}, Quantile(ms=50)),
        ({50.0: 90, 100.0: 10}, Quantile(ms=75)),
        ({50.0: 95, math.inf: 5}, Quantile(ms=50)),
        ({50.0: 10, math.inf: 10}, Quantile(ms=50, is_over=True)),
        ({math.inf: 1}, Quantile(ms=0, is_over=True)),
    ],
)
def test_p95_is_linear_within_its_bucket(latency: Buckets, expected: Quantile | None) -> None:
    assert Figures(latency=latency).p95 == expected


@given(BUCKETS.filter(lambda b: sum(b.values()) > 0))
def test_a_quantile_lies_in_a_bucket_that_holds_requests(latency: Buckets) -> None:
    found = quantile(latency, 0.95)
    assert found is not None
    bounds = [bound for bound, amount in latency.items() if amount]
    assert 0 <= found.ms <= max(bounds)
    assert found.is_over == (math.inf in bounds and found.ms == _below_inf(latency))


def _below_inf(latency: Buckets) -> float:
    finite = [bound for bound in latency if not math.isinf(bound)]
    in_last = latency[math.inf] > 0.05 * sum(latency.values())
    return max(finite, default=0.0) if in_last else -1.0


STORED = figures_of(sample(-600, 0, 100, server_errors=4, client_errors=1, latency={50.0: 100}))
LAST = sample(-60, 0, 10, server_errors=2, client_errors=1, latency={50.0: 10})


def test_what_was_just_read_is_added() -> None:
    live = sample(0, 30, 3, server_errors=0, latency={5.0: 3})
    assert with_latest(STORED, LAST, live).requests == 103
    assert with_latest(NO_FIGURES, None, live).requests == 3


def test_of_two_looks_at_one_time_the_fuller_counts() -> None:
    fuller = sample(-30, 30, 25, server_errors=0, client_errors=0, latency={50.0: 20, 5.0: 5})
    seen = with_latest(STORED, LAST, fuller)
    assert (seen.requests, seen.server_errors, seen.judged) == (115, 2, 115)
    assert seen.client_errors == 0
    assert seen.latency == {50.0: 110, 5.0: 5}
    assert with_latest(STORED, LAST, sample(-30, 30, 4)) == STORED
    assert with_latest(STORED, LAST, sample(-30, 30, 10, server_errors=0)) == STORED
    assert with_latest(STORED, LAST, sample(-30, 30, None)) == STORED


def test_a_look_that_knew_little_is_taken_back_as_it_was() -> None:
    little = sample(-60, 0, None)
    live = sample(-30, 30, 4, server_errors=1)
    assert with_latest(STORED, little, live).requests == 104
    assert with_latest(STORED, little, sample(-30, 30, 1)).requests == 101


def test_two_looks_that_knew_nothing_leave_it_unknown() -> None:
    nothing = sample(-30, 30, None)
    assert with_latest(NO_FIGURES, sample(-60, 0, None), nothing) == NO_FIGURES
