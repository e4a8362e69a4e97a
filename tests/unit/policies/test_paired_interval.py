"""Intervals and tests on paired answers."""

from collections.abc import Callable
from math import exp, sqrt
from random import Random
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.paired_interval import EVERYTHING, mcnemar, mean_interval

Draw = Callable[[Random], int]


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


def test_interval_is_that_of_the_formula() -> None:
    # By hand: z = 1.959964, so that a = (z^2 + 2)/300 = 0.019471; of 100 losses 10 are 1.
    half = 0.019471 + (0.019471**2 + 1.959964**2 * (0.09 / 99)) ** 0.5
    interval = mean_interval([1] * 10 + [0] * 90, 1, 1, 0.95)
    assert interval == pytest.approx((0.1 - half, 0.1 + half), rel=1e-4)


@given(losses=st.lists(st.integers(-9, 9), min_size=2, max_size=60))
def test_interval_turns_over_when_the_versions_change_places(losses: list[int]) -> None:
    low, high = mean_interval(losses, 10, 10, 0.9)
    assert mean_interval([-loss for loss in losses], 10, 10, 0.9) == (-high, -low)
    assert -1 <= low < high <= 1


@given(reach=st.integers(1, 50), more=st.integers(1, 50))
def test_interval_grows_with_what_one_example_may_cost(reach: int, more: int) -> None:
    losses = [-1, 0, 0, 1] * 500
    low, high = mean_interval(losses, reach, 1, 0.95)
    wider = mean_interval(losses, reach + more, 1, 0.95)
    assert wider[0] < low < 0 < high < wider[1]


@pytest.mark.parametrize(("losses", "reach"), [([0] * 5000, 0), ([1], 1), ([], 1)])
def test_nothing_is_known_without_two_losses_and_their_size(losses: list[int], reach: int) -> None:
    assert mean_interval(losses, reach, 1, 0.95) == EVERYTHING


def test_examples_that_do_not_differ_still_leave_doubt() -> None:
    # Where 1 in 16 is lost, no loss is seen among 60 examples about once in 50 times.
    low, high = mean_interval([0] * 60, 3, 1, 0.95)
    assert low == -high
    assert high == pytest.approx(3 * 2 * 1.9471 / 60, rel=1e-3)


@pytest.mark.parametrize("size", [3, 1000, 10**20])
def test_noise_of_many_examples_is_the_normal_one(size: int) -> None:
    draw = Random(size)  # noqa: S311 - made-up numbers
    losses = [draw.randint(-size, 2 * size) for _ in range(6000)]
    plain = [loss / 1000 for loss in losses]
    half = 1.959963984540054 * sqrt(variance(plain) / 6000)
    low, high = mean_interval(losses, 2 * size, 1000, 0.95)
    assert (low + high) / 2 == pytest.approx(fmean(plain), rel=1e-9)
    assert half < (high - low) / 2 < 1.06 * half


def test_losses_of_any_unit_are_judged_alike() -> None:
    losses = [number * number for number in range(60)]
    finer = [loss * 1000 for loss in losses]
    interval = mean_interval(losses, 3600, 1, 0.9)
    assert mean_interval(finer, 3600_000, 1000, 0.9) == pytest.approx(interval)


def at_most(seen: int, expected: float) -> float:
    """Return the chance of at most so many where so many are expected, by Poisson."""
    chance = total = exp(-expected)
    for number in range(1, seen + 1):
        chance *= expected / number
        total += chance
    return total


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
@pytest.mark.parametrize("seen", [0, 1, 2, 3, 5, 10, 30, 100])
def test_rare_losses_are_never_taken_for_rarer_than_the_exact_limit(
    seen: int, confidence: float
) -> None:
    examples = 10**6
    _, high = mean_interval([1] * seen + [0] * (examples - seen), 1, 1, confidence)
    chance = at_most(seen, high * examples)
    assert (1 - confidence) / 6 < chance <= (1 - confidence) / 2


def rare(chance: float, noise: int = 0) -> Draw:
    """Return losses of 1000 that happen seldom, in the noise of all the others."""
    return lambda draw: 1000 if draw.random() < chance else round(draw.gauss(0, noise))


def normal(mean: int) -> Draw:
    """Return losses that are spread normally; hardly one is more than 4000."""
    return lambda draw: round(draw.gauss(mean, 1000))


def skewed(mean: int) -> Draw:
    """Return losses, most of them small and some many times the mean."""
    return lambda draw: round(draw.expovariate(1 / mean))


LIMITS = [
    *[(n, rare(0.05), 50) for n in (30, 50, 501)],
    *[(n, rare(0.02), 20) for n in (30, 50, 501)],
    (501, rare(0.004), 4),
    (501, rare(0.007), 7),
    *[(n, rare(0.02, noise=10), 20) for n in (30, 50, 501)],
    *[(n, normal(20), 20) for n in (30, 50, 501)],
    *[(n, skewed(200), 200) for n in (30, 50, 501)],
]


@pytest.mark.parametrize(("count", "loss", "limit"), LIMITS)
def test_of_models_just_at_the_limit_few_pass(count: int, loss: Draw, limit: int) -> None:
    draw, runs, passed = Random(count), 400, 0  # noqa: S311 - made-up losses
    for _ in range(runs):
        losses = [loss(draw) for _ in range(count)]
        reach = max(1000, max(losses) - min(losses))
        _, high = mean_interval(losses, reach, 1, 0.95)
        passed += high <= limit
    chance = 0.025
    assert passed / runs <= chance + 3 * sqrt(chance * (1 - chance) / runs)


@pytest.mark.parametrize(("count", "loss", "_"), LIMITS)
def test_the_interval_holds_that_of_the_paired_bootstrap(count: int, loss: Draw, _: int) -> None:
    draw = Random(count)  # noqa: S311 - made-up losses
    losses = [loss(draw) for _ in range(count)]
    low, high = mean_interval(losses, max(1000, max(losses) - min(losses)), 1, 0.95)
    means = sorted(fmean(draw.choices(losses, k=count)) for _ in range(400))
    assert low <= means[10] <= means[-11] <= high


@pytest.mark.parametrize(
    ("count", "loss", "limit"), [(501, rare(0.004), 30), (501, normal(0), 250)]
)
def test_most_models_well_within_the_limit_pass(count: int, loss: Draw, limit: int) -> None:
    draw, runs, passed = Random(count), 100, 0  # noqa: S311 - made-up losses
    for _ in range(runs):
        losses = [loss(draw) for _ in range(count)]
        passed += mean_interval(losses, max(1000, max(losses) - min(losses)), 1, 0.95)[1] <= limit
    assert passed >= 0.9 * runs
