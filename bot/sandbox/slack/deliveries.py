"""What is on its way to the app: the envelope, the link that carries it, its acknowledgement."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from bot.sandbox.slack.people import Json

# What a tester sends on purpose: however the app takes it, it breaks no rule.
RAW = "raw"


@dataclass(slots=True, kw_only=True, eq=False)
class Link:
    """One websocket of the app."""

    socket: web.WebSocketResponse
    request: web.Request
    takes_envelopes: bool = True
    was_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """How the app acknowledged; `error` when it did not.

    Args:
        reason: What an event's next attempt says of this one.
        is_final: Whether the app asked for no further attempt.
    """

    payload: Json | None = None
    ms: float | None = None
    error: str | None = None
    link: Link | None = None
    reason: str = "timeout"
    is_final: bool = False


class Sender(Protocol):
    """Another way than links to the app: the one of HTTP mode."""

    @property
    def is_up(self) -> bool:
        """Tell whether the app was heard of there."""

    async def open(self) -> None:
        """Begin."""

    async def carry(self, envelope: Json, kind: str) -> Ack:
        """Take one envelope there and return how it was acknowledged."""

    async def close(self) -> None:
        """Hang up."""


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One envelope on its way."""

    kind: str
    link: Link
    accepts_payload: bool
    sent_at: float = field(default_factory=time.perf_counter)
    answer: asyncio.Future[Ack] = field(default_factory=asyncio.Future)

    @property
    def is_excused(self) -> bool:
        """Tell whether the app may leave it unanswered."""
        return self.link.was_cut or self.kind == RAW
