"""Opens the store: one database, brought to the present form, behind transactions."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import BackEndUnavailableError, ConfigurationError, HeraldError
from bot.domain.ports import Clock
from bot.domain.store import UnitOfWork
from bot.persistence.engine import SETTING, async_engine, blocking_engine, is_sqlite, parse_url
from bot.persistence.migrate import migrate
from bot.persistence.unit_of_work import unit_of_work

BUSY = "it does not answer or is busy"
TROUBLES = {
    sqlite3.SQLITE_FULL: "its disk is full",
    sqlite3.SQLITE_IOERR: "its disk cannot be read or written",
    sqlite3.SQLITE_READONLY: "its file cannot be written",
    sqlite3.SQLITE_CANTOPEN: "its file cannot be opened",
    sqlite3.SQLITE_CORRUPT: "its file is damaged",
    sqlite3.SQLITE_NOTADB: "its file is damaged",
}
"""What an SQLite file's trouble is called, by its primary result code."""
PRIMARY_CODE = 0xFF
"""The bits of a result code that are the primary one."""
PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Between attempts to open a file that another process opens for the first time."""


class SqlStore:
    """Implements ``Store``."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[UnitOfWork]:
        """Open a transaction: committed when the block ends, rolled back when it raises.

        Raises:
            BackEndUnavailableError: The database does not answer, or others kept it busy for too
                long; nothing of the transaction is stored.
        """
        try:
            async with self._engine.begin() as connection:
                yield unit_of_work(connection, self._clock)
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            raise unavailable(error) from error
        except DBAPIError as error:
            if _code(error) in TROUBLES:
                raise unavailable(error) from error
            raise

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


async def open_store(url: str, clock: Clock) -> SqlStore:
    """Open the database behind a URL and bring it to the present form.

    Raises:
        ConfigurationError: The URL, the file or its contents cannot be used.
        BackEndUnavailableError: A PostgreSQL server does not answer, or refuses.
    """
    parsed = parse_url(url)
    for pause_s in PAUSES_S:
        try:
            await asyncio.to_thread(_migrate, parsed)
            break
        except DBAPIError as error:
            if not _is_locked(error):
                raise _unusable(parsed, error) from error
        await asyncio.sleep(pause_s)
    else:
        await asyncio.to_thread(_prepare, parsed)
    return SqlStore(async_engine(parsed), clock)


def require_existing(url: str) -> None:
    """Refuse an SQLite file that does not exist: opening would make an empty one.

    Raises:
        ConfigurationError: There is no such file.
    """
    parsed = parse_url(url)
    if is_sqlite(parsed) and not Path(str(parsed.database)).is_file():
        raise ConfigurationError(
            SETTING, f"there is no record at {parsed.database}", "Name the file that Herald wrote"
        )


def _is_locked(error: DBAPIError) -> bool:
    """Tell whether another process opens the file for the first time at this moment.

    SQLite does not wait for the lock that a change of the journal mode needs.
    """
    return "database is locked" in str(error.orig)


def _prepare(url: URL) -> None:
    try:
        _migrate(url)
    except DBAPIError as error:
        raise _unusable(url, error) from error


def _migrate(url: URL) -> None:
    """Migrate in a thread: a connection of aiosqlite that cannot be opened ends untidily."""
    try:
        engine = blocking_engine(url)
        with engine.begin() as connection:
            migrate(connection)
    except ModuleNotFoundError as error:
        remedy = "Install Herald with its extra: herald[postgres]"
        raise ConfigurationError(SETTING, "PostgreSQL needs psycopg", remedy) from error


def _unusable(url: URL, error: DBAPIError) -> HeraldError:
    if not is_sqlite(url):
        return unavailable(error)
    reason = str(error.orig).partition("\n")[0]
    return ConfigurationError(
        SETTING,
        f"the file {url.database} cannot be used ({reason})",
        "Name a file in an existing folder that Herald may write to",
    )


def unavailable(error: SQLAlchemyError) -> BackEndUnavailableError:
    """Return what can be told of a database's trouble; its own words may hold a server's address.

    An SQLite file names its trouble by a number: https://www.sqlite.org/rescode.html
    """
    return BackEndUnavailableError("The database", TROUBLES.get(_code(error), BUSY))


def _code(error: SQLAlchemyError) -> int:
    """Return SQLite's primary result code; 0 for anything else."""
    orig = error.orig if isinstance(error, DBAPIError) else None
    return int(getattr(orig, "sqlite_errorcode", 0)) & PRIMARY_CODE
