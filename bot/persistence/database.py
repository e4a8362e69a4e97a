"""Opens the store: one database, brought to the present form, behind transactions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import BackEndUnavailableError, ConfigurationError
from bot.domain.ports import Clock
from bot.domain.store import UnitOfWork
from bot.persistence.engine import SETTING, open_engine
from bot.persistence.migrate import migrate
from bot.persistence.unit_of_work import unit_of_work


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
            raise _unavailable() from error

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


async def open_store(url: str, clock: Clock) -> SqlStore:
    """Open the database behind a URL and bring it to the present form.

    Raises:
        ConfigurationError: The URL, the file or its contents cannot be used.
        BackEndUnavailableError: A PostgreSQL server does not answer, or refuses.
    """
    engine = open_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(migrate)
    except DBAPIError as error:
        await engine.dispose()
        raise _unusable(engine, error) from error
    except BaseException:
        await engine.dispose()
        raise
    return SqlStore(engine, clock)


def _unusable(engine: AsyncEngine, error: DBAPIError) -> Exception:
    if engine.dialect.name == "postgresql":
        return _unavailable()
    reason = str(error.orig).partition("\n")[0]
    return ConfigurationError(
        SETTING,
        f"the file {engine.url.database} cannot be used ({reason})",
        "Name a file in an existing folder that Herald may write to",
    )


def _unavailable() -> BackEndUnavailableError:
    return BackEndUnavailableError("The database", "it does not answer or is busy")
