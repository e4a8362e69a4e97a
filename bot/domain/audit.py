"""The audit log: what happened, who did it, chained so that cutting or rewriting shows."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.canonical import canonical_json

GENESIS = "0" * 64
"""Hash before the first event."""

HERALD = "herald"
"""Actor of what Herald does by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One thing that happened.

    Attributes:
        actor: Slack user id, or ``herald``.
        action: ``thing.past_tense``, e.g. ``change_request.approved``.
        subject: What it happened to, e.g. ``CR-7`` or a model's name.
        details: JSON values.
    """

    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedEvent:
    """An event in its place in the log.

    Attributes:
        number: 1 for the first event, without gaps.
        hash: SHA-256, hex, over the previous event's hash and this event's canonical JSON.
    """

    number: int
    event: AuditEvent
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainBreak:
    """The first place where the log does not hold."""

    number: int
    problem: str


def chain_hash(previous_hash: str, number: int, event: AuditEvent) -> str:
    """Return the hash that ties an event to all before it."""
    text = canonical_json({"previous": previous_hash, "number": number, "event": event})
    return hashlib.sha256(text.encode()).hexdigest()


def verify_chain(events: Iterable[ChainedEvent], head: str | None = None) -> ChainBreak | None:
    """Return the first break of the chain, or None when every event holds.

    Args:
        events: The whole log, oldest first.
        head: A hash noted elsewhere (a closed card, a version tag) that has to occur in the log.
    """
    previous, number, seen = GENESIS, 0, head in {None, GENESIS}
    for number, chained in enumerate(events, start=1):
        problem = _problem(chained, number, previous)
        if problem:
            return ChainBreak(number=number, problem=problem)
        previous = chained.hash
        seen = seen or previous == head
    if not seen:
        return ChainBreak(number=number, problem="the head is not in the log: events were removed")
    return None


def _problem(chained: ChainedEvent, number: int, previous: str) -> str | None:
    if chained.number != number:
        return f"event {number} is missing"
    if chained.previous_hash != previous:
        return "it does not follow the event before it"
    if chained.hash != chain_hash(previous, number, chained.event):
        return "its content was changed"
    return None


class AuditLog(Protocol):
    """The append-only log of what happened."""

    async def append(self, event: AuditEvent) -> ChainedEvent:
        """Add an event at the head of the chain."""
        ...

    async def head(self) -> str:
        """Return the hash of the last event, or the genesis hash."""
        ...

    async def of(self, subject: str) -> tuple[ChainedEvent, ...]:
        """Return the events about one subject, oldest first."""
        ...

    async def all(self) -> tuple[ChainedEvent, ...]:
        """Return the whole log, oldest first."""
        ...
