"""The ledger: every value of every alias and served version that Herald saw or wrote."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.names import AliasName, EndpointName, ModelName, RequestId


class Cause(StrEnum):
    """Why a value came to be."""

    PROMOTE = "promote"
    ROLL_BACK = "roll_back"
    UNDO = "undo"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One value of one alias, or of what one endpoint serves of one model.

    Attributes:
        place: ``alias:champion`` or ``endpoint:fraud-scorer``.
        value: ``7`` for an alias, ``7`` or ``6 90 %, 7 10 %`` for an endpoint; None for nothing.
        request: The request that wrote it; None for moves from outside.
    """

    model: ModelName
    place: str
    value: str | None
    cause: Cause
    at: datetime
    request: RequestId | None = None

    @property
    def versions(self) -> tuple[int, ...]:
        """Return the versions that the value names, ascending."""
        named = (self.value or "").split(", ")
        return tuple(sorted(int(each.split()[0]) for each in named if each))


class Ledger(Protocol):
    """Values of aliases and served versions over time."""

    async def append(self, entry: LedgerEntry) -> None:
        """Add a value unless it equals the latest one of its place."""
        ...

    async def of(self, model: ModelName, place: str) -> tuple[LedgerEntry, ...]:
        """Return the values of one place of a model, oldest first."""
        ...

    async def moved_since(self, place: str, moment: datetime) -> tuple[LedgerEntry, ...]:
        """Return where a place of any model has moved after a moment, as it is now, oldest first.

        What Herald saw there first, coming from outside, is no move: nobody knows since when it
        is so.
        """
        ...


def alias_place(alias: AliasName) -> str:
    """Return the ledger's name for an alias of a model."""
    return f"alias:{alias}"


def endpoint_place(endpoint: EndpointName) -> str:
    """Return the ledger's name for what an endpoint serves of a model."""
    return f"endpoint:{endpoint}"


def held_since(entries: Iterable[LedgerEntry], version: int) -> datetime | None:
    """Return since when an alias has named a version without a break; None when it does not.

    Args:
        entries: The ledger of one alias of one model, oldest first.
        version: What it is about.
    """
    since: datetime | None = None
    for entry in entries:
        names_it = entry.value == str(version)
        since = (since or entry.at) if names_it else None
    return since


def champion_stack(entries: Iterable[LedgerEntry], now: int | None = None) -> tuple[int, ...]:
    """Return the versions that an alias named, oldest first, the present one last.

    Promotions push, rollbacks pop. A request that was undone leaves no trace: its undo pops what
    was seen of it meanwhile and taken for a move from outside. A move from outside pops to a
    version that is on the stack, and pushes one that is not; the deletion of the alias leaves the
    stack as it is.

    Args:
        entries: The ledger of one alias of one model, oldest first.
        now: What the alias names at this moment, when it is known: a move that the ledger has not
            seen yet counts as one from outside.
    """
    entries = tuple(entries)
    undone = {entry.request for entry in entries if entry.cause is Cause.UNDO}
    stack: list[int] = []
    for entry in entries:
        counts = entry.cause is Cause.UNDO or entry.request is None or entry.request not in undone
        if entry.value is not None and counts:
            _apply(stack, int(entry.value), pops=entry.cause is not Cause.PROMOTE)
    if now is not None:
        _apply(stack, now, pops=True)
    return tuple(stack)


def _apply(stack: list[int], version: int, *, pops: bool) -> None:
    if stack and stack[-1] == version:
        return
    if pops and version in stack:
        while stack[-1] != version:
            stack.pop()
        return
    stack.append(version)
