"""Opens connections: which URLs are understood, and how each database is set up."""

from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.domain.errors import ConfigurationError

SETTING = "HERALD_DATABASE_URL"

_FORMS = "Use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"
_SQLITE = frozenset({"sqlite", "sqlite+aiosqlite"})
_POSTGRESQL = frozenset(
    {"postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg_async"}
)
_TIMEOUT_S = 5
"""Longest wait for a connection, or for another transaction to end; well below a lease."""


def open_engine(url: str) -> AsyncEngine:
    """Return an engine for the database behind a URL, without connecting to it.

    Raises:
        ConfigurationError: The URL is not understood, or what it needs is not installed.
    """
    parsed = _parse(url)
    if parsed.drivername in _SQLITE:
        return _sqlite(parsed)
    if parsed.drivername in _POSTGRESQL:
        return _postgresql(parsed)
    raise ConfigurationError(SETTING, f"Herald cannot use {parsed.drivername} databases", _FORMS)


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:  # the latter: a port that is no number
        raise ConfigurationError(SETTING, "this is no database URL", _FORMS) from error


def _sqlite(url: URL) -> AsyncEngine:
    if url.database in {None, "", ":memory:"}:
        raise ConfigurationError(SETTING, "it names no file, so nothing would be kept", _FORMS)
    # Transactions of one process queue for its only connection, in the order of asking: sooner
    # and fairer than SQLite's own waiting, which polls.
    engine = create_async_engine(
        url.set(drivername="sqlite+aiosqlite"),
        pool_size=1,
        max_overflow=0,
        pool_timeout=2 * _TIMEOUT_S,
        connect_args={"timeout": _TIMEOUT_S},
    )
    event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN and COMMIT are SQLAlchemy's alone
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()  # the pool forgets a connection that was not set up
        raise
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _postgresql(url: URL) -> AsyncEngine:
    milliseconds = _TIMEOUT_S * 1000
    limits = f"-c lock_timeout={milliseconds} -c statement_timeout={2 * milliseconds}"
    try:
        return create_async_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_timeout=_TIMEOUT_S,
            connect_args={"connect_timeout": _TIMEOUT_S, "options": limits},
        )
    except ModuleNotFoundError as error:
        remedy = "Install Herald with its extra: herald[postgres]"
        raise ConfigurationError(SETTING, "PostgreSQL needs psycopg", remedy) from error
