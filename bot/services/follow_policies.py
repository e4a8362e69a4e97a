"""Takes over changed policy files, writes each change down, and says when one is broken."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.audit import HERALD, AuditEvent, ChainedEvent
from bot.domain.errors import BackEndError
from bot.domain.messages import Note
from bot.domain.names import ChannelId
from bot.domain.policy_reading import PolicyReading
from bot.domain.ports import Clock, Voice
from bot.domain.store import Store

log = logging.getLogger(__name__)

SUBJECT = "policies"
LOADED, REPLACED, REFUSED = "policies.loaded", "policies.replaced", "policies.refused"


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

    Attributes:
        home: Where a broken change is told; empty for the log alone.
    """

    files: PolicyFiles
    store: Store
    voice: Voice
    clock: Clock
    home: ChannelId
    _noted: str = field(default="", init=False)

    async def look(self) -> None:
        """Take over what changed; tell of each broken change once, all replicas together."""
        reading = await asyncio.to_thread(self.files.read)
        if reading.digest != self._noted:
            await self._take(reading)
        await asyncio.to_thread(self.files.prepare, self.clock.now())

    async def _take(self, reading: PolicyReading) -> None:
        is_news = await self._write_down(reading)
        self.files.take(reading)
        self._noted = reading.digest
        if reading.problem:
            log.warning("the policies in force stay as they are: %s", reading.problem)
        if is_news and reading.problem and self.home:
            await self._tell(reading.problem)

    async def _write_down(self, reading: PolicyReading) -> bool:
        """Put what is not the log's last word into it; return False when it is already."""
        details = {"digest": reading.digest}
        details |= {"problem": reading.problem} if reading.problem else {}
        async with self.store.transaction() as work:
            known = await work.audit.of(SUBJECT)
            if _is_last(reading, known):
                return False
            event = AuditEvent(
                at=self.clock.now(),
                actor=HERALD,
                action=_action(reading, known),
                subject=SUBJECT,
                details=details,
            )
            await work.audit.append(event)
        return True

    async def _tell(self, problem: str) -> None:
        text = f"The policy files changed and are broken; those before stay in force. {problem}"
        try:
            await self.voice.announce(self.home, Note(text=text))
        except BackEndError as error:
            log.warning("nobody was told of the broken policy files: %s", error)


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
