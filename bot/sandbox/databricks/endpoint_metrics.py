"""Endpoint metrics of the last minute, measured from real invocations, in Prometheus' text form."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

WINDOW_S = 60.0
BUCKETS_MS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000)
_CLIENT_ERROR, _SERVER_ERROR = 400, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One answered request: when (Unix seconds), by which entity, how, and how fast.

    Attributes:
        latency_ms: From the request's arrival to its answer.
        queued_ms: How much of that passed before the model was asked.
    """

    at: float
    endpoint: str
    entity: str
    status: int
    latency_ms: float
    queued_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """What a served entity runs on.

    Attributes:
        concurrency: Requests that it is provisioned for at a time.
        memory_percentage: None where nobody measures it; the page then has no such family.
    """

    concurrency: int
    memory_percentage: float | None = None


_Entity = tuple[str, Sequence[Invocation], Provision | None]


class InvocationLog:
    """The invocations of the last minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._recent: deque[Invocation] = deque()

    def record(self, invocation: Invocation) -> None:
        """Add an invocation."""
        self._recent.append(invocation)
        self._forget_old()

    def text(self, endpoint: str, provisions: Mapping[str, Provision]) -> str:
        """Return the endpoint's page: the entities given and those that answered just before.

        All families but the histograms are gauges of the last minute, in spite of names in
        `_total`; each sample ends with its time in ms.
        """
        self._forget_old()
        seen: dict[str, list[Invocation]] = {entity: [] for entity in provisions}
        for invocation in self._recent:
            if invocation.endpoint == endpoint:
                seen.setdefault(invocation.entity, []).append(invocation)
        entities = [(name, found, provisions.get(name)) for name, found in seen.items()]
        return _page(endpoint, entities, round(self._clock() * 1000))

    def _forget_old(self) -> None:
        oldest = self._clock() - WINDOW_S
        while self._recent and self._recent[0].at < oldest:
            self._recent.popleft()


def _page(endpoint: str, entities: Sequence[_Entity], at_ms: int) -> str:
    lines: list[str] = []
    for name, (explained, measure) in _GAUGES.items():
        samples = [
            f"{name}{{{_labels(endpoint, entity)}}} {value:.12g} {at_ms}"
            for entity, seen, provision in entities
            if (value := measure(seen, provision)) is not None
        ]
        lines += [*_head(name, "gauge", explained), *samples] if samples else []
    for name, (explained, latency) in _HISTOGRAMS.items():
        lines += _head(name, "histogram", explained)
        for entity, seen, _ in entities:
            filled = _histogram(name, _labels(endpoint, entity), [latency(i) for i in seen])
            lines += [f"{sample} {at_ms}" for sample in filled]
    return "".join(f"{line}\n" for line in lines)


def _head(name: str, kind: str, explained: str) -> list[str]:
    return [f"# HELP {name} {explained}", f"# TYPE {name} {kind}"]


def _labels(endpoint: str, entity: str) -> str:
    return f'endpoint="{endpoint}",served_entity="{entity}"'


def _histogram(name: str, labels: str, values: Sequence[float]) -> Iterable[str]:
    in_bucket = [0] * (len(BUCKETS_MS) + 1)
    for value in values:
        in_bucket[bisect_left(BUCKETS_MS, value)] += 1
    bounds = [*map(str, BUCKETS_MS), "+Inf"]
    for bound, count in zip(bounds, accumulate(in_bucket), strict=True):
        yield f'{name}_bucket{{{labels},le="{bound}"}} {count}'
    yield f"{name}_sum{{{labels}}} {sum(values):.3f}"
    yield f"{name}_count{{{labels}}} {len(values)}"


def _cpu(seen: Sequence[Invocation], provision: Provision | None) -> float | None:
    """Return the share of the minute that the provisioned places spent on requests."""
    if provision is None:
        return None
    busy_ms = sum(invocation.latency_ms - invocation.queued_ms for invocation in seen)
    return min(100.0, busy_ms / (10 * WINDOW_S * provision.concurrency))


def _memory(_: Sequence[Invocation], provision: Provision | None) -> float | None:
    return None if provision is None else provision.memory_percentage


def _concurrency(_: Sequence[Invocation], provision: Provision | None) -> float | None:
    return None if provision is None else provision.concurrency


def _requests(seen: Sequence[Invocation], _: Provision | None) -> float:
    return len(seen)


def _client_errors(seen: Sequence[Invocation], _: Provision | None) -> float:
    return sum(_CLIENT_ERROR <= invocation.status < _SERVER_ERROR for invocation in seen)


def _server_errors(seen: Sequence[Invocation], _: Provision | None) -> float:
    return sum(invocation.status >= _SERVER_ERROR for invocation in seen)


_Measure = Callable[[Sequence[Invocation], Provision | None], float | None]
_GAUGES: dict[str, tuple[str, _Measure]] = {
    "cpu_usage_percentage": ("Average CPU utilization over the last minute", _cpu),
    "mem_usage_percentage": ("Average memory utilization over the last minute", _memory),
    "provisioned_concurrent_requests_total": ("Provisioned concurrency", _concurrency),
    "request_count_total": ("Requests over the last minute", _requests),
    "request_4xx_count_total": ("4xx errors over the last minute", _client_errors),
    "request_5xx_count_total": ("5xx errors over the last minute", _server_errors),
}
_HISTOGRAMS: dict[str, tuple[str, Callable[[Invocation], float]]] = {
    "request_latency_ms": ("Round-trip latency in milliseconds", lambda i: i.latency_ms),
    "model_queue_time_ms": ("Time in the queue in milliseconds", lambda i: i.queued_ms),
}
