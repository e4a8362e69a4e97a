"""Brings to single people what concerns them, each message once."""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.differences import in_a_row
from bot.domain.errors import BackEndError, BackEndRefusedError, NotFoundError
from bot.domain.names import SlackUserId, short_name
from bot.domain.outbox import TO_PEOPLE, OutboxEntry, OutboxKind
from bot.domain.policy import ChangeKind
from bot.domain.ports import Clock, Voice
from bot.domain.store import Store, UnitOfWork
from bot.services.access import Access
from bot.services.announce import call_key, queue_ask
from bot.services.deliver import pause_after
from bot.services.electorate import Electorate
from bot.services.filing import queue_reply
from bot.services.rings import note_rings, rings_of

log = logging.getLogger(__name__)

BATCH = 20
CARD_TRIES = 4
"""Tries for which a message waits until the card is in its channel, so that it can lead there."""
CARD_PAUSE = timedelta(seconds=1)

NOBODY = ""
"""The group of a line that rings nobody."""

_FINAL = (BackEndRefusedError, NotFoundError)
"""What it means that one person cannot be told."""


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
        self._asked: dict[str, set[str]] = {}

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
            pause = await self._tell(entry)
        except BackEndError as error:
            log.warning("request %s is not told to %s: %s", entry.request, _whom(entry), error)
            is_final = entry.kind is not OutboxKind.CALL and isinstance(error, _FINAL)
            pause = None if is_final else pause_after(entry, error)
        if pause is not None:
            await self._later(entry, pause)
            return
        self._asked.pop(entry.key, None)
        async with self._store.transaction() as work:
            await work.outbox.done(entry)

    async def _later(self, entry: OutboxEntry, pause: timedelta) -> None:
        async with self._store.transaction() as work:
            await work.outbox.retry(entry, self._clock.now() + pause)

    async def _tell(self, entry: OutboxEntry) -> timedelta | None:
        """Tell one message; return how long it had better wait for its card, or for people."""
        async with self._store.transaction() as work:
            request = await work.requests.get(entry.request)
            card = await work.outbox.message_of(entry.request)
        if request is None:
            return None
        if card is None and entry.attempts < CARD_TRIES:
            return CARD_PAUSE
        link = ""
        if card is not None:
            with suppress(BackEndRefusedError, NotFoundError):
                link = await self._voice.link(card)
        return await self._say(entry, request, link)

    async def _say(self, entry: OutboxEntry, request: ChangeRequest, link: str) -> timedelta | None:
        is_open = request.state is RequestState.PENDING
        if entry.addressee is None:
            is_present = is_open and entry.key == call_key(request)
            return await self._call(entry, request) if is_present else None
        if is_open or entry.kind is not OutboxKind.ASK:
            await self._voice.tell(entry.addressee, entry.text, entry.key, link)
        return None

    async def _call(self, entry: OutboxEntry, request: ChangeRequest) -> timedelta | None:
        """Let one call become a message to each who can decide; a new card rings its groups.

        Returns:
            How long to wait before those can be told who were rung for it a short time ago.

        Raises:
            BackEndError: Others may be able to decide, and cannot be found now; those who could
                be found are told all the same, once.
        """
        now = self._clock.now()
        async with self._store.transaction() as work:
            decisions = await work.decisions.of(request.id)
            rings = await rings_of(work, request)
        audience = await self._electorate.lacking(request, decisions)
        text = await self._text(request)
        asked = self._asked.setdefault(entry.key, set())
        untold = audience.without({NOBODY, *asked, *rings.told})
        new = untold.without(rings.resting(now))
        async with self._store.transaction() as work:
            for user in new.people:
                await queue_ask(work, request, user, "asked", text)
            if request.evidence.revision > 1:
                await queue_lines(work, request, "asked", text, new.lines)
                await note_rings(work, request, new, now)
        asked.update(new.people, new.lines)
        if audience.trouble:
            raise audience.trouble[0]
        return rings.pause(untold, now)

    async def _text(self, request: ChangeRequest) -> str:
        name = await self._access.name_of(request.requester)
        if request.evidence.revision == 1:
            return f"{name} asks for your approval: {told_change(request)}."
        moved = in_a_row(request.evidence.differences) or "the evidence moved"
        return (
            f"{told_change(request)}, asked by {name}, changed since it was asked and needs your "
            f"approval anew: {moved}."
        )


async def queue_lines(
    work: UnitOfWork, request: ChangeRequest, topic: str, text: str, groups: Iterable[str]
) -> None:
    """Ask for a line in the thread for each group, which it rings; the empty one rings nobody."""
    for group in groups:
        once = f"{topic} {request.evidence.revision} {group}".rstrip()
        await queue_reply(work, request, once, text, group)


def told_change(request: ChangeRequest) -> str:
    """Return what a request asks for: ``CR-7, promote scorer v7 to champion``."""
    model = short_name(request.model)
    if request.kind is ChangeKind.ROLL_BACK:
        return f"{request.label}, roll back {model} to v{request.version}"
    return f"{request.label}, promote {model} v{request.version} to {request.alias}"


def _whom(entry: OutboxEntry) -> str:
    return entry.addressee or "everybody who can decide"
