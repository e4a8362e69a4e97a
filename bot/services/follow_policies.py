"""Takes over changed policy files, writes each change down, and says when one is broken."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.audit import HERALD, AuditEvent, ChainedEvent
from bot.domain.errors import BackEndError, BackEndRefusedError
from bot.domain.messages import Note
from bot.domain.names import ChannelId
from bot.domain.policy_reading import PolicyReading
from bot.domain.ports import Clock, Voice
from bot.domain.store import Store

log = logging.getLogger(__name__)

SUBJECT = "policies"
LOADED, REPLACED, REFUSED = "policies.loaded", "policies.replaced", "policies.refused"

TRIED_AGAIN = timedelta(minutes=1)
"""Longer than telling takes: whoever wrote a change down is alone with it until then."""
STILL_NEWS = timedelta(hours=1)
"""How old a change may be that is told after a start, because nobody was told before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """What the channel is to be told of a change.

    Attributes:
        key: By which it is found in the channel.
        due_at: Before then somebody else may be telling it.
        may_be_told: Whether it may be in the channel already.
    """

    text: str
    key: str
    due_at: datetime
    may_be_told: bool = False


class PolicyFiles(Protocol):
    """The files that policies are read from."""

    def read(self) -> PolicyReading:
        """Return what they say now; called in a thread, as it may take long."""
        ...

    def take(self, reading: PolicyReading) -> None:
        """Put what was read in force, or note what is wrong with it."""
        ...

    def prepare(self, now: datetime) -> None:
        """Work out what will be asked for soon; called in a thread too."""
        ...


@dataclass(slots=True, kw_only=True)
class FollowPolicies:
    """Looks at the files; of a broken change the policies before it stay in force.

    A change is in force once the audit log has it, never before: when the log cannot be written,
    the policies before stay, and the next look tries again. The log's last word is asked for at
    the first look too, so that a change between two starts is written down as well. After that a
    process only compares with what it wrote itself: two that read different files would else
    write against each other for ever.

    What the channel is to be told is told until it is: later when Slack does not answer, and at
    the next start when Herald was killed meanwhile.

    Attributes:
        home: Where is told that files are broken, and whole again; empty for the log alone.
    """

    files: PolicyFiles
    store: Store
    voice: Voice
    clock: Clock
    home: ChannelId
    _noted: str = field(default="", init=False)
    _untold: _News | None = field(default=None, init=False)

    async def look(self) -> None:
        """Take over what changed; tell of each broken change once, all replicas together."""
        reading = await asyncio.to_thread(self.files.read)
        if reading.digest != self._noted:
            await self._take(reading)
        if self._untold and self.home and self._untold.due_at <= self.clock.now():
            self._untold = await self._tell(self._untold)
        await asyncio.to_thread(self.files.prepare, self.clock.now())

    async def _take(self, reading: PolicyReading) -> None:
        untold = await self._write_down(reading)
        self.files.take(reading)
        self._noted, self._untold = reading.digest, untold or self._untold
        if reading.problem:
            log.warning("the policies in force stay as they are: %s", reading.problem)

    async def _write_down(self, reading: PolicyReading) -> _News | None:
        """Put what is not the log's last word into it; return what the channel is to be told."""
        async with self.store.transaction() as work:
            known = await work.audit.of(SUBJECT)
            if _is_last(reading, known):
                return None if self._noted else self._left_untold(known)
            return _news((*known, await work.audit.append(self._event(reading, known))))

    def _event(self, reading: PolicyReading, known: Sequence[ChainedEvent]) -> AuditEvent:
        details = {"digest": reading.digest}
        details |= {"problem": reading.problem} if reading.problem else {}
        return AuditEvent(
            at=self.clock.now(),
            actor=HERALD,
            action=_action(reading, known),
            subject=SUBJECT,
            details=details,
        )

    def _left_untold(self, known: Sequence[ChainedEvent]) -> _News | None:
        """Return the last change when it is new: whoever wrote it down may have been killed."""
        news, at = _news(known), known[-1].event.at
        if news is None or at + STILL_NEWS < self.clock.now():
            return None
        return replace(news, due_at=at + TRIED_AGAIN, may_be_told=True)

    async def _tell(self, news: _News) -> _News | None:
        """Tell the channel; return what is to be tried again."""
        try:
            if not news.may_be_told or not await self.voice.has_announced(self.home, news.key):
                await self.voice.announce(self.home, Note(text=news.text), news.key)
        except BackEndError as error:
            log.warning("nobody was told of the changed policy files: %s", error)
            if not isinstance(error, BackEndRefusedError):
                return replace(news, due_at=self.clock.now() + TRIED_AGAIN, may_be_told=True)
        return None


def _news(known: Sequence[ChainedEvent]) -> _News | None:
    """Return what the last change means to the channel: broken files, or whole ones after such."""
    last, before = known[-1], known[-2:-1]
    event = last.event
    if event.action == REFUSED:
        text = "The policy files changed and are broken; those before stay in force. "
        text += str(event.details.get("problem", ""))
    elif before and before[0].event.action == REFUSED:
        text = "The policy files are whole again; they are in force."
    else:
        return None
    return _News(text=text, key=f"{SUBJECT}:{last.number}", due_at=event.at)


def _is_last(reading: PolicyReading, known: Sequence[ChainedEvent]) -> bool:
    if not known:
        return False
    last = known[-1].event
    was_refused = last.action == REFUSED
    return last.details.get("digest") == reading.digest and was_refused == bool(reading.problem)


def _action(reading: PolicyReading, known: Sequence[ChainedEvent]) -> str:
    if reading.problem:
        return REFUSED
    return REPLACED if known else LOADED
