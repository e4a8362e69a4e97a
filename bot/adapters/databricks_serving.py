"""Databricks Model Serving: read an endpoint, change what it serves of one model, write it back."""

import asyncio
import hashlib
from typing import Any

from bot.adapters import endpoint_config as config_of
from bot.adapters.databricks_client import ConflictError, DatabricksClient, Json
from bot.domain.canonical import canonical_json
from bot.domain.errors import BackEndRefusedError, EndpointBusyError, NotFoundError
from bot.domain.names import EndpointName, ModelName
from bot.domain.serving import EndpointUpdate, Route, ServedEntity, ServingEndpoint

PATH = "/api/2.0/serving-endpoints"
AT_A_TIME = 8
"""Endpoints read at a time for one question: half of the slots stay free for others."""

_UPDATES = {
    "NOT_UPDATING": EndpointUpdate.SETTLED,
    "IN_PROGRESS": EndpointUpdate.IN_PROGRESS,
    "UPDATE_FAILED": EndpointUpdate.FAILED,
    "UPDATE_CANCELED": EndpointUpdate.CANCELED,
}


class DatabricksServing:
    """Reads endpoints, and swaps what they serve of one model.

    A word for the state of an update that Herald does not know counts as in progress: nothing is
    written and nobody is told that it is done.
    """

    def __init__(self, client: DatabricksClient) -> None:
        self._client = client

    async def endpoints_serving(self, model: ModelName) -> tuple[ServingEndpoint, ...]:
        """Return every endpoint of which a served entity names the model, by name.

        The list shows neither traffic nor updates, so each endpoint it names is read in full; one
        that is deleted meanwhile is left out.
        """
        answer = await self._client.get(PATH)
        with self._client.reading():
            listed = answer.get("endpoints") or []
            names = sorted(str(raw["name"]) for raw in listed if _serves(raw, model))
        few = asyncio.Semaphore(AT_A_TIME)
        found = await asyncio.gather(*(self._existing(EndpointName(name), few) for name in names))
        return tuple(e for e in found if e is not None and e.routes_of(model))

    async def overview(self) -> tuple[ServingEndpoint, ...]:
        """Return every endpoint, by name, as the list shows it: without traffic."""
        answer = await self._client.get(PATH)
        with self._client.reading():
            listed = [self._endpoint(raw) for raw in answer.get("endpoints") or []]
        return tuple(sorted(listed, key=lambda endpoint: endpoint.name))

    async def endpoint(self, name: EndpointName) -> ServingEndpoint:
        """Return an endpoint as it stands; ``NotFoundError`` when there is none."""
        return self._endpoint(await self._raw(name))

    async def serve(self, name: EndpointName, model: ModelName, routes: tuple[Route, ...]) -> None:
        """Ask the endpoint to serve these routes of the model, neighbours unchanged.

        Raises:
            EndpointBusyError: Another update is in progress.
            NotFoundError: There is no such endpoint.
            BackEndRefusedError: The endpoint cannot take these routes, or the platform says no.
        """
        raw = await self._raw(name)
        endpoint = self._endpoint(raw)
        if _is_serving(endpoint, model, routes):
            return
        if endpoint.update is EndpointUpdate.IN_PROGRESS:
            raise self._busy(name)
        try:
            await self._client.send(
                "PUT", f"{self._path(name)}/config", self._wanted(raw, model, routes)
            )
        except ConflictError:
            # The answer of an earlier attempt may be lost: then the update in progress is our own.
            if not _is_serving(await self.endpoint(name), model, routes):
                raise self._busy(name) from None

    def _wanted(self, raw: Json, model: ModelName, routes: tuple[Route, ...]) -> Json:
        try:
            with self._client.reading():
                return config_of.with_routes(raw.get("config") or {}, model, routes)
        except config_of.UnfitRoutesError as error:
            detail = f"endpoint {raw.get('name')} cannot take the routes: {error}"
            raise BackEndRefusedError(self._client.name, detail) from error

    def _busy(self, name: EndpointName) -> EndpointBusyError:
        return EndpointBusyError(self._client.name, f"endpoint {name} is taking another update")

    async def _existing(self, name: EndpointName, few: asyncio.Semaphore) -> ServingEndpoint | None:
        async with few:
            try:
                return await self.endpoint(name)
            except NotFoundError:
                return None

    async def _raw(self, name: EndpointName) -> Json:
        return await self._client.get(self._path(name))

    def _path(self, name: EndpointName) -> str:
        return f"{PATH}/{self._client.segment(name)}"

    def _endpoint(self, raw: Json) -> ServingEndpoint:
        with self._client.reading():
            state = raw.get("state") or {}
            return ServingEndpoint(
                name=EndpointName(raw["name"]),
                is_ready=state.get("ready") == "READY",
                update=_UPDATES.get(str(state.get("config_update")), EndpointUpdate.IN_PROGRESS),
                entities=self._served(raw.get("config") or {}),
                pending=self._served(raw.get("pending_config") or {}),
            )

    def _served(self, config: Json) -> tuple[ServedEntity, ...]:
        traffic = config_of.traffic_of(config)
        return tuple(self._entity(raw, traffic) for raw in config_of.entities_of(config))

    def _entity(self, raw: config_of.Raw, traffic: dict[str, int]) -> ServedEntity:
        name, model = str(raw.get("name") or ""), config_of.model_of(raw)
        state = raw.get("state") or {}
        deployment = str(state.get("deployment") or "").removeprefix("DEPLOYMENT_")
        return ServedEntity(
            name=name,
            model=model,
            version=config_of.version_of(raw) if model else None,
            traffic_percentage=traffic.get(name, 0),
            settings_digest=_digest(config_of.settings_of(raw)),
            state=deployment or "READY",
            message=self._client.scrubbed(str(state.get("deployment_state_message") or "")),
        )


def _serves(listed: Json, model: ModelName) -> bool:
    entities = config_of.entities_of(listed.get("config") or {})
    return any(config_of.model_of(entity) == model for entity in entities)


def _digest(settings: dict[str, Any]) -> str:
    return hashlib.sha256(canonical_json(settings).encode()).hexdigest()


def _is_serving(endpoint: ServingEndpoint, model: ModelName, routes: tuple[Route, ...]) -> bool:
    """Tell whether the endpoint serves the routes, or is about to."""
    if endpoint.update is EndpointUpdate.IN_PROGRESS:
        return set(endpoint.pending_routes_of(model)) == set(routes)
    return set(endpoint.routes_of(model)) == set(routes)
