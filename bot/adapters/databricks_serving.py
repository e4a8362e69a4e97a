"""Databricks Model Serving, read and written as raw JSON so that nothing it holds gets lost.

The typed classes of the SDK drop fields that they do not know, and the platform's PUT replaces the
whole configuration: an unknown field that is not sent again is gone.
"""

import asyncio
import hashlib
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from bot.adapters.databricks_client import DatabricksClient, Json, scrubbed
from bot.domain.canonical import canonical_json
from bot.domain.errors import BackEndRefusedError, EndpointBusyError
from bot.domain.names import EndpointName, ModelName
from bot.domain.serving import EndpointUpdate, Route, ServedEntity, ServingEndpoint

PATH = "/api/2.0/serving-endpoints"

_UPDATES = {
    "NOT_UPDATING": EndpointUpdate.SETTLED,
    "IN_PROGRESS": EndpointUpdate.IN_PROGRESS,
    "UPDATE_FAILED": EndpointUpdate.FAILED,
    "UPDATE_CANCELED": EndpointUpdate.CANCELED,
}
_IDENTITY = {"name", "entity_name", "entity_version", "model_name", "model_version"}
_READ_ONLY = {"state", "creator", "creation_timestamp", "foundation_model"}
_CONFIG_READ_ONLY = {"config_version", "start_time", "served_models"}


class DatabricksServing:
    """Reads endpoints, and swaps what they serve of one model."""

    def __init__(self, client: DatabricksClient) -> None:
        self._client = client

    async def endpoints_serving(self, model: ModelName) -> tuple[ServingEndpoint, ...]:
        """Return every endpoint of which a served entity names the model, by name."""
        listed = (await self._client.get(PATH)).get("endpoints", [])
        names = sorted(raw["name"] for raw in listed if _names_model(raw, model))
        return tuple(await asyncio.gather(*(self.endpoint(EndpointName(n)) for n in names)))

    async def endpoint(self, name: EndpointName) -> ServingEndpoint:
        """Return an endpoint as it stands."""
        return _endpoint(await self._raw(name))

    async def serve(self, name: EndpointName, model: ModelName, routes: tuple[Route, ...]) -> None:
        """Ask the endpoint to serve these routes of the model, neighbours unchanged."""
        raw = await self._raw(name)
        if _stands(_endpoint(raw), model, routes):
            return
        config = _swapped(raw.get("config", {}), model, routes)
        try:
            await self._client.send("PUT", f"{PATH}/{quote(name, safe='')}/config", body=config)
        except EndpointBusyError:
            # The platform may be busy with our own first attempt, of which the answer was lost.
            if not _stands(await self.endpoint(name), model, routes):
                raise

    async def _raw(self, name: EndpointName) -> Json:
        return await self._client.get(f"{PATH}/{quote(name, safe='')}")


def _names_model(raw: Json, model: ModelName) -> bool:
    return any(_model_of(entity) == model for entity in _entities(raw.get("config", {})))


def _entities(config: Json) -> list[Json]:
    entities: list[Json] = config.get("served_entities") or config.get("served_models") or []
    return entities


def _model_of(entity: Json) -> str | None:
    return entity.get("entity_name") or entity.get("model_name")


def _version_of(entity: Json) -> int | None:
    version = str(entity.get("entity_version") or entity.get("model_version") or "")
    return int(version) if version.isdecimal() else None


def _endpoint(raw: Json) -> ServingEndpoint:
    state = raw.get("state", {})
    update = _UPDATES.get(state.get("config_update"), EndpointUpdate.IN_PROGRESS)
    return ServingEndpoint(
        name=EndpointName(raw["name"]),
        is_ready=state.get("ready") == "READY",
        update=update,
        entities=_served(raw.get("config", {})),
        pending=_served(raw.get("pending_config") or {}),
    )


def _served(config: Json) -> tuple[ServedEntity, ...]:
    traffic = _traffic(config)
    return tuple(_entity(raw, traffic) for raw in _entities(config))


def _entity(raw: Json, traffic: dict[str, int]) -> ServedEntity:
    version = _version_of(raw)
    model = _model_of(raw)
    state = raw.get("state", {})
    return ServedEntity(
        name=raw.get("name", ""),
        model=ModelName(model) if model and version is not None else None,
        version=version,
        traffic_percentage=traffic.get(raw.get("name", ""), 0),
        settings_digest=_settings_digest(raw),
        state=str(state.get("deployment", "")).removeprefix("DEPLOYMENT_") or "READY",
        message=scrubbed(str(state.get("deployment_state_message", ""))),
    )


def _settings_digest(raw: Json) -> str:
    settings = {k: v for k, v in raw.items() if k not in _IDENTITY | _READ_ONLY}
    return hashlib.sha256(canonical_json(settings).encode()).hexdigest()


def _traffic(config: Json) -> dict[str, int]:
    routes = config.get("traffic_config", {}).get("routes", [])
    return {
        route.get("served_entity_name") or route.get("served_model_name", ""): int(
            route.get("traffic_percentage", 0)
        )
        for route in routes
    }


def _stands(endpoint: ServingEndpoint, model: ModelName, routes: tuple[Route, ...]) -> bool:
    """Tell whether the endpoint serves the routes, or is about to."""
    if endpoint.update is EndpointUpdate.IN_PROGRESS:
        return set(endpoint.pending_routes_of(model)) == set(routes)
    return set(endpoint.routes_of(model)) == set(routes)


def _swapped(config: Json, model: ModelName, routes: tuple[Route, ...]) -> Json:
    """Return the configuration to send: own entities replaced, everything else as it was."""
    entities = [_writable(entity) for entity in _entities(config)]
    own = [entity for entity in entities if _model_of(entity) == model]
    if not own:
        raise BackEndRefusedError("The serving platform", f"the endpoint does not serve {model}")
    others = [entity for entity in entities if _model_of(entity) != model]
    own_names = {entity.get("name") for entity in own}
    kept = [r for r in _raw_routes(config) if _route_name(r) not in own_names]
    return {
        **{k: v for k, v in config.items() if k not in _CONFIG_READ_ONLY},
        "served_entities": [*others, *(_own_entity(own, model, route) for route in routes)],
        "traffic_config": {
            **config.get("traffic_config", {}),
            "routes": [*kept, *(_raw_route(route) for route in routes)],
        },
    }


def _writable(entity: Json) -> Json:
    return {key: value for key, value in entity.items() if key not in _READ_ONLY}


def _own_entity(own: list[Json], model: ModelName, route: Route) -> Json:
    """Return an entity with the settings of the same version if there is one, else the first's."""
    same = (entity for entity in own if _version_of(entity) == route.version)
    pattern = next(same, own[0])
    settings = {key: value for key, value in pattern.items() if key not in _IDENTITY}
    return {
        **settings,
        "name": route.entity,
        "entity_name": model,
        "entity_version": str(route.version),
    }


def _raw_routes(config: Json) -> Iterable[Json]:
    routes: list[Json] = config.get("traffic_config", {}).get("routes", [])
    return routes


def _route_name(route: Json) -> Any:
    return route.get("served_entity_name") or route.get("served_model_name")


def _raw_route(route: Route) -> Json:
    return {
        "served_model_name": route.entity,
        "served_entity_name": route.entity,
        "traffic_percentage": route.traffic_percentage,
    }
