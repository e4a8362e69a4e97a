"""How sure a difference between two versions is, judged on the same examples."""

from collections.abc import Sequence
from math import comb, sqrt
from operator import mul
from statistics import NormalDist

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


def mean_interval(losses: Sequence[int], reach: int, unit: int, confidence: float) -> Interval:
    """Return the interval of the mean loss; everything where nothing is known of its size.

    It is mean -+ (a + sqrt(a^2 + z^2 s^2/n)) with a = (z^2 + 2)/(3n) times the reach: s^2/n tells
    of the losses that the sample holds, a of the rare ones that it holds too few of. Of losses that
    happen seldom and cost the whole reach, k seen, that is k + c + sqrt(c^2 + z^2 k) with
    c = (z^2 + 2)/3, which is the second order of the exact limits of a Poisson mean and never
    inside them. So it does not shrink to nothing where no example differs.

    Args:
        losses: Of each example, in whole parts of a unit; at least two.
        reach: What one example may cost at the most, in the same parts.
        unit: How many parts make one.
        confidence: From 0 to 1; each bound is passed by chance in half of the rest.

    Source:
        Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936) 437; Cornish
        and Fisher, "Moments and cumulants in the specification of distributions" (1937).
    """
    count, total = len(losses), sum(losses)
    if not reach or count <= 1:
        return EVERYTHING
    whole, z = count * unit, NormalDist().inv_cdf((1 + confidence) / 2)
    deviations = count * sum(map(mul, losses, losses)) - total**2
    rare = (z**2 + 2) / 3 * (reach / whole)
    half = rare + sqrt(rare**2 + z**2 * (deviations / (whole**2 * (count - 1))))
    return max(-reach / unit, total / whole - half), min(reach / unit, total / whole + half)
