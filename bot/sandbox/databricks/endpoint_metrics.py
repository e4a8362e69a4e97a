"""Endpoint metrics of the last minute, measured from real invocations, in Prometheus' text form."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

WINDOW_S = 60.0
BUCKETS_MS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000)
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One answered request: when (Unix seconds), by which entity, how, and how fast."""

    at: float
    endpoint: str
    entity: str
    status: int
    latency_ms: float


class InvocationLog:
    """The invocations of the last minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._recent: deque[Invocation] = deque()

    def record(self, invocation: Invocation) -> None:
        """Add an invocation."""
        self._recent.append(invocation)
        self._forget_old()

    def text(self, endpoint: str, entities: Sequence[str]) -> str:
        """Return the endpoint's metrics; the request gauges hold the last minute's values."""
        self._forget_old()
        at_ms = round(self._clock() * 1000)
        lines: list[str] = []
        for entity in entities:
            seen = [i for i in self._recent if (i.endpoint, i.entity) == (endpoint, entity)]
            labels = f'endpoint="{endpoint}",served_entity="{entity}"'
            lines += [*_gauges(seen, labels), *_histogram(seen, labels)]
        return "".join(f"{line} {at_ms}\n" for line in lines)

    def _forget_old(self) -> None:
        oldest = self._clock() - WINDOW_S
        while self._recent and self._recent[0].at < oldest:
            self._recent.popleft()


def _gauges(seen: Sequence[Invocation], labels: str) -> Iterable[str]:
    client_errors = sum(_CLIENT_ERROR <= i.status < _SERVER_ERROR for i in seen)
    server_errors = sum(i.status >= _SERVER_ERROR for i in seen)
    yield f"request_count_total{{{labels}}} {len(seen)}"
    yield f"request_4xx_count_total{{{labels}}} {client_errors}"
    yield f"request_5xx_count_total{{{labels}}} {server_errors}"


def _histogram(seen: Sequence[Invocation], labels: str) -> Iterable[str]:
    in_bucket = [0] * (len(BUCKETS_MS) + 1)
    for invocation in seen:
        in_bucket[bisect_left(BUCKETS_MS, invocation.latency_ms)] += 1
    bounds = [*map(str, BUCKETS_MS), "+Inf"]
    for bound, count in zip(bounds, accumulate(in_bucket), strict=True):
        yield f'request_latency_ms_bucket{{{labels},le="{bound}"}} {count}'
    yield f"request_latency_ms_sum{{{labels}}} {sum(i.latency_ms for i in seen):.3f}"
    yield f"request_latency_ms_count{{{labels}}} {len(seen)}"
