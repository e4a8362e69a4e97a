"""Opens connections: which URLs are understood, and how each database is set up."""

from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
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


def parse_url(url: str) -> URL:
    """Return the URL with the driver that Herald uses for its database.

    Raises:
        ConfigurationError: It names no database that Herald can use.
    """
    parsed = _parsed(url)
    if parsed.drivername in _POSTGRESQL:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in _SQLITE:
        problem = f"Herald cannot use {parsed.drivername} databases"
        raise ConfigurationError(SETTING, problem, _FORMS)
    if parsed.database in {None, "", ":memory:"}:
        raise ConfigurationError(SETTING, "it names no file, so nothing would be kept", _FORMS)
    return parsed.set(drivername="sqlite")


def is_sqlite(url: URL) -> bool:
    """Tell whether a parsed URL names an SQLite file; otherwise it is PostgreSQL."""
    return url.drivername == "sqlite"


def blocking_engine(url: URL) -> Engine:
    """Return an engine for one piece of work in a thread; it keeps no connection."""
    engine = create_engine(url, poolclass=NullPool, connect_args=_connect_args(url))
    _follow(engine)
    return engine


def async_engine(url: URL) -> AsyncEngine:
    """Return the engine of a store.

    On SQLite the transactions of one process queue for its only connection, in the order of
    asking: sooner and fairer than SQLite's own waiting, which polls.
    """
    if is_sqlite(url):
        url, pool = url.set(drivername="sqlite+aiosqlite"), {"pool_size": 1, "max_overflow": 0}
        timeout_s = 2 * _TIMEOUT_S
    else:
        pool, timeout_s = {"pool_pre_ping": True}, _TIMEOUT_S
    engine = create_async_engine(
        url, pool_timeout=timeout_s, connect_args=_connect_args(url), **pool
    )
    _follow(engine.sync_engine)
    return engine


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:  # the latter: a port that is no number
        raise ConfigurationError(SETTING, "this is no database URL", _FORMS) from error


def _connect_args(url: URL) -> dict[str, object]:
    if url.drivername.startswith("sqlite"):
        return {"timeout": _TIMEOUT_S}
    milliseconds = _TIMEOUT_S * 1000
    limits = f"-c lock_timeout={milliseconds} -c statement_timeout={2 * milliseconds}"
    return {"connect_timeout": _TIMEOUT_S, "options": limits}


def _follow(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_immediate)


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
