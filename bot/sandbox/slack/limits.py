"""Slack's rate limits as token buckets: per method by tier, and per channel for new messages."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Tier(IntEnum):
    """Calls per minute that Slack's tiers promise at least (docs.slack.dev, rate limits)."""

    TWO = 20
    THREE = 50
    FOUR = 100
    SPECIAL = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much the double lets through.

    Args:
        scale: Multiplies every tier; below 1 is tighter than Slack.
        posts_per_second: New messages per channel and second in the long run.
        post_burst: New messages per channel that may come at once.
    """

    scale: float = 1.0
    posts_per_second: float = 1.0
    post_burst: int = 5

    @classmethod
    def loose(cls) -> "Limits":
        """Return limits that no test reaches."""
        return cls(scale=1e6, posts_per_second=1e6, post_burst=1_000_000)


@dataclass(slots=True)
class Bucket:
    """A token bucket that starts full."""

    capacity: float
    per_second: float
    tokens: float
    at: float

    def wait_s(self) -> float:
        """Take one token and return 0, or return the seconds until there is one."""
        now = time.monotonic()
        self.tokens = min(self.capacity, self.tokens + (now - self.at) * self.per_second)
        self.at = now
        if self.tokens < 1:
            return (1 - self.tokens) / self.per_second
        self.tokens -= 1
        return 0.0


@dataclass(slots=True)
class RateLimiter:
    """Counts calls against the limits."""

    limits: Limits
    buckets: dict[str, Bucket] = field(default_factory=dict)

    def retry_after(self, method: str, tier: Tier, args: Mapping[str, object]) -> int:
        """Return 0 when the call may pass, or what Retry-After says, in whole seconds."""
        per_minute = max(1.0, tier * self.limits.scale)
        wait = self._bucket(method, per_minute, per_minute / 60).wait_s()
        if not wait and method == "chat.postMessage":
            key = f"{method} {args.get('channel')}"
            limits = self.limits
            wait = self._bucket(key, limits.post_burst, limits.posts_per_second).wait_s()
        return math.ceil(wait)

    def _bucket(self, key: str, capacity: float, per_second: float) -> Bucket:
        if key not in self.buckets:
            self.buckets[key] = Bucket(capacity, per_second, capacity, time.monotonic())
        return self.buckets[key]
