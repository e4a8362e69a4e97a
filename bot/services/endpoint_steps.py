"""The steps of a serving endpoint: ask for the routes, then wait until they answer."""

from datetime import datetime, timedelta

from bot.domain.errors import EndpointBusyError, NotFoundError, StepFailedError
from bot.domain.ledger import LedgerEntry, endpoint_place
from bot.domain.plan import EndpointChange
from bot.domain.ports import Clock
from bot.domain.serving import EndpointUpdate, Route, ServingEndpoint
from bot.services.execution import StepDone, StepWaits
from bot.services.filing import served_text
from bot.services.step import StepWork
from bot.services.world import World, routes_text, same_routes

UNSEEN_UPDATE = timedelta(minutes=1)
"""How long a platform may show neither the update that it took nor a failure of it."""


class EndpointSteps:
    """Sets and awaits what an endpoint serves of one model."""

    def __init__(self, world: World, clock: Clock, poll: timedelta) -> None:
        self._world = world
        self._clock = clock
        self._poll = poll

    async def set(self, work: StepWork) -> StepDone | StepWaits:
        """Ask for the desired routes when the endpoint still reads as it did on the other side.

        Raises:
            StepFailedError: It reads like neither side of the change, so it is left alone.
        """
        change, (origin, goal) = _sides(work)
        endpoint = await self._read(work, change)
        own = endpoint.routes_of(work.model)
        if endpoint.update is EndpointUpdate.IN_PROGRESS:
            return self._under_way(work, endpoint, goal)
        if same_routes(own, goal):
            return StepDone()
        if not same_routes(own, origin):
            raise StepFailedError(_foreign(change, own))
        return await self._ask(work, change, goal)

    async def wait(self, work: StepWork) -> StepDone | StepWaits:
        """Look whether the desired routes answer.

        Raises:
            StepFailedError: The platform gave up, or somebody else changed the endpoint.
        """
        change, (origin, goal) = _sides(work)
        endpoint = await self._read(work, change)
        own = endpoint.routes_of(work.model)
        if endpoint.update is EndpointUpdate.IN_PROGRESS:
            return self._later(f"{change.endpoint} is taking {routes_text(goal)}")
        if same_routes(own, goal):
            return self._served(work, endpoint, goal)
        if endpoint.update is not EndpointUpdate.SETTLED:
            raise StepFailedError(_gave_up(change, endpoint, goal))
        if not same_routes(own, origin):
            raise StepFailedError(_foreign(change, own))
        return self._unseen(work, change)

    def _under_way(
        self, work: StepWork, endpoint: ServingEndpoint, goal: tuple[Route, ...]
    ) -> StepDone | StepWaits:
        if same_routes(endpoint.pending_routes_of(work.model), goal):
            return StepDone()
        return self._later(f"{endpoint.name} finishes another update first")

    async def _ask(
        self, work: StepWork, change: EndpointChange, goal: tuple[Route, ...]
    ) -> StepDone | StepWaits:
        await work.guard()
        try:
            await self._world.serving.serve(change.endpoint, work.model, goal)
        except EndpointBusyError:
            return self._later(f"{change.endpoint} finishes another update first")
        endpoint = await self._read(work, change)
        pending, own = endpoint.pending_routes_of(work.model), endpoint.routes_of(work.model)
        if same_routes(pending, goal) or same_routes(own, goal):
            return StepDone()
        return self._later(f"{change.endpoint} does not show the update yet")

    def _served(
        self, work: StepWork, endpoint: ServingEndpoint, goal: tuple[Route, ...]
    ) -> StepDone | StepWaits:
        if not endpoint.is_ready:
            return self._later(f"{endpoint.name} serves {routes_text(goal)} and is not ready yet")
        return StepDone(
            ledger=(
                LedgerEntry(
                    model=work.model,
                    place=endpoint_place(endpoint.name),
                    value=served_text(goal),
                    cause=work.cause,
                    at=self._clock.now(),
                    request=work.request.id,
                ),
            )
        )

    def _unseen(self, work: StepWork, change: EndpointChange) -> StepWaits:
        if self._clock.now() - work.entry.started_at > UNSEEN_UPDATE:
            raise StepFailedError(f"{change.endpoint} dropped the update without a reason")
        return self._later(f"{change.endpoint} does not show the update yet")

    async def _read(self, work: StepWork, change: EndpointChange) -> ServingEndpoint:
        await work.guard()
        try:
            return await self._world.serving.endpoint(change.endpoint)
        except NotFoundError as error:
            raise StepFailedError(f"{change.endpoint} does not exist any more") from error

    def _later(self, detail: str) -> StepWaits:
        return StepWaits(until=self._next_look(), detail=detail)

    def _next_look(self) -> datetime:
        return self._clock.now() + self._poll


def _sides(work: StepWork) -> tuple[EndpointChange, tuple[tuple[Route, ...], tuple[Route, ...]]]:
    change = work.step.endpoint
    if change is None:
        raise TypeError(f"step {work.step.name} names no endpoint")
    forward = (change.before, change.after)
    return change, (forward[::-1] if work.step.is_undo else forward)


def _foreign(change: EndpointChange, own: tuple[Route, ...]) -> str:
    return f"{change.endpoint} was changed outside Herald: it serves {routes_text(own)} now"


def _gave_up(change: EndpointChange, endpoint: ServingEndpoint, goal: tuple[Route, ...]) -> str:
    reason = endpoint.failure() or f"the platform says only: update {endpoint.update}"
    return f"{change.endpoint} could not start {routes_text(goal)}: {reason}"
