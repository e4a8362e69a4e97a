"""The health of endpoints: what they serve, how it goes, and which of them need a look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.figures import NO_FIGURES, Figures, Reading, Sample
from bot.domain.names import CardKey, EndpointName, ModelName, RequestId, SlackUserId, short_name
from bot.domain.serving import EndpointUpdate, Route, ServingEndpoint, routes

LOW_SUCCESS_RATIO = 0.99
"""Below this share of requests without server error an endpoint needs a look."""

JUDGED_FROM = 20
"""Fewer requests say nothing about a share."""

Champions = Mapping[ModelName, int | None]
"""The champion of each model whose aliases could be read; None where it has none."""


class Condition(StrEnum):
    """How an endpoint is, in one word for a table."""

    READY = "ready"
    UPDATING = "updating"
    UPDATE_FAILED = "update failed"
    UPDATE_CANCELED = "update cancelled"
    NOT_READY = "not ready"


_CONDITIONS = {
    EndpointUpdate.IN_PROGRESS: Condition.UPDATING,
    EndpointUpdate.FAILED: Condition.UPDATE_FAILED,
    EndpointUpdate.CANCELED: Condition.UPDATE_CANCELED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """One model on an endpoint beside its champion.

    Attributes:
        champion: None when the model has none, or when nobody knows.
    """

    model: ModelName
    routes: tuple[Route, ...]
    champion: int | None = None
    is_champion_known: bool = True

    @property
    def is_skewed(self) -> bool:
        """Tell whether there is a champion and it is not what answers requests."""
        asked = [route for route in self.routes if route.traffic_percentage] or self.routes
        return self.champion is not None and self.champion not in {r.version for r in asked}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointHealth:
    """An endpoint with its champions and figures.

    Attributes:
        no_data: Why figures are missing, for people; may be empty.
    """

    endpoint: ServingEndpoint
    models: tuple[ServedModel, ...]
    figures: Figures = NO_FIGURES
    no_data: str = ""

    @property
    def condition(self) -> Condition:
        """Return the endpoint's state."""
        settled = Condition.READY if self.endpoint.is_ready else Condition.NOT_READY
        return _CONDITIONS.get(self.endpoint.update, settled)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Return why somebody has to look at it, for people; empty when it is well."""
        return (*self._troubles(), *self._skews(), *self._failures())

    @property
    def is_known(self) -> bool:
        """Tell whether enough is known of it to call it well: its requests, and its champions."""
        return self.figures.requests is not None and all(m.is_champion_known for m in self.models)

    def _troubles(self) -> Iterable[str]:
        if not self.endpoint.is_ready:
            yield "not ready"
        if self.condition is Condition.UPDATE_FAILED:
            why = self.endpoint.failure()
            yield f"its latest update failed: {why}" if why else "its latest update failed"
        broken = [e for e in self.endpoint.entities if e.state not in {"READY", "CREATING"}]
        yield from (f"{e.name} is {e.state.lower()}" for e in broken)

    def _skews(self) -> Iterable[str]:
        for served in self.models:
            if served.is_skewed:
                versions = ", ".join(f"v{route.version}" for route in served.routes)
                name = f"{short_name(served.model)} " if len(self.models) > 1 else ""
                yield f"serves {name}{versions}, champion is v{served.champion}"

    def _failures(self) -> Iterable[str]:
        ratio = self.figures.success_ratio
        if ratio is not None and ratio < LOW_SUCCESS_RATIO and self.figures.judged >= JUDGED_FROM:
            failed = f"{self.figures.server_errors:,} of {self.figures.judged:,}"
            yield f"{failed} requests ended with a server error"


def health_of(
    endpoint: ServingEndpoint, champions: Champions, figures: Figures, no_data: str = ""
) -> EndpointHealth:
    """Return an endpoint beside the champions of what it serves."""
    names = dict.fromkeys(e.model for e in endpoint.entities if e.model is not None)
    models = (
        ServedModel(
            model=name,
            routes=routes(name, endpoint.entities),
            champion=champions.get(name),
            is_champion_known=name in champions,
        )
        for name in sorted(names)
    )
    return EndpointHealth(endpoint=endpoint, models=tuple(models), figures=figures, no_data=no_data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """An endpoint as it was when Herald last looked, by itself or for somebody.

    Attributes:
        health: With the figures of the sample.
        reading: What its metrics showed, where the next sample has to know; else None.
    """

    health: EndpointHealth
    sample: Sample
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stood at one endpoint for one model when a digest was made."""

    endpoint: EndpointName
    model: ModelName
    versions: tuple[int, ...]
    champion: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that is not as in the digest before.

    Attributes:
        endpoint: What serves other versions; None where the champion moved.
        request: The change request that moved it; None for moves from outside.
    """

    model: ModelName
    endpoint: EndpointName | None = None
    before: tuple[int, ...]
    after: tuple[int, ...]
    request: RequestId | None = None


def standings_of(endpoints: Iterable[EndpointHealth]) -> tuple[Standing, ...]:
    """Return what a digest remembers of endpoints; models whose champion is unknown are not."""
    return tuple(
        Standing(
            endpoint=each.endpoint.name,
            model=served.model,
            versions=tuple(sorted({route.version for route in served.routes})),
            champion=served.champion,
        )
        for each in endpoints
        for served in each.models
        if served.is_champion_known
    )


def changes_between(before: Iterable[Standing], now: Iterable[Standing]) -> tuple[Change, ...]:
    """Return what moved between two digests: endpoints first, then champions, by name.

    Endpoints that only one of them knows are left out: the words of a digest may differ.
    """
    old = {(s.endpoint, s.model): s for s in before}
    pairs = [(old[key], s) for s in now if (key := (s.endpoint, s.model)) in old]
    served = [
        Change(model=s.model, endpoint=s.endpoint, before=was.versions, after=s.versions)
        for was, s in pairs
        if was.versions != s.versions
    ]
    champions = {
        s.model: Change(model=s.model, before=_one(was.champion), after=_one(s.champion))
        for was, s in pairs
        if was.champion != s.champion
    }
    return (*served, *(champions[model] for model in sorted(champions)))


def _one(version: int | None) -> tuple[int, ...]:
    return () if version is None else (version,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Requests that wait for approval; ``oldest`` is when the first of them was asked."""

    total: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """The health of endpoints over a period.

    Attributes:
        words: What was asked for; all endpoints when empty.
        since: Begin of the time that the figures cover: a full hour once there are samples.
        changes: None when there is no digest before to compare with.
        unread: What could not be read, one line each, for people.
        key: Key for its button; None when everybody sees it.
        shared_by: Who shared it; None in a digest and in a private answer.
    """

    words: tuple[str, ...] = ()
    since: datetime
    at: datetime
    endpoints: tuple[EndpointHealth, ...]
    changes: tuple[Change, ...] | None = None
    waiting: Waiting = Waiting()
    unread: tuple[str, ...] = ()
    key: CardKey | None = None
    shared_by: SlackUserId | None = None

    @property
    def needing_a_look(self) -> tuple[EndpointHealth, ...]:
        """Return the endpoints that somebody has to look at."""
        return tuple(each for each in self.endpoints if each.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointList:
    """Endpoints that match some words.

    Attributes:
        total: How many there are, also those not shown.
        unread: What could not be read, one line each, for people.
    """

    words: tuple[str, ...]
    endpoints: tuple[EndpointHealth, ...]
    total: int
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointSheet:
    """One endpoint with everything about it.

    Attributes:
        latest: What it did in the last minute.
        open_requests: The requests that are open for the models on it, by model.
    """

    health: EndpointHealth
    latest: Sample
    open_requests: Mapping[ModelName, RequestId] = field(default_factory=dict)
