"""How sure a difference between two versions is, judged on the same examples."""

import hashlib
from collections.abc import Sequence
from math import ceil, comb, floor, fsum, sqrt
from operator import mul
from random import Random
from statistics import NormalDist

FEWEST = 30
"""Examples below which a mean tells nothing."""

RESAMPLED = 500
"""Examples up to which means are resampled; the mean of more is as good as normal."""

RESAMPLES = 1000

Interval = tuple[float, float]
EVERYTHING = (float("-inf"), float("inf"))


def mcnemar(lost: int, won: int) -> float:
    """Return the exact two-sided p-value of McNemar's test.

    Were the versions equally good, each example on which they differ would be lost or won by the
    toss of a coin: p = min(1, 2 P(X <= min(lost, won))) with X ~ Binomial(lost + won, 1/2).

    Source:
        McNemar, Psychometrika 12 (1947) 153; in its exact form Fay, "Exact McNemar's test and
        matching confidence intervals" (2010), section 2.
    """
    differing, fewer = lost + won, min(lost, won)
    tail = share = 1.0
    for k in range(fewer, 0, -1):
        share *= k / (differing - k + 1)
        tail += share
    return min(1.0, 2 * tail * (comb(differing, fewer) / (1 << differing)))


def share_interval(lost: int, won: int, examples: int, confidence: float) -> Interval:
    """Return the interval of the share of examples lost on balance.

    With p = (lost + 1)/(n + 2) and q = (won + 1)/(n + 2) it is
    (p - q) -+ z sqrt((p + q - (p - q)^2)/(n + 2)).

    Source:
        Bonett and Price, "Adjusted Wald confidence interval for a difference of binomial
        proportions based on paired data", Journal of Educational and Behavioral Statistics 37
        (2012) 479. Unlike the plain interval it does not shrink to nothing where no example
        differs.
    """
    total = examples + 2
    p, q = (lost + 1) / total, (won + 1) / total
    half = _z(confidence) * sqrt((p + q - (p - q) ** 2) / total)
    return max(-1.0, p - q - half), min(1.0, p - q + half)


def mean_interval(losses: Sequence[int], unit: int, confidence: float) -> Interval:
    """Return the interval of the mean loss; everything where there are too few examples.

    Up to `RESAMPLED` examples it is the percentile interval of the paired bootstrap: losses are
    drawn again with replacement, and of the sorted means the outer ones are cut off. Beyond, it is
    mean -+ z s/sqrt(n). Equal losses give equal intervals: the draws follow from the losses.

    Args:
        losses: Of each example, in whole parts of a unit.
        unit: How many parts make one.
        confidence: From 0 to 1.

    Source:
        Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    """
    if len(losses) < FEWEST:
        return EVERYTHING
    if len(losses) > RESAMPLED:
        return _normal(losses, unit, confidence)
    return _resampled([loss / unit for loss in losses], confidence)


def _normal(losses: Sequence[int], unit: int, confidence: float) -> Interval:
    count, total = len(losses), sum(losses)
    mean = total / (count * unit)
    deviations = count * sum(map(mul, losses, losses)) - total**2
    half = _z(confidence) * sqrt(deviations / (count**2 * (count - 1) * unit**2))
    return mean - half, mean + half


def _resampled(losses: list[float], confidence: float) -> Interval:
    draw = Random(_seed(losses))  # noqa: S311 - no secret: the same for everybody is the point
    count = len(losses)
    means = sorted(fsum(draw.choices(losses, k=count)) / count for _ in range(RESAMPLES))
    cut = RESAMPLES * (1 - confidence) / 2
    return means[floor(cut)], means[ceil(RESAMPLES - cut) - 1]


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _seed(losses: list[float]) -> int:
    return int.from_bytes(hashlib.sha256(repr(losses).encode()).digest())
