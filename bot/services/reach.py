"""Brings to single people what concerns them, each message once."""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import BackEndError, BackEndRefusedError, NotFoundError
from bot.domain.names import SlackUserId, short_name
from bot.domain.outbox import TO_PEOPLE, OutboxEntry, OutboxKind
from bot.domain.policy import ChangeKind
from bot.domain.ports import Clock, Voice
from bot.domain.store import Store
from bot.services.access import Access
from bot.services.announce import queue_ask
from bot.services.deliver import pause_after
from bot.services.electorate import FEW, Electorate

log = logging.getLogger(__name__)

BATCH = 20
CARD_TRIES = 4
"""Tries for which a message waits until the card is in its channel, so that it can lead there."""
CARD_PAUSE = timedelta(seconds=1)


class Reach:
    """Empties the part of the outbox that is for single people."""

    def __init__(
        self, store: Store, access: Access, electorate: Electorate, voice: Voice, clock: Clock
    ) -> None:
        self._store = store
        self._access = access
        self._electorate = electorate
        self._voice = voice
        self._clock = clock

    async def reach(self) -> timedelta | None:
        """Tell what is due; return how long until there is more, None when all is told."""
        if await self.reach_due():
            return timedelta(0)
        async with self._store.transaction() as work:
            due_at = await work.outbox.next_due(TO_PEOPLE)
        return None if due_at is None else due_at - self._clock.now()

    async def reach_due(self) -> int:
        """Tell what is due now, one person's messages one after the other; return how many."""
        async with self._store.transaction() as work:
            due = await work.outbox.due(self._clock.now(), BATCH, TO_PEOPLE)
        by_person: dict[SlackUserId | None, list[OutboxEntry]] = {}
        for entry in due:
            by_person.setdefault(entry.addressee, []).append(entry)
        await asyncio.gather(*(self._in_order(entries) for entries in by_person.values()))
        return len(due)

    async def _in_order(self, entries: Iterable[OutboxEntry]) -> None:
        for entry in entries:
            await self._bring(entry)

    async def _bring(self, entry: OutboxEntry) -> None:
        try:
            is_done = await self._tell(entry)
        except (BackEndRefusedError, NotFoundError) as error:
            log.warning("%s is told nothing of request %s: %s", *_whom(entry), error)
            is_done = True
        except BackEndError as error:
            await self._later(entry, pause_after(entry, error))
            return
        if is_done:
            async with self._store.transaction() as work:
                await work.outbox.done(entry)
        else:
            await self._later(entry, CARD_PAUSE)

    async def _later(self, entry: OutboxEntry, pause: timedelta) -> None:
        async with self._store.transaction() as work:
            await work.outbox.retry(entry, self._clock.now() + pause)

    async def _tell(self, entry: OutboxEntry) -> bool:
        """Tell one message; False when it had better wait for its card."""
        async with self._store.transaction() as work:
            request = await work.requests.get(entry.request)
            card = await work.outbox.message_of(entry.request)
        if request is None:
            return True
        if card is None and entry.attempts < CARD_TRIES:
            return False
        link = ""
        if card is not None:
            with suppress(BackEndRefusedError, NotFoundError):
                link = await self._voice.link(card)
        return await self._say(entry, request, link)

    async def _say(self, entry: OutboxEntry, request: ChangeRequest, link: str) -> bool:
        is_open = request.state is RequestState.PENDING
        if entry.addressee is None:
            if is_open:
                await self._call(request)
        elif is_open or entry.kind is not OutboxKind.ASK:
            await self._voice.tell(entry.addressee, entry.text, entry.key, link)
        return True

    async def _call(self, request: ChangeRequest) -> None:
        """Let one call become a message to each who can decide; a crowd reads its group's name."""
        async with self._store.transaction() as work:
            decisions = await work.decisions.of(request.id)
        people = await self._electorate.lacking(request, decisions)
        text = await self._asked(request)
        async with self._store.transaction() as work:
            for user in people if len(people) <= FEW else ():
                await queue_ask(work, request, user, "asked", text)

    async def _asked(self, request: ChangeRequest) -> str:
        name = await self._access.name_of(request.requester)
        if request.evidence.revision == 1:
            return f"{name} asks for your approval: {told_change(request)}."
        moved = "; ".join(request.evidence.differences) or "the evidence moved"
        return (
            f"{told_change(request)}, asked by {name}, changed since it was asked and needs your "
            f"approval anew: {moved}."
        )


def told_change(request: ChangeRequest) -> str:
    """Return what a request asks for: ``CR-7, promote scorer v7 to champion``."""
    model = short_name(request.model)
    if request.kind is ChangeKind.ROLL_BACK:
        return f"{request.label}, roll back {model} to v{request.version}"
    return f"{request.label}, promote {model} v{request.version} to {request.alias}"


def _whom(entry: OutboxEntry) -> tuple[str, str]:
    return entry.addressee or "whoever can decide", str(entry.request)
