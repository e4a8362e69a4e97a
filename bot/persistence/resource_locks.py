"""Locks on models and endpoints: rows that only one request at a time can hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.names import RequestId
from bot.persistence.dialect import insert
from bot.persistence.tables import locks as table


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A resource and the request that holds it."""

    resource: str
    by: RequestId


async def take_locks(
    connection: AsyncConnection, request: RequestId, resources: tuple[str, ...]
) -> Held | None:
    """Lock all resources for a request, or none and return one that another request holds.

    Args:
        connection: A connection in its transaction.
        request: Who takes them; locks that are already its own count as taken.
        resources: Sorted, so that two replicas take them in the same order.
    """
    obstacle = await _obstacle(connection, request, resources)
    if obstacle:
        return obstacle
    for resource in resources:
        row = insert(connection, table).values(resource=resource, request_id=request)
        await connection.execute(row.on_conflict_do_nothing())
    obstacle = await _obstacle(connection, request, resources)
    if obstacle:  # another replica was faster, which only PostgreSQL allows
        await free_locks(connection, request)
    return obstacle


async def holder_of(connection: AsyncConnection, resource: str) -> RequestId | None:
    """Return the request that holds a resource, or None."""
    found: RequestId | None = await connection.scalar(
        select(table.c.request_id).where(table.c.resource == resource)
    )
    return found


async def free_locks(connection: AsyncConnection, request: RequestId) -> None:
    """Give back all locks of a request."""
    await connection.execute(delete(table).where(table.c.request_id == request))


async def _obstacle(
    connection: AsyncConnection, request: RequestId, resources: Iterable[str]
) -> Held | None:
    query = select(table).where(table.c.resource.in_(resources), table.c.request_id != request)
    row = (await connection.execute(query.order_by(table.c.resource))).first()
    return Held(resource=row.resource, by=row.request_id) if row else None
