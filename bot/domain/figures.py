"""Figures of endpoints: what a metrics page shows, what a minute saw, what a period adds up to."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.names import EndpointName

MINUTE = timedelta(minutes=1)

Buckets = Mapping[float, int]
"""Requests by the upper bound of their latency in ms (``inf`` for the last), not cumulative."""

Series = Mapping[str, int]
"""A number by the labels of its series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an endpoint's metrics show at one moment; None for what they do not show.

    Attributes:
        latency: Buckets by the labels of their series.
        is_total: Whether counts began with the series; otherwise they are the last minute's.
        problem: Why something is missing, for people; may be empty.
    """

    at: datetime
    requests: Series | None = None
    client_errors: Series | None = None
    server_errors: Series | None = None
    latency: Mapping[str, Buckets] | None = None
    is_total: bool = False
    problem: str = ""

    @property
    def is_latency_total(self) -> bool:
        """Tell whether latencies began with the series.

        A histogram that holds more requests than the last minute had goes back further.
        """
        if self.is_total or self.requests is None or self.latency is None:
            return self.is_total
        held = sum(sum(buckets.values()) for buckets in self.latency.values())
        return held > sum(self.requests.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What an endpoint did between two moments; None for what nobody knows.

    Attributes:
        since: Begin of the time that it covers.
        at: End of that time.
    """

    endpoint: EndpointName
    since: datetime
    at: datetime
    requests: int | None = None
    client_errors: int | None = None
    server_errors: int | None = None
    latency: Buckets | None = None
    problem: str = ""

    @property
    def is_known(self) -> bool:
        """Tell whether it says anything."""
        return self.requests is not None or self.latency is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """A latency that a share of requests kept to.

    Attributes:
        is_over: Whether it lies somewhere above ``ms``, the largest bound that was measured.
    """

    ms: float
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What samples of a period add up to; None for what no sample knew.

    Attributes:
        judged: Requests of those samples that knew about server errors.
        newest: When the newest of them was taken; None where nobody knows.
    """

    requests: int | None = None
    client_errors: int | None = None
    server_errors: int | None = None
    judged: int = 0
    latency: Buckets | None = None
    newest: datetime | None = None

    @property
    def success_ratio(self) -> float | None:
        """Return the share of requests without a server error; None without any request.

        An answer 4xx is the asker's error: the endpoint worked.
        """
        if self.server_errors is None or not self.judged:
            return None
        return max(0.0, 1 - self.server_errors / self.judged)

    @property
    def p95(self) -> Quantile | None:
        """Return the latency that 95 % of the requests kept to; None without any request."""
        return quantile(self.latency or {}, 0.95)

    def plus(self, other: "Figures") -> "Figures":
        """Return both together."""
        return Figures(
            requests=_added(self.requests, other.requests),
            client_errors=_added(self.client_errors, other.client_errors),
            server_errors=_added(self.server_errors, other.server_errors),
            judged=self.judged + other.judged,
            latency=_merged(self.latency, other.latency),
            newest=max(filter(None, (self.newest, other.newest)), default=None),
        )


NO_FIGURES = Figures()


def figures_of(sample: Sample) -> Figures:
    """Return the figures of one sample."""
    knows = sample.requests is not None and sample.server_errors is not None
    return Figures(
        requests=sample.requests,
        client_errors=sample.client_errors,
        server_errors=sample.server_errors,
        judged=(sample.requests or 0) if knows else 0,
        latency=sample.latency,
    )


def sample_of(endpoint: EndpointName, before: Reading | None, now: Reading) -> Sample:
    """Return what an endpoint did up to a reading.

    Counts that began with their series give the difference to the reading before, series by
    series; a series that fell was reset and counts anew, one that was not there before began
    since. Without a reading before, nobody knows.
    """
    same_kind = before is not None and before.is_total == now.is_total
    known = before if same_kind else None
    since = before.at if now.is_latency_total and before else now.at - MINUTE
    total = now.is_total
    return Sample(
        endpoint=endpoint,
        since=since,
        at=now.at,
        requests=_count(known.requests if known else None, now.requests, is_total=total),
        client_errors=_count(
            known.client_errors if known else None, now.client_errors, is_total=total
        ),
        server_errors=_count(
            known.server_errors if known else None, now.server_errors, is_total=total
        ),
        latency=_latency(known, now),
        problem=now.problem,
    )


def with_latest(stored: Figures, last: Sample | None, live: Sample) -> Figures:
    """Return the figures of a period with what was just read, no request counted twice.

    Where the newest stored sample and the live one cover common time, the one that saw more
    requests counts: both are at most what there was.
    """
    if last is None or live.since >= last.at:
        return stored.plus(figures_of(live))
    if (live.requests or 0) <= (last.requests or 0):
        return stored
    return stored.plus(_negative(figures_of(last))).plus(figures_of(live))


def quantile(latency: Buckets, ratio: float) -> Quantile | None:
    """Return a quantile of bucketed latencies, linear within its bucket; None without requests.

    Source:
        Prometheus, ``histogram_quantile``: linear interpolation in the bucket that holds the
        rank; the largest finite bound when that is the ``+Inf`` bucket.
    """
    bounds = sorted(bound for bound, amount in latency.items() if amount > 0)
    rank = ratio * sum(latency[bound] for bound in bounds)
    below = 0
    for bound in bounds:
        if below + latency[bound] >= rank:
            return _within(latency, bound, (rank - below) / latency[bound])
        below += latency[bound]
    return None


def _within(latency: Buckets, bound: float, share: float) -> Quantile:
    floor = max((other for other in latency if other < bound), default=0.0)
    if math.isinf(bound):
        return Quantile(ms=floor, is_over=True)
    return Quantile(ms=floor + (bound - floor) * share)


def _count(before: Series | None, now: Series | None, *, is_total: bool) -> int | None:
    if now is None or (is_total and before is None):
        return None
    old = (before or {}) if is_total else {}
    return sum(_grown(old.get(labels, 0), value) for labels, value in now.items())


def _grown(before: int, now: int) -> int:
    return now if now < before else now - before


def _latency(before: Reading | None, now: Reading) -> Buckets | None:
    if now.latency is None:
        return None
    if not now.is_latency_total:
        return _sum(now.latency.values())
    if before is None or before.latency is None:
        return None
    return _sum(_fresh(before.latency.get(key, {}), new) for key, new in now.latency.items())


def _fresh(before: Buckets, now: Buckets) -> Buckets:
    if any(now.get(bound, 0) < amount for bound, amount in before.items()):
        return now
    return {bound: amount - before.get(bound, 0) for bound, amount in now.items()}


def _sum(many: Iterable[Buckets]) -> Buckets:
    """Return the buckets of all together; empty ones stay, for they bound their neighbours."""
    total: Counter[float] = Counter()
    for buckets in many:
        total.update(buckets)
    return dict(total)


def _merged(first: Buckets | None, second: Buckets | None) -> Buckets | None:
    known = [buckets for buckets in (first, second) if buckets is not None]
    return _sum(known) if known else None


def _added(first: int | None, second: int | None) -> int | None:
    return second if first is None else first + (second or 0)


def _negative(figures: Figures) -> Figures:
    return Figures(
        requests=-(figures.requests or 0),
        client_errors=None if figures.client_errors is None else -figures.client_errors,
        server_errors=None if figures.server_errors is None else -figures.server_errors,
        judged=-figures.judged,
        latency=None
        if figures.latency is None
        else {bound: -amount for bound, amount in figures.latency.items()},
    )
