"""Takes over changed policy files, writes each change down, and says when one is broken."""

import logging
from dataclasses import dataclass
from typing import Protocol

from bot.domain.audit import HERALD, AuditEvent
from bot.domain.errors import BackEndError
from bot.domain.messages import Note
from bot.domain.names import ChannelId
from bot.domain.ports import Clock, Voice
from bot.domain.store import Store

log = logging.getLogger(__name__)

SUBJECT = "policies"


class PolicyFiles(Protocol):
    """The files that policies are read from."""

    @property
    def problem(self) -> str | None:
        """What is wrong with the files as they are now; None when they are in force."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256, hex, of the files as they are now."""
        ...

    def refresh(self) -> str | None:
        """Read the files again; return what is wrong, once for each change."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowPolicies:
    """Looks at the files; of a broken change the policies before it stay in force.

    Attributes:
        home: Where a broken change is told; empty for the log alone.
    """

    files: PolicyFiles
    store: Store
    voice: Voice
    clock: Clock
    home: ChannelId

    async def look(self) -> None:
        """Take over what changed; tell of each broken change once, all replicas together."""
        before = self.files.digest
        problem = self.files.refresh()
        if self.files.digest == before:
            return
        if problem:
            log.warning("the policies in force stay as they are: %s", problem)
        if await self._write_down(problem) and problem and self.home:
            await self._tell(problem)

    async def _write_down(self, problem: str | None) -> bool:
        """Put a change into the audit log; return False when another replica has."""
        details: dict[str, object] = {"digest": self.files.digest}
        async with self.store.transaction() as work:
            known = await work.audit.of(SUBJECT)
            if known and known[-1].event.details.get("digest") == self.files.digest:
                return False
            action = "policies.refused" if problem else "policies.replaced"
            details |= {"problem": problem} if problem else {}
            at = self.clock.now()
            await work.audit.append(
                AuditEvent(at=at, actor=HERALD, action=action, subject=SUBJECT, details=details)
            )
        return True

    async def _tell(self, problem: str) -> None:
        text = f"The policy files changed and are broken; those before stay in force. {problem}"
        try:
            await self.voice.announce(self.home, Note(text=text))
        except BackEndError as error:
            log.warning("nobody was told of the broken policy files: %s", error)
