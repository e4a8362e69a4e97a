"""Reads how endpoints are, from the platform, its metrics and the registry, a few at a time."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.errors import BackEndError
from bot.domain.figures import Reading
from bot.domain.health import Champions
from bot.domain.names import AliasName, EndpointName, ModelName
from bot.domain.ports import Clock, EndpointMetrics, ModelRegistry, ServingPlatform
from bot.domain.serving import ServingEndpoint
from bot.services.bounded import read_each

AT_A_TIME = 8
"""Reads of platform and registry at a time: half of their slots stay free for changes."""
METRICS_AT_A_TIME = 12
"""Metrics have a pool of their own, of 16 slots."""
NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where the health of endpoints is read."""

    serving: ServingPlatform
    registry: ModelRegistry
    metrics: EndpointMetrics
    champion: AliasName


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one look saw.

    Attributes:
        endpoints: Those that could be read, by name.
        unread: What could not, one line each, for people.
    """

    endpoints: tuple[ServingEndpoint, ...]
    champions: Champions
    readings: dict[EndpointName, Reading]
    unread: tuple[str, ...] = ()


class Look:
    """Reads endpoints, champions and figures beside one another."""

    def __init__(self, sources: Sources, clock: Clock) -> None:
        self._from = sources
        self._clock = clock

    async def overview(self) -> tuple[ServingEndpoint, ...]:
        """Return every endpoint as lists show it."""
        return await self._from.serving.overview()

    async def closely(self, endpoints: tuple[ServingEndpoint, ...]) -> Seen:
        """Return these endpoints in full, with what they measure and their models' champions."""
        names = [endpoint.name for endpoint in endpoints]
        (full, unread), champions, readings = await asyncio.gather(
            read_each(names, self._from.serving.endpoint, AT_A_TIME),
            self.champions(endpoints),
            self.readings(names),
        )
        return Seen(
            endpoints=tuple(full[name] for name in sorted(full)),
            champions=champions,
            readings=readings,
            unread=tuple(_told(unread)),
        )

    async def champions(self, endpoints: Iterable[ServingEndpoint]) -> Champions:
        """Return the champions of all that is served; models that cannot be read are left out."""
        served = {e.model for endpoint in endpoints for e in endpoint.entities if e.model}
        found, _ = await read_each(sorted(served), self._champion, AT_A_TIME)
        return found

    async def readings(
        self, names: Iterable[EndpointName], spread_s: float = 0
    ) -> dict[EndpointName, Reading]:
        """Return what endpoints measure; where nothing could be read, it says why.

        Many are read over ``spread_s`` seconds where nobody waits for them.
        """
        found, _ = await read_each(names, self._reading, METRICS_AT_A_TIME, spread_s)
        return found

    async def _champion(self, model: ModelName) -> int | None:
        return (await self._from.registry.model(model)).aliases.get(self._from.champion)

    async def _reading(self, name: EndpointName) -> Reading:
        try:
            return await self._from.metrics.read(name)
        except BackEndError as error:
            return Reading(at=self._clock.now(), problem=str(error))


def _told(unread: dict[EndpointName, BackEndError]) -> Iterable[str]:
    names = sorted(unread)
    if names:
        rest = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        yield f"{', '.join(names[:NAMED])}{rest}: {unread[names[0]]}"
