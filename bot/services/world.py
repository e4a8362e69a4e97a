"""The back ends on which a change is carried out, and how it compares with a plan."""

from dataclasses import dataclass

from bot.domain.change_request import ChangeRequest
from bot.domain.errors import NotFoundError
from bot.domain.plan import Plan
from bot.domain.ports import ModelRegistry, RegistryWriter, ServingPlatform
from bot.domain.serving import EndpointUpdate, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Registry and serving platform, to read and to write."""

    registry: ModelRegistry
    writer: RegistryWriter
    serving: ServingPlatform


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one resource of a plan reads now, beside what the plan has for it.

    Attributes:
        name: ``alias champion`` or ``endpoint fraud-scorer``.
        is_before: Whether it reads as before the change.
        is_after: Whether it reads as planned.
        now: Its present value, for people.
    """

    name: str
    is_before: bool
    is_after: bool
    now: str

    def line(self) -> str:
        """Return one line for people: what stands, and whether that is old or new."""
        if self.is_before and self.is_after:
            return f"{self.name}: {self.now}, unchanged"
        word = "as before" if self.is_before else "as planned" if self.is_after else "neither"
        return f"{self.name}: {self.now}, {word}"


async def read_standing(world: World, request: ChangeRequest) -> tuple[Standing, ...]:
    """Return what every resource of the plan reads now, in the order of writing."""
    plan = request.evidence.plan
    endpoints = [await _endpoint(world, plan, index) for index in range(len(plan.endpoints))]
    return (*endpoints, *await _aliases(world, plan))


async def _aliases(world: World, plan: Plan) -> tuple[Standing, ...]:
    """Return how the aliases of a plan stand; those of a deleted model read like no side."""
    try:
        aliases = (await world.registry.model(plan.model)).aliases
    except NotFoundError:
        gone = "the model does not exist"
        return tuple(
            Standing(name=f"alias {change.alias}", is_before=False, is_after=False, now=gone)
            for change in plan.aliases
        )
    return tuple(
        Standing(
            name=f"alias {change.alias}",
            is_before=aliases.get(change.alias) == change.before,
            is_after=aliases.get(change.alias) == change.after,
            now=version_text(aliases.get(change.alias)),
        )
        for change in plan.aliases
    )


async def _endpoint(world: World, plan: Plan, index: int) -> Standing:
    change = plan.endpoints[index]
    name = f"endpoint {change.endpoint}"
    try:
        endpoint = await world.serving.endpoint(change.endpoint)
    except NotFoundError:
        return Standing(name=name, is_before=False, is_after=False, now="it does not exist")
    own = endpoint.routes_of(plan.model)
    settled = endpoint.update is not EndpointUpdate.IN_PROGRESS
    return Standing(
        name=name,
        is_before=settled and same_routes(own, change.before),
        is_after=settled and endpoint.is_ready and same_routes(own, change.after),
        now=routes_text(own) if settled else f"{routes_text(own)}, an update is in progress",
    )


def same_routes(some: tuple[Route, ...], others: tuple[Route, ...]) -> bool:
    """Tell whether two sets of routes are the same, in any order."""
    return set(some) == set(others)


def version_text(version: int | None) -> str:
    """Return a version for people, or ``none``."""
    return "none" if version is None else f"v{version}"


def routes_text(routes: tuple[Route, ...]) -> str:
    """Return routes for people: ``v6 90 %, v7 10 %``."""
    return ", ".join(f"v{r.version} {r.traffic_percentage} %" for r in routes) or "nothing of it"
