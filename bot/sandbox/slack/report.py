"""What the double saw of the app: calls, acknowledgement times and breaches of Slack's rules."""

import math
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from bot.sandbox.slack.people import Json


@dataclass(slots=True)
class Report:
    """A running account that tests and the page read at any time."""

    calls: Counter[str] = field(default_factory=Counter)
    acks: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    violations: list[Json] = field(default_factory=list)

    def violate(self, rule: str, detail: str, method: str | None = None) -> None:
        """Record a breach of one of Slack's rules."""
        breach: Json = {"rule": rule, "detail": detail, "at": time.time()}
        self.violations.append(breach | ({"method": method} if method else {}))

    def to_json(self) -> Json:
        """Return the body of `GET /human/report`; latencies are in milliseconds."""
        times = sorted(ms for each in self.acks.values() for ms in each)
        return {
            "calls": dict(self.calls),
            "acks": {kind: [round(ms, 2) for ms in each] for kind, each in self.acks.items()},
            "ack_ms": {
                "p50": percentile(times, 50),
                "p99": percentile(times, 99),
                "max": percentile(times, 100),
            },
            "violations": list(self.violations),
        }


def percentile(ordered: list[float], share: int) -> float | None:
    """Return the nearest-rank percentile of ordered values, None when there are none."""
    if not ordered:
        return None
    return round(ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)], 2)
