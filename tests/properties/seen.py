"""Back ends that remember who moved what when, and the clock that tells it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.names import AliasName, EndpointName, ModelName
from bot.domain.serving import Route
from tests.fakes.back_ends import FakeRegistry, FakeServing
from tests.fakes.world import ShiftedClock

BEGINNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
TICK = timedelta(milliseconds=1)


class TickingClock(ShiftedClock):
    """A clock that goes on a little each time somebody looks at it, however slow the machine is."""

    def now(self) -> datetime:
        self.ahead += TICK
        return BEGINNING + self.ahead


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody, Herald or another, let an alias name a version."""

    at: datetime
    model: ModelName
    alias: AliasName
    version: int | None


@dataclass(frozen=True, slots=True)
class Write:
    """Herald wrote a value of an alias, or the versions that an endpoint is to serve.

    Attributes:
        place: The alias or the endpoint.
    """

    at: datetime
    model: ModelName
    place: str
    versions: tuple[int | None, ...]


@dataclass
class SeenRegistry(FakeRegistry):
    """A registry that remembers when its aliases moved."""

    clock: ShiftedClock = field(default_factory=ShiftedClock)
    seen: list[Write] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)

    def move(self, name: ModelName, alias: AliasName, version: int | None) -> None:
        super().move(name, alias, version)
        self.moves.append(Move(self.clock.now(), name, alias, version))

    async def set_alias(self, name: ModelName, alias: AliasName, version: int | None) -> None:
        self.seen.append(Write(self.clock.now(), name, alias, (version,)))
        await super().set_alias(name, alias, version)


@dataclass
class SeenServing(FakeServing):
    """Endpoints that remember what Herald asked them for."""

    clock: ShiftedClock = field(default_factory=ShiftedClock)
    seen: list[Write] = field(default_factory=list)

    async def serve(self, name: EndpointName, model: ModelName, routes: tuple[Route, ...]) -> None:
        versions = tuple(route.version for route in routes)
        self.seen.append(Write(self.clock.now(), model, name, versions))
        await super().serve(name, model, routes)
