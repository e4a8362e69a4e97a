"""Where SQLite and PostgreSQL differ: upserts, the clock of leases, taking turns."""

from datetime import datetime

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ports import Clock


def is_postgresql(connection: AsyncConnection) -> bool:
    """Tell whether the connection speaks to PostgreSQL; otherwise it is SQLite."""
    return connection.dialect.name == "postgresql"


def insert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return the INSERT of this dialect, which knows ON CONFLICT."""
    return postgresql.insert(table) if is_postgresql(connection) else sqlite.insert(table)


async def lease_now(connection: AsyncConnection, clock: Clock) -> datetime:
    """Return the moment by which leases are measured.

    Replicas on several hosts share the clock of the database; SQLite is one host with one clock.
    """
    if not is_postgresql(connection):
        return clock.now()
    moment: datetime = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
    return moment


async def take_turns(connection: AsyncConnection, what: str) -> None:
    """Let one transaction at a time go on from here until it ends.

    On SQLite ``BEGIN IMMEDIATE`` has seen to that already.
    """
    if is_postgresql(connection):
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(what))))
