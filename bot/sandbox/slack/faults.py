"""Faults that a tester injects on purpose; what they cause is never the app's violation."""

import time
from dataclasses import dataclass, field
from enum import StrEnum

from bot.sandbox.slack.people import Json


class FaultKind(StrEnum):
    """What can be made to go wrong."""

    DROP_LINK = "drop_link"
    SILENT_CLOSE = "silent_close"
    REFRESH = "refresh"
    LINK_DISABLED = "link_disabled"
    RATE_LIMIT = "rate_limit"
    API_ERROR = "api_error"
    SLOW_API = "slow_api"


@dataclass(slots=True, kw_only=True)
class Fault:
    """One injected fault.

    Args:
        method: The only Web API method it touches (`response_url` for those); None for all.
        count: How many calls it still touches; None for no limit.
        seconds: `slow_api`: the delay of each call; `rate_limit`: what Retry-After says; for the
            others how long the fault lasts.
        error: The error name that `api_error` answers.
    """

    kind: FaultKind
    method: str | None = None
    count: int | None = None
    seconds: float | None = None
    error: str | None = None
    since: float = field(default_factory=time.monotonic)

    def applies_to(self, method: str) -> bool:
        """Tell whether a call of `method` now meets this fault."""
        return self.method in (None, method) and self.count != 0 and not self.is_over

    @property
    def is_over(self) -> bool:
        """Tell whether its time has passed."""
        lasting = self.kind in (FaultKind.API_ERROR, FaultKind.RATE_LIMIT, FaultKind.LINK_DISABLED)
        if not lasting or self.seconds is None:
            return False
        return time.monotonic() > self.since + self.seconds

    @property
    def remaining_s(self) -> float:
        """Return the seconds until it ends; 1 when it is limited by count alone."""
        if self.seconds is None:
            return 1.0
        return max(0.0, self.since + self.seconds - time.monotonic())


@dataclass(slots=True)
class Faults:
    """The faults that stand now."""

    active: list[Fault] = field(default_factory=list)

    def take(self, kind: FaultKind, method: str) -> Fault | None:
        """Return the first standing fault of that kind for the method, using it up by one."""
        for fault in self.active:
            if fault.kind is kind and fault.applies_to(method):
                if fault.count is not None:
                    fault.count -= 1
                return fault
        return None

    def listed(self) -> list[Json]:
        """Return those that still touch something, with what is left of their counts."""
        return [
            {"kind": fault.kind, "method": fault.method, "count": fault.count}
            | {"seconds": fault.seconds, "error": fault.error}
            for fault in self.active
            if fault.count != 0 and not fault.is_over
        ]


def _kind(kind: FaultKind, fields: str, words: str) -> Json:
    return {"kind": kind, "fields": fields.split(), "help": words}


KINDS = [
    _kind(FaultKind.DROP_LINK, "count", "A link closes at once, without a warning."),
    _kind(FaultKind.SILENT_CLOSE, "count", "A link dies without a word: its socket just breaks."),
    _kind(FaultKind.REFRESH, "count seconds", "A link warns, then closes after the seconds."),
    _kind(FaultKind.LINK_DISABLED, "seconds", "Socket Mode is switched off for the seconds."),
    _kind(FaultKind.RATE_LIMIT, "method seconds count", "Calls get 429 with Retry-After."),
    _kind(FaultKind.API_ERROR, "method error seconds count", "Calls are answered with an error."),
    _kind(FaultKind.SLOW_API, "method seconds count", "Calls are answered late."),
]
