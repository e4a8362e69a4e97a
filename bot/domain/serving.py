"""Serving endpoints and what they serve."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.names import EndpointName, ModelName


class EndpointUpdate(StrEnum):
    """How the latest update of an endpoint's configuration stands."""

    SETTLED = "settled"
    IN_PROGRESS = "in_progress"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A version of one model and its share of an endpoint's requests.

    Attributes:
        traffic_percentage: 0–100; all routes of an endpoint sum to 100.
        entity: Name of the served entity; unique within the endpoint.
    """

    version: int
    traffic_percentage: int
    entity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedEntity:
    """Something that an endpoint serves.

    Attributes:
        model: Full model name; None for external or foundation models.
        version: None where ``model`` is None.
        settings_digest: Hash over all other fields (sizes, environment …), which Herald keeps as
            they are and never shows.
        state: The platform's word for the entity's deployment, e.g. ``READY``.
        message: The platform's reason for that state; may be empty.
    """

    name: str
    model: ModelName | None
    version: int | None
    traffic_percentage: int
    settings_digest: str = ""
    state: str = "READY"
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingEndpoint:
    """An endpoint as the platform shows it at one moment.

    Attributes:
        entities: What answers requests now.
        pending: What the update in progress, or the failed one, wants to serve.
    """

    name: EndpointName
    is_ready: bool = True
    update: EndpointUpdate = EndpointUpdate.SETTLED
    entities: tuple[ServedEntity, ...] = ()
    pending: tuple[ServedEntity, ...] = ()

    def routes_of(self, model: ModelName) -> tuple[Route, ...]:
        """Return what this endpoint serves of one model, by entity name."""
        return routes(model, self.entities)

    def pending_routes_of(self, model: ModelName) -> tuple[Route, ...]:
        """Return what the endpoint is about to serve of one model, by entity name."""
        return routes(model, self.pending)

    def failure(self) -> str:
        """Return the platform's reason why the latest update did not come up; may be empty."""
        reasons = (entity.message for entity in self.pending if entity.state != "READY")
        return next((reason for reason in reasons if reason), "")


def routes(model: ModelName, entities: Iterable[ServedEntity]) -> tuple[Route, ...]:
    """Return the routes of one model among served entities, by entity name."""
    own = (
        Route(version=e.version, traffic_percentage=e.traffic_percentage, entity=e.name)
        for e in entities
        if e.model == model and e.version is not None
    )
    return tuple(sorted(own, key=lambda route: route.entity))


def traffic_of(routes_: Iterable[Route]) -> int:
    """Return the share of requests, in per cent, that these routes take together."""
    return sum(route.traffic_percentage for route in routes_)
