"""What tests of files beside runs need: a store or a record in trouble, and what is on record."""

from collections.abc import Awaitable, Callable

from bot.domain.audit import AuditEvent
from bot.domain.errors import BackEndError, BackEndUnavailableError
from bot.persistence.audit_log import SqlAuditLog
from tests.fakes.world import MODEL, Herald


async def recorded(bot: Herald) -> list[str]:
    """Return what is on record of the model, oldest first."""
    async with bot.store.transaction() as work:
        return [entry.event.action for entry in await work.audit.of(MODEL)]


def failing_writes(error: BackEndError) -> Callable[[str, str], Awaitable[None]]:
    """Return what lets every write of a file end so."""

    async def fail(call: str, _: str) -> None:
        if call == "write":
            raise error

    return fail


async def disk_full(log: SqlAuditLog, event: AuditEvent) -> None:
    """Stand in for an audit log that cannot be written."""
    del log, event
    raise BackEndUnavailableError("The database", "disk full")
