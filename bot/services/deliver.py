"""Brings queued messages to Slack, each drawn from the store at the moment of sending."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import (
    BackEndError,
    BackEndUnavailableError,
    ChannelClosedError,
    NotFoundError,
    RateLimitedError,
)
from bot.domain.messages import MessageRef, RequestCard
from bot.domain.names import ChannelId, RequestId
from bot.domain.outbox import OutboxEntry, OutboxKind
from bot.domain.ports import Clock, Notifier, Voice
from bot.domain.store import Store
from bot.services.draw_card import DrawCard

log = logging.getLogger(__name__)

BATCH = 20
FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(minutes=5)
ASKED = "where you asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How people are reached."""

    notifier: Notifier
    voice: Voice


class Deliver:
    """Empties the outbox."""

    def __init__(
        self, store: Store, draw: DrawCard, ways: Ways, clock: Clock, home: ChannelId
    ) -> None:
        """Make it.

        Args:
            store: The record.
            draw: Draws the cards.
            ways: Shows them, and tells people where they are.
            clock: Tells the time.
            home: Where cards go whose own channel is closed to Herald; may be empty.
        """
        self._home = home
        self._store = store
        self._draw = draw
        self._notifier = ways.notifier
        self._voice = ways.voice
        self._clock = clock

    async def deliver(self) -> timedelta | None:
        """Send what is due; return how long until there is more to try, None when all is sent."""
        if await self.deliver_due():
            return timedelta(0)
        async with self._store.transaction() as work:
            due_at = await work.outbox.next_due()
        return None if due_at is None else due_at - self._clock.now()

    async def deliver_due(self) -> int:
        """Send what is due now, a request's messages one after the other; return how many."""
        async with self._store.transaction() as work:
            due = await work.outbox.due(self._clock.now(), BATCH)
        by_request: dict[RequestId, list[OutboxEntry]] = {}
        for entry in due:
            by_request.setdefault(entry.request, []).append(entry)
        await asyncio.gather(*(self._in_order(entries) for entries in by_request.values()))
        return len(due)

    async def _in_order(self, entries: list[OutboxEntry]) -> None:
        for entry in entries:
            await self._deliver(entry)

    async def _deliver(self, entry: OutboxEntry) -> None:
        try:
            await self._send(entry)
        except BackEndError as error:
            await self._later(entry, error)
            return
        async with self._store.transaction() as work:
            await work.outbox.done(entry)

    async def _send(self, entry: OutboxEntry) -> None:
        card = await self._draw.draw(entry.request)
        if card is None:
            return
        message = await self._find(entry, card)
        if entry.kind is OutboxKind.REPLY:
            await self._reply(message, entry, card)
        elif message is None:
            await self._post(entry, card)
        else:
            await self._redraw(entry, message, card)

    async def _find(self, entry: OutboxEntry, card: RequestCard) -> MessageRef | None:
        """Return where the card is; after a failed try look among the channel's messages first."""
        async with self._store.transaction() as work:
            message = await work.outbox.message_of(entry.request)
        if message is not None or entry.attempts == 0:
            return message
        for channel in self._places(card):
            message = await self._found(channel, entry.request)
            if message is not None:
                await self._remember(entry, message)
                return message
        return None

    async def _found(self, channel: ChannelId, request: RequestId) -> MessageRef | None:
        try:
            return await self._notifier.find(channel, request)
        except ChannelClosedError:
            return None

    def _places(self, card: RequestCard) -> tuple[ChannelId, ...]:
        """Return where the card may be: its own channel, else the one that takes its place."""
        own = card.request.channel
        return (own,) if self._home in ("", own) else (own, self._home)

    async def _post(self, entry: OutboxEntry, card: RequestCard) -> MessageRef:
        """Post a card in its channel, or where it can be seen when that is closed to Herald."""
        own, *others = self._places(card)
        try:
            message = await self._notifier.post(own, card)
        except ChannelClosedError as closed:
            message = await self._post_elsewhere(entry, card, others, closed)
        await self._remember(entry, message)
        return message

    async def _post_elsewhere(
        self,
        entry: OutboxEntry,
        card: RequestCard,
        others: list[ChannelId],
        closed: ChannelClosedError,
    ) -> MessageRef:
        """Post a card in the channel of releases; tell the requester where it is, or that none is.

        Raises:
            ChannelClosedError: There is no other channel, or it is closed too.
        """
        request = card.request
        for channel in others:
            with suppress(ChannelClosedError):
                message = await self._notifier.post(channel, card)
                await self._tell(card, moved_text(request.label, closed.detail))
                return message
        if entry.attempts == 0:
            log.warning("the card of %s cannot be posted: %s", request.label, closed)
        if entry.attempts == 0 and request.is_open:
            where = "in the channel of releases" if request.channel == self._home else ASKED
            await self._tell(card, unseen_text(request.label, where, closed.detail))
        raise closed

    async def _tell(self, card: RequestCard, text: str) -> None:
        """Tell the requester; the card's way does not depend on whether he can be reached."""
        try:
            await self._voice.tell(card.request.requester, text)
        except BackEndError as error:
            log.warning("who asked for %s could not be told: %s", card.request.label, error)

    async def _reply(
        self, message: MessageRef | None, entry: OutboxEntry, card: RequestCard
    ) -> None:
        if message is None:
            message = await self._post(entry, card)
        try:
            await self._notifier.reply(message, entry.text, entry.key, entry.ring)
        except ChannelClosedError as closed:
            log.warning("a line in the thread of %s is lost: %s", card.request.label, closed)

    async def _redraw(self, entry: OutboxEntry, message: MessageRef, card: RequestCard) -> None:
        try:
            await self._notifier.update(message, card)
        except (NotFoundError, ChannelClosedError):
            await self._post(entry, card)

    async def _remember(self, entry: OutboxEntry, message: MessageRef) -> None:
        async with self._store.transaction() as work:
            await work.outbox.place(entry.request, message)

    async def _later(self, entry: OutboxEntry, error: BackEndError) -> None:
        """Try again: soon after an outage, ever more rarely after a refusal."""
        async with self._store.transaction() as work:
            await work.outbox.retry(entry, self._clock.now() + pause_after(entry, error))


def moved_text(label: str, why: str) -> str:
    """Return what a requester is told whose card had to go elsewhere."""
    return (
        f"The card of {label} is in the channel of releases: Herald cannot post {ASKED} "
        f"({why}). For the next one, type `/invite @Herald` there."
    )


def unseen_text(label: str, where: str, why: str) -> str:
    """Return what a requester is told whose card nobody can see."""
    is_archived = why == "is_archived"
    way = "Take the channel out of the archive" if is_archived else "Type `/invite @Herald` there"
    return (
        f"Nobody sees the card of {label} yet: Herald cannot post {where} ({why}). "
        f"{way}, and the card comes within five minutes; or ask again in a "
        "channel that Herald is in, once this request has expired or is cancelled."
    )


def pause_after(entry: OutboxEntry, error: BackEndError) -> timedelta:
    """Return how long to wait before a message is tried again."""
    doubled: timedelta = FIRST_RETRY * int(2 ** min(entry.attempts, 9))
    if isinstance(error, RateLimitedError):
        return max(timedelta(seconds=error.retry_after_s), FIRST_RETRY)
    soon = isinstance(error, BackEndUnavailableError)
    return min(doubled, FIRST_RETRY * 8 if soon else LONGEST_RETRY)
