"""The plan of a change: the ordered writes, each with what stands before and after it."""

from dataclasses import dataclass

from bot.domain.names import AliasName, EndpointName, ModelName
from bot.domain.serving import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointChange:
    """What an endpoint serves of the model, before and after.

    Attributes:
        before: The model's own routes now.
        after: The model's own routes then; the same share of traffic in all.
        shared_with: Other models on the endpoint; they stay as they are and are not hashed.
    """

    endpoint: EndpointName
    before: tuple[Route, ...]
    after: tuple[Route, ...]
    shared_with: tuple[ModelName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasChange:
    """Where an alias points before and after; None means that it does not exist."""

    alias: AliasName
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every write of one change, in order: endpoints, then aliases, then tags.

    Attributes:
        version: The version that the target alias will name; it gets the tags.
        way_back: The version to return to when the change goes wrong; None when there is none.
        skew: Endpoints that serve another version than the champion, one line each, for people;
            planned for or not, and not hashed.
    """

    model: ModelName
    version: int
    endpoints: tuple[EndpointChange, ...] = ()
    aliases: tuple[AliasChange, ...] = ()
    way_back: int | None = None
    skew: tuple[str, ...] = ()

    @property
    def resources(self) -> tuple[str, ...]:
        """Names of all that this plan locks, sorted."""
        endpoints = (f"endpoint:{change.endpoint}" for change in self.endpoints)
        return tuple(sorted((f"model:{self.model}", *endpoints)))
