"""The outbox: what is to reach Slack, written down before it is sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.messages import MessageRef
from bot.domain.names import RequestId, SlackUserId


class OutboxKind(StrEnum):
    """What an outbox entry asks for."""

    CARD = "card"
    REPLY = "reply"
    CALL = "call"
    ASK = "ask"
    TELL = "tell"


IN_CHANNELS = frozenset({OutboxKind.CARD, OutboxKind.REPLY})
"""What everybody in a channel reads."""
TO_PEOPLE = frozenset({OutboxKind.CALL, OutboxKind.ASK, OutboxKind.TELL})
"""What reaches people one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """A message to be sent or redrawn; its content is drawn from the store when it is sent.

    A *call* reaches everybody who can decide: it becomes one *ask* for each of them, which is
    dropped when the request no longer waits. A *tell* is news and reaches its person in any case.

    Attributes:
        text: What a reply, ask or tell says; empty for the other kinds.
        addressee: Whom an ask or tell reaches; None for the other kinds.
        ring: Id of the Slack group that a reply rings; empty for nobody.
        key: Unique; queuing the same key again while it waits changes nothing but the time.
        version: Rises each time the key is queued, so that a redraw asked for while one is being
            sent is not lost.
    """

    key: str
    kind: OutboxKind
    request: RequestId
    text: str = ""
    addressee: SlackUserId | None = None
    ring: str = ""
    attempts: int = 0
    version: int = 0


class Outbox(Protocol):
    """Messages that are to reach Slack, and those that did."""

    async def queue(self, entry: OutboxEntry) -> None:
        """Ask for a message; one of the same key that still waits is coalesced with it."""
        ...

    async def due(
        self, now: datetime, limit: int, kinds: Collection[OutboxKind] = IN_CHANNELS
    ) -> tuple[OutboxEntry, ...]:
        """Return messages that may be tried now, oldest first, cards before replies."""
        ...

    async def next_due(self, kinds: Collection[OutboxKind] = IN_CHANNELS) -> datetime | None:
        """Return when the next message may be tried, None when no message waits."""
        ...

    async def done(self, entry: OutboxEntry) -> None:
        """Take a message out unless it was queued again meanwhile."""
        ...

    async def retry(self, entry: OutboxEntry, at: datetime) -> None:
        """Try a message again later."""
        ...

    async def count(self) -> int:
        """Return how many messages wait."""
        ...

    async def message_of(self, request: RequestId) -> MessageRef | None:
        """Return where a request's card is, or None."""
        ...

    async def place(self, request: RequestId, message: MessageRef) -> None:
        """Remember where a request's card is."""
        ...
