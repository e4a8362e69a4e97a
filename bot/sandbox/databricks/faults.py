"""What can be made to go wrong in the Databricks double, and for how long."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator


class FaultKind(StrEnum):
    """The ways in which the platform misbehaves."""

    HANG = "hang"
    ERROR = "error"
    SLOW = "slow"
    REFUSE = "refuse"
    LOST_ANSWER = "lost_answer"
    UPDATE_FAILS = "update_fails"
    UPDATE_TAKES = "update_takes"
    VERSION_SLOW = "version_slow"
    VERSION_ERRORS = "version_errors"


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
        return [
            {**active.fault.model_dump(exclude_none=True), "count": active.remaining}
            for active in self._active
        ]

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

    def _take(self, matching: Iterable[ActiveFault]) -> ActiveFault | None:
        struck = next(iter(matching), None)
        if struck is not None and struck.remaining is not None:
            struck.remaining -= 1
            if struck.remaining == 0:
                self._active.remove(struck)
                self._struck.append(struck)
        return struck
