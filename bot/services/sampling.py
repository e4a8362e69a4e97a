"""Looks at every endpoint once a minute and writes down what it did."""

import asyncio
from datetime import datetime, timedelta

from bot.domain.figures import NO_FIGURES, Reading, figures_of, sample_of
from bot.domain.health import Champions, EndpointHealth, Observation, health_of
from bot.domain.home import EndpointLook
from bot.domain.names import ModelName
from bot.domain.ports import Clock
from bot.domain.serving import ServingEndpoint
from bot.domain.store import Store
from bot.services.look import Look

KEPT_MINUTES = timedelta(days=2)
KEPT_HOURS = timedelta(days=35)
CHAMPIONS_FOR = timedelta(minutes=10)
"""How long a sample takes a champion for what it was: reading them all costs more than the rest."""

PRESENT = timedelta(minutes=10)
"""How long what was seen is told as how it is."""

SPREAD_S = 20.0
"""Nobody waits for samples: parsing 200 pages at once would hold up clicks for a while."""


class Sampling:
    """Takes samples; of several replicas one takes those of a minute."""

    def __init__(self, look: Look, store: Store, clock: Clock) -> None:
        self._look = look
        self._store = store
        self._clock = clock
        self._champions: dict[ModelName, int | None] = {}
        self._champions_at: datetime | None = None

    async def sample(self) -> int:
        """Take the samples of this minute unless they are taken; return of how many endpoints."""
        minute = self._clock.now().replace(second=0, microsecond=0)
        async with self._store.transaction() as work:
            if not await work.samples.begin(minute):
                return 0
            before = {o.sample.endpoint: o.reading for o in await work.samples.observed()}
        endpoints = await self._look.overview()
        champions, readings = await asyncio.gather(
            self._known_champions(endpoints),
            self._look.readings((endpoint.name for endpoint in endpoints), SPREAD_S),
        )
        seen = tuple(
            _observed(each, champions, before.get(each.name), readings[each.name])
            for each in endpoints
            if each.name in readings
        )
        async with self._store.transaction() as work:
            await work.samples.add(minute, seen)
            if minute.minute == 0:
                await work.samples.prune(minute - KEPT_MINUTES, minute - KEPT_HOURS)
        return len(seen)

    async def _known_champions(self, endpoints: tuple[ServingEndpoint, ...]) -> Champions:
        """Return champions that are known well enough.

        Those of new models are read at once, and those that seem not to be served: the champion
        may have moved together with the endpoint.
        """
        now = self._clock.now()
        if self._champions_at is None or now - self._champions_at >= CHAMPIONS_FOR:
            self._champions, self._champions_at = {}, now
        doubtful = [each for each in endpoints if _is_doubtful(each, self._champions)]
        self._champions.update(await self._look.champions(doubtful))
        return self._champions


class SeenEndpoints:
    """Remembers, from the record, how endpoints were when they were last looked at."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def needing_a_look(self) -> tuple[EndpointLook, ...] | None:
        """Return the endpoints that need a look; None when none was seen of late."""
        async with self._store.transaction() as work:
            seen = await work.samples.observed()
        if not seen or self._clock.now() - max(o.sample.at for o in seen) > PRESENT:
            return None
        return tuple(_look(each.health) for each in seen if each.health.reasons)


def _look(health: EndpointHealth) -> EndpointLook:
    return EndpointLook(name=health.endpoint.name, reasons=health.reasons)


def _observed(
    endpoint: ServingEndpoint, champions: Champions, before: Reading | None, now: Reading
) -> Observation:
    sample = sample_of(endpoint.name, before, now)
    figures = figures_of(sample) if sample.is_known else NO_FIGURES
    needed = now if now.is_total or now.is_latency_total else None
    return Observation(
        health=health_of(endpoint, champions, figures, now.problem), sample=sample, reading=needed
    )


def _is_doubtful(endpoint: ServingEndpoint, champions: Champions) -> bool:
    known = health_of(endpoint, champions, NO_FIGURES).models
    return any(served.is_skewed or not served.is_champion_known for served in known)
