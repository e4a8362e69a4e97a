"""Samples of endpoints in the database: each minute, summed up by the hour."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Row, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.figures import NO_FIGURES, Figures, Sample, figures_of
from bot.domain.health import Observation
from bot.domain.names import EndpointName
from bot.persistence.dialect import insert
from bot.persistence.tables import endpoint_hours as hours
from bot.persistence.tables import endpoint_minutes as minutes
from bot.persistence.tables import endpoint_observations as observations
from bot.persistence.tables import sample_turns as turns

HOUR = timedelta(hours=1)
AT_A_TIME = 100
"""Rows between two looks at the loop: about 2 ms."""


class SqlSamples:
    """Implements ``Samples``."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, minute: datetime) -> bool:
        """Take on the samples of a minute; False when somebody has taken them on before."""
        row = insert(self._connection, turns).values(minute=minute)
        taken = row.on_conflict_do_nothing().returning(turns.c.minute)
        return (await self._connection.execute(taken)).first() is not None

    async def observed(self) -> tuple[Observation, ...]:
        """Return every endpoint as it was last seen, by name."""
        query = select(observations.c.observation).order_by(observations.c.endpoint)
        return tuple((await self._connection.execute(query)).scalars())

    async def add(self, minute: datetime, observations: tuple[Observation, ...]) -> None:
        """Store the samples of a minute, once each, and how endpoints are now."""
        stored = await self._names(minutes.c.endpoint, minutes.c.minute == minute)
        samples = [o.sample for o in observations if o.sample.is_known]
        fresh = [sample for sample in samples if sample.endpoint not in stored]
        if fresh:
            rows = [_minute(sample, minute) for sample in fresh]
            await self._connection.execute(insert(self._connection, minutes), rows)
            await self._sum_up(minute.replace(minute=0), fresh)
        await self._replace(observations)

    async def figures(
        self,
        since: datetime,
        until: datetime,
        endpoints: frozenset[EndpointName] | None = None,
    ) -> Mapping[EndpointName, Figures]:
        """Return what each endpoint's samples add up to in the hours that begin in this time.

        Those of some endpoints, or of all; one without samples is left out. Rows are added up a
        few at a time: the loop has clicks to answer.
        """
        totals: dict[EndpointName, Figures] = {}
        query = select(hours).where(hours.c.hour >= since, hours.c.hour < until)
        if endpoints is not None:
            query = query.where(hours.c.endpoint.in_(sorted(endpoints)))
        async for rows in (await self._connection.stream(query)).partitions(AT_A_TIME):
            _add(totals, rows)
        newest = await self._newest(since, until)
        return {n: replace(f, newest=newest.get(n, f.newest)) for n, f in totals.items()}

    async def began(self) -> datetime | None:
        """Return the first hour of which figures are kept, or None."""
        first: datetime | None = await self._connection.scalar(select(func.min(hours.c.hour)))
        return first

    async def prune(self, minutes_before: datetime, hours_before: datetime) -> None:
        """Take out what is older."""
        for old in (minutes.c.minute, turns.c.minute):
            await self._connection.execute(delete(old.table).where(old < minutes_before))
        await self._connection.execute(delete(hours).where(hours.c.hour < hours_before))

    async def _sum_up(self, hour: datetime, samples: list[Sample]) -> None:
        query = select(hours).where(hours.c.hour == hour)
        known = {row.endpoint: _read(row) for row in await self._connection.execute(query)}
        rows = [
            _hour(s.endpoint, hour, known.get(s.endpoint, NO_FIGURES).plus(figures_of(s)))
            for s in samples
        ]
        row = insert(self._connection, hours)
        values = {key: row.excluded[key] for key in rows[0] if key not in {"endpoint", "hour"}}
        upsert = row.on_conflict_do_update(
            index_elements=[hours.c.endpoint, hours.c.hour], set_=values
        )
        await self._connection.execute(upsert, rows)

    async def _replace(self, seen: tuple[Observation, ...]) -> None:
        await self._connection.execute(delete(observations))
        if seen:
            rows = [{"endpoint": o.sample.endpoint, "observation": o} for o in seen]
            await self._connection.execute(insert(self._connection, observations), rows)

    async def _newest(self, since: datetime, until: datetime) -> Mapping[str, datetime]:
        """Return when each endpoint was sampled last, of those whose minutes are kept still."""
        within = (minutes.c.minute >= since, minutes.c.minute < until)
        last = select(minutes.c.endpoint, func.max(minutes.c.minute).label("newest")).where(*within)
        found = await self._connection.execute(last.group_by(minutes.c.endpoint))
        return {row.endpoint: row.newest for row in found}

    async def _names(self, column: "Column[str]", condition: Any) -> set[str]:
        return set((await self._connection.execute(select(column).where(condition))).scalars())


def _minute(sample: Sample, minute: datetime) -> dict[str, object]:
    return {
        "endpoint": sample.endpoint,
        "minute": minute,
        "requests": sample.requests,
        "client_errors": sample.client_errors,
        "server_errors": sample.server_errors,
        "latency": sample.latency,
    }


def _hour(endpoint: EndpointName, hour: datetime, figures: Figures) -> dict[str, object]:
    return {
        "endpoint": endpoint,
        "hour": hour,
        "judged": figures.judged,
        "requests": figures.requests,
        "client_errors": figures.client_errors,
        "server_errors": figures.server_errors,
        "latency": figures.latency,
    }


def _read(row: Row[Any]) -> Figures:
    return Figures(
        requests=row.requests,
        client_errors=row.client_errors,
        server_errors=row.server_errors,
        judged=row.judged,
        latency=row.latency,
        newest=row.hour + HOUR,
    )


def _add(totals: dict[EndpointName, Figures], rows: Iterable[Row[Any]]) -> None:
    for row in rows:
        name = EndpointName(row.endpoint)
        totals[name] = totals.get(name, NO_FIGURES).plus(_read(row))
