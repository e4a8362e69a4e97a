"""No serving platform: Herald then moves aliases only."""

from bot.domain.errors import NotFoundError
from bot.domain.figures import Reading
from bot.domain.names import EndpointName, ModelName
from bot.domain.serving import Route, ServingEndpoint

NAME = "The serving platform"


class NoEndpoints:
    """Implements ``ServingPlatform`` and ``EndpointMetrics`` where nothing is served."""

    async def endpoints_serving(self, model: ModelName) -> tuple[ServingEndpoint, ...]:
        """Return nothing."""
        del model
        return ()

    async def overview(self) -> tuple[ServingEndpoint, ...]:
        """Return nothing."""
        return ()

    async def endpoint(self, name: EndpointName) -> ServingEndpoint:
        """Say that there is no such endpoint."""
        raise _missing(name)

    async def serve(self, name: EndpointName, model: ModelName, routes: tuple[Route, ...]) -> None:
        """Say that there is no such endpoint."""
        del model, routes
        raise _missing(name)

    async def read(self, name: EndpointName) -> Reading:
        """Say that there is no such endpoint."""
        raise _missing(name)


def _missing(name: EndpointName) -> NotFoundError:
    return NotFoundError(NAME, f"there is no endpoint {name}: none is connected")
