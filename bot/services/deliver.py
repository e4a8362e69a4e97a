"""Brings queued messages to Slack, each drawn from the store at the moment of sending."""

import asyncio
from datetime import timedelta

from bot.domain.errors import BackEndError, BackEndUnavailableError, NotFoundError, RateLimitedError
from bot.domain.messages import MessageRef, RequestCard
from bot.domain.names import RequestId
from bot.domain.ports import Clock, Notifier
from bot.domain.store import OutboxEntry, OutboxKind, Store
from bot.services.draw_card import DrawCard

BATCH = 20
FIRST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(minutes=5)


class Deliver:
    """Empties the outbox."""

    def __init__(self, store: Store, draw: DrawCard, notifier: Notifier, clock: Clock) -> None:
        self._store = store
        self._draw = draw
        self._notifier = notifier
        self._clock = clock

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
            await self._remember(entry, await self._notifier.post(card.request.channel, card))
        else:
            await self._redraw(entry, message, card)

    async def _find(self, entry: OutboxEntry, card: RequestCard) -> MessageRef | None:
        """Return where the card is; after a failed try look among the channel's messages first."""
        async with self._store.transaction() as work:
            message = await work.outbox.message_of(entry.request)
        if message is not None or entry.attempts == 0:
            return message
        message = await self._notifier.find(card.request.channel, entry.request)
        if message is not None:
            await self._remember(entry, message)
        return message

    async def _reply(
        self, message: MessageRef | None, entry: OutboxEntry, card: RequestCard
    ) -> None:
        if message is None:
            message = await self._notifier.post(card.request.channel, card)
            await self._remember(entry, message)
        await self._notifier.reply(message, entry.text, entry.key)

    async def _redraw(self, entry: OutboxEntry, message: MessageRef, card: RequestCard) -> None:
        try:
            await self._notifier.update(message, card)
        except NotFoundError:
            await self._remember(entry, await self._notifier.post(card.request.channel, card))

    async def _remember(self, entry: OutboxEntry, message: MessageRef) -> None:
        async with self._store.transaction() as work:
            await work.outbox.place(entry.request, message)

    async def _later(self, entry: OutboxEntry, error: BackEndError) -> None:
        """Try again: soon after an outage, ever more rarely after a refusal."""
        async with self._store.transaction() as work:
            await work.outbox.retry(entry, self._clock.now() + _pause(entry, error))


def _pause(entry: OutboxEntry, error: BackEndError) -> timedelta:
    doubled: timedelta = FIRST_RETRY * int(2 ** min(entry.attempts, 9))
    if isinstance(error, RateLimitedError):
        return max(timedelta(seconds=error.retry_after_s), FIRST_RETRY)
    soon = isinstance(error, BackEndUnavailableError)
    return min(doubled, FIRST_RETRY * 8 if soon else LONGEST_RETRY)
