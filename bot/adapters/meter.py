"""What Herald counts of itself, in Prometheus' form."""

import time
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import aiohttp
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

ACK_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3)
"""Seconds; Slack gives up after three."""
CALL_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25)
SLACK = "Slack"

OK, REFUSED, UNAVAILABLE = "ok", "refused", "unavailable"
"""How a call ended: as asked, with a no, or without a usable answer."""

Heard = Callable[[float], None]
"""Takes the seconds of an acknowledgement."""
Called = Callable[[str, str, float], None]
"""Takes a back end, how the call ended, and its seconds."""


def not_counted(*_: object) -> None:
    """Count nothing."""


class Meter:
    """Counts in a registry of its own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._acks = Histogram(
            "herald_ack_seconds",
            "From a payload of Slack to its acknowledgement.",
            registry=registry,
            buckets=ACK_BUCKETS,
        )
        self._calls = Counter(
            "herald_back_end_calls",
            "Calls to back ends by how they ended.",
            ["back_end", "outcome"],
            registry=registry,
        )
        self._call_seconds = Histogram(
            "herald_back_end_call_seconds",
            "How long calls to back ends took.",
            ["back_end"],
            registry=registry,
            buckets=CALL_BUCKETS,
        )
        self._gauges: dict[str, Gauge] = {}

    def acked(self, seconds: float) -> None:
        """Count an acknowledgement."""
        self._acks.observe(seconds)

    def called(self, back_end: str, outcome: str, seconds: float) -> None:
        """Count a call to a back end."""
        self._calls.labels(back_end, outcome).inc()
        self._call_seconds.labels(back_end).observe(seconds)

    def show(self, name: str, help_: str, value: float) -> None:
        """Show a value as it is now."""
        if name not in self._gauges:
            self._gauges[name] = Gauge(name, help_, registry=self._registry)
        self._gauges[name].set(value)

    def show_each(self, name: str, help_: str, label: str, values: Mapping[str, int]) -> None:
        """Show a value for each word of a label."""
        if name not in self._gauges:
            self._gauges[name] = Gauge(name, help_, [label], registry=self._registry)
        for word, value in values.items():
            self._gauges[name].labels(word).set(value)

    def page(self) -> bytes:
        """Return everything in Prometheus' text form."""
        return generate_latest(self._registry)

    def of_slack(self) -> aiohttp.TraceConfig:
        """Return what counts the calls of a session to Slack.

        Slack's own refusals come with HTTP 200 and count as answered.
        """
        trace = aiohttp.TraceConfig()

        async def began(_session: object, call: SimpleNamespace, _params: object) -> None:
            call.began = time.perf_counter()

        async def ended(
            _session: object, call: SimpleNamespace, done: aiohttp.TraceRequestEndParams
        ) -> None:
            outcome = OK if done.response.ok else REFUSED
            self.called(SLACK, outcome, time.perf_counter() - call.began)

        async def failed(_session: object, call: SimpleNamespace, _params: object) -> None:
            self.called(SLACK, UNAVAILABLE, time.perf_counter() - call.began)

        trace.on_request_start.append(began)
        trace.on_request_end.append(ended)
        trace.on_request_exception.append(failed)
        return trace
