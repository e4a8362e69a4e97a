"""What can be made to go wrong in the Databricks double, and for how long."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.sandbox.databricks.odd_pages import ODD_PAGES


class FaultKind(StrEnum):
    """The ways in which the platform misbehaves."""

    HANG = "hang"
    ERROR = "error"
    SLOW = "slow"
    REFUSE = "refuse"
    LOST_ANSWER = "lost_answer"
    UPDATE_FAILS = "update_fails"
    UPDATE_CANCELED = "update_canceled"
    UPDATE_TAKES = "update_takes"
    VERSION_SLOW = "version_slow"
    VERSION_ERRORS = "version_errors"
    ODD_METRICS = "odd_metrics"


CALL_KINDS = frozenset(
    {
        FaultKind.HANG,
        FaultKind.ERROR,
        FaultKind.SLOW,
        FaultKind.REFUSE,
        FaultKind.LOST_ANSWER,
    }
)
_NEEDS_SECONDS = frozenset({FaultKind.SLOW, FaultKind.UPDATE_TAKES, FaultKind.VERSION_SLOW})


class Fault(BaseModel):
    """One fault as the control side takes it; what is left out matches everything.

    `hang` never has an effect: after `seconds`, or once it is deleted, the connection drops.
    `slow` has its effect late; `lost_answer` has it and then drops the connection.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    kind: FaultKind
    method: str | None = None
    path_prefix: str | None = None
    endpoint: str | None = None
    version: str | None = None
    seconds: float | None = Field(default=None, ge=0)
    status: int = Field(default=500, ge=200, le=599)
    count: int | None = Field(default=None, ge=1)
    page: str = "html"

    @model_validator(mode="after")
    def _page_that_is_known(self) -> "Fault":
        if self.page not in ODD_PAGES:
            raise ValueError(f"page must be one of {', '.join(ODD_PAGES)}")
        return self

    @model_validator(mode="after")
    def _seconds_where_needed(self) -> "Fault":
        if self.kind in _NEEDS_SECONDS and self.seconds is None:
            raise ValueError(f"{self.kind} needs seconds")
        return self

    def hits_call(self, method: str, path: str) -> bool:
        """Tell whether a call to the double falls under this fault."""
        return (
            self.kind in CALL_KINDS
            and self.method in {None, method}
            and path.startswith(self.path_prefix or "/")
            and (self.endpoint is None or self.endpoint in path.split("/"))
        )

    def hits_version(self, endpoint: str, versions: Iterable[str]) -> bool:
        """Tell whether an endpoint that serves these versions falls under this fault."""
        return self.endpoint in {None, endpoint} and (
            self.version is None or self.version in versions
        )


@dataclass(slots=True, kw_only=True, eq=False)
class ActiveFault:
    """A fault in force, with the number of times that it still strikes."""

    fault: Fault
    remaining: int | None
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def pause(self) -> None:
        """Wait for the fault's seconds, without limit if it names none, or until its deletion."""
        try:
            await asyncio.wait_for(self.released.wait(), self.fault.seconds)
        except TimeoutError:
            return


class FaultBook:
    """The faults in force, oldest first; the first that matches strikes."""

    def __init__(self) -> None:
        self._active: list[ActiveFault] = []
        self._struck: list[ActiveFault] = []

    def add(self, fault: Fault) -> None:
        """Put a fault in force."""
        self._active.append(ActiveFault(fault=fault, remaining=fault.count))

    def clear(self) -> int:
        """Lift all faults, let go what they hold, and return how many were in force."""
        cleared = len(self._active)
        for active in (*self._active, *self._struck):
            active.released.set()
        self._active, self._struck = [], []
        return cleared

    def listed(self) -> list[dict[str, object]]:
        """Return the faults in force with what is left of their counts."""
        return [{**_shown(active.fault), "count": active.remaining} for active in self._active]

    def take_call(self, method: str, path: str) -> ActiveFault | None:
        """Return the fault that strikes this call, if one does, and count it."""
        return self._take(active for active in self._active if active.fault.hits_call(method, path))

    def take(self, kind: FaultKind, endpoint: str, versions: Iterable[str]) -> ActiveFault | None:
        """Return the fault of that kind that strikes these served versions, and count it."""
        served = set(versions)
        return self._take(
            active
            for active in self._active
            if active.fault.kind is kind and active.fault.hits_version(endpoint, served)
        )

    def kinds(self) -> list[dict[str, object]]:
        """Return each kind with the fields that it reads and a sentence, for a page of switches."""
        return [
            {"kind": kind, "fields": _fields(kind), "needs": _needs(kind), "help": _HELP[kind]}
            for kind in FaultKind
        ]

    def _take(self, matching: Iterable[ActiveFault]) -> ActiveFault | None:
        struck = next(iter(matching), None)
        if struck is not None and struck.remaining is not None:
            struck.remaining -= 1
            if struck.remaining == 0:
                self._active.remove(struck)
                self._struck.append(struck)
        return struck


_OF_CALLS = ("method", "path_prefix", "endpoint", "count")
_OF_VERSIONS = ("endpoint", "version", "count")
_MORE_FIELDS: Mapping[FaultKind, tuple[str, ...]] = {
    FaultKind.HANG: ("seconds",),
    FaultKind.ERROR: ("status", "seconds"),
    FaultKind.SLOW: ("seconds",),
    FaultKind.UPDATE_TAKES: ("seconds",),
    FaultKind.VERSION_SLOW: ("seconds",),
    FaultKind.ODD_METRICS: ("page",),
}
_HELP: Mapping[FaultKind, str] = {
    FaultKind.HANG: "Calls get no answer and have no effect; after the seconds they are cut off.",
    FaultKind.ERROR: "Calls are answered with a status; seconds become Retry-After.",
    FaultKind.SLOW: "Calls have their effect and their answer late.",
    FaultKind.REFUSE: "Calls are cut off at once, without effect.",
    FaultKind.LOST_ANSWER: "Calls have their effect, but the answer never arrives.",
    FaultKind.UPDATE_FAILS: "Updates of endpoints fail; what served before still serves.",
    FaultKind.UPDATE_CANCELED: "Somebody cancels updates of endpoints while they run.",
    FaultKind.UPDATE_TAKES: "Updates of endpoints take that long.",
    FaultKind.VERSION_SLOW: "A served version answers late.",
    FaultKind.VERSION_ERRORS: "A served version answers 500.",
    FaultKind.ODD_METRICS: "The metrics page is not of the documented form.",
}


def _fields(kind: FaultKind) -> list[str]:
    if kind is FaultKind.ODD_METRICS:
        return ["endpoint", "count", "page"]
    return [*(_OF_CALLS if kind in CALL_KINDS else _OF_VERSIONS), *_MORE_FIELDS.get(kind, ())]


def _needs(kind: FaultKind) -> list[str]:
    return ["seconds"] if kind in _NEEDS_SECONDS else []


def _shown(fault: Fault) -> dict[str, object]:
    """Return a fault with the fields that its kind reads or that were given."""
    shown = fault.model_fields_set | {"kind", "status", *_fields(fault.kind)}
    return {k: v for k, v in fault.model_dump(exclude_none=True).items() if k in shown}
