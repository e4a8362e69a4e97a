"""Intervals and tests on paired answers."""

from math import sqrt
from random import Random
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.resampling import EVERYTHING, mcnemar, mean_interval, share_interval


@pytest.mark.parametrize(
    ("lost", "won", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 1.0),
        (5, 5, 1.0),
        (6, 0, 2 / 64),
        (10, 2, 2 * (1 + 12 + 66) / 4096),
        (2, 10, 2 * (1 + 12 + 66) / 4096),
    ],
)
def test_mcnemar_counts_tosses_of_a_coin(lost: int, won: int, p: float) -> None:
    assert mcnemar(lost, won) == pytest.approx(p, rel=1e-15)


def test_mcnemar_takes_large_numbers() -> None:
    assert mcnemar(3000, 1000) == pytest.approx(0.0, abs=1e-200)
    assert mcnemar(2000, 2000) == 1.0


def test_share_interval_is_that_of_the_formula() -> None:
    # By hand: n = 98, so that the total is 100; p = 0.11, q = 0.03.
    low, high = share_interval(10, 2, 98, 0.95)
    half = 1.959964 * (0.14 - 0.08**2) ** 0.5 / 10
    assert (low, high) == pytest.approx((0.08 - half, 0.08 + half), rel=1e-6)


def test_share_interval_is_wide_where_few_examples_agree() -> None:
    low, high = share_interval(0, 0, 5, 0.95)
    assert low == -high
    assert high > 0.3


@given(lost=st.integers(0, 300), won=st.integers(0, 300), same=st.integers(1, 300))
def test_share_interval_turns_over_when_the_versions_change_places(
    lost: int, won: int, same: int
) -> None:
    low, high = share_interval(lost, won, lost + won + same, 0.9)
    other = share_interval(won, lost, lost + won + same, 0.9)
    assert other == pytest.approx((-high, -low))
    assert low < high


def test_mean_of_few_examples_tells_nothing() -> None:
    assert mean_interval([1] * 29, 1, 0.95) == EVERYTHING
    assert mean_interval([1] * 30, 10, 0.95) == (0.1, 0.1)


def test_mean_interval_is_the_same_each_time_and_holds_the_mean() -> None:
    draw = Random(1)  # noqa: S311 - made-up numbers
    losses = [round(draw.gauss(2000, 1000)) for _ in range(100)]
    low, high = mean_interval(losses, 1000, 0.95)
    assert (low, high) == mean_interval(list(losses), 1000, 0.95)
    assert low < sum(losses) / 100_000 < high


@pytest.mark.parametrize("count", [500, 501])
def test_resampled_and_normal_intervals_agree_where_one_takes_over(count: int) -> None:
    draw = Random(7)  # noqa: S311 - made-up numbers
    losses = [round(draw.gauss(0, 1000)) for _ in range(count)]
    low, high = mean_interval(losses, 1000, 0.95)
    mean = sum(losses) / count / 1000
    assert (mean - low, high - mean) == pytest.approx((0.088, 0.088), abs=0.01)


def test_intervals_hold_the_true_loss_about_as_often_as_they_say() -> None:
    draw, held = Random(3), 0  # noqa: S311 - made-up answers
    for _ in range(400):
        kinds = draw.choices(("lost", "won", "same"), weights=(8, 4, 88), k=200)
        low, high = share_interval(kinds.count("lost"), kinds.count("won"), 200, 0.95)
        held += low <= 0.04 <= high
    assert 372 <= held <= 392


@pytest.mark.parametrize(("confidence", "interval"), [(0.95, (16.0, 23.35)), (0.9, (16.6, 22.525))])
def test_as_many_means_are_cut_off_below_as_above(
    confidence: float, interval: tuple[float, float]
) -> None:
    assert mean_interval(range(40), 1, confidence) == interval


@pytest.mark.parametrize("size", [3, 1000, 10**20])
def test_interval_of_many_losses_is_the_normal_one(size: int) -> None:
    draw = Random(size)  # noqa: S311 - made-up numbers
    losses = [draw.randint(-size, 2 * size) for _ in range(600)]
    plain = [loss / 1000 for loss in losses]
    half = 1.959963984540054 * stdev(plain) / sqrt(600)
    interval = (fmean(plain) - half, fmean(plain) + half)
    assert mean_interval(losses, 1000, 0.95) == pytest.approx(interval, rel=1e-9)


def test_many_equal_losses_leave_no_doubt() -> None:
    assert mean_interval([1] * 5000, 10, 0.95) == (0.1, 0.1)


@pytest.mark.parametrize(("count", "is_normal"), [(500, False), (501, True)])
def test_up_to_500_losses_are_resampled(count: int, is_normal: bool) -> None:  # noqa: FBT001 - row of a table
    losses = [0] * (count - 3) + [1000] * 3
    low, high = mean_interval(losses, 1, 0.95)
    middle = 3000 / count
    assert ((high + low) / 2 == pytest.approx(middle)) is is_normal


def test_losses_of_any_unit_are_resampled_alike() -> None:
    losses = [number * number for number in range(60)]
    finer = [loss * 1000 for loss in losses]
    assert mean_interval(finer, 1000, 0.9) == mean_interval(losses, 1, 0.9)
