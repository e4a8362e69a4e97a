"""Writes files beside runs: that one is written is on record before, and what came of it after."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.audit import AuditEvent
from bot.domain.errors import BackEndError, BackEndRefusedError
from bot.domain.names import ModelName, SlackUserId
from bot.domain.ports import ArtifactWriter, Clock
from bot.domain.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """A file that somebody's question brings about, as the record tells of it.

    Attributes:
        what: With what its actions begin, such as ``model_card``.
        done: How the last of them ends when the file is written.
        more: What the record says besides the version and its run.
    """

    what: str
    done: str
    by: SlackUserId
    model: ModelName
    version: int
    run: str
    more: Mapping[str, object]


class RunArchive:
    """Keeps files among the artifacts of runs."""

    def __init__(self, writer: ArtifactWriter, store: Store, clock: Clock) -> None:
        self._writer = writer
        self._store = store
        self._clock = clock

    async def keep(self, keeping: Keeping, path: str, content: bytes) -> BackEndError | None:
        """Write a file; return why it is not written, or why nobody knows whether it is.

        It is known not to be there when that is a ``BackEndRefusedError``.
        """
        await self._record(keeping, "asked")
        try:
            await self._writer.write(keeping.run, path, content)
        except BackEndError as error:
            is_refused = isinstance(error, BackEndRefusedError)
            await self._record(keeping, "refused" if is_refused else "unproven", str(error))
            return error
        await self._record(keeping, keeping.done)
        return None

    async def _record(self, keeping: Keeping, came: str, why: str = "") -> None:
        about = {"version": keeping.version, "run": keeping.run, **keeping.more}
        event = AuditEvent(
            at=self._clock.now(),
            actor=keeping.by,
            action=f"{keeping.what}.{came}",
            subject=keeping.model,
            details={**about, **({"why": why} if why else {})},
        )
        async with self._store.transaction() as work:
            await work.audit.append(event)
