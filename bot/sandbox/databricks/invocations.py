"""Requests to endpoints: routed by traffic, answered by the models, measured."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.databricks.bodies import JsonObject
from bot.sandbox.databricks.endpoint_metrics import Invocation, InvocationLog
from bot.sandbox.databricks.errors import ApiError, not_found
from bot.sandbox.databricks.faults import FaultBook, FaultKind
from bot.sandbox.databricks.loaded_models import LoadedModels
from bot.sandbox.databricks.model_host_client import ModelHost, ModelLoadError
from bot.sandbox.databricks.serving import ServingEndpoints
from bot.sandbox.databricks.serving_config import Document, ModelKey, entity_key, traffic_of

_FAULT_ANSWER: JsonObject = {
    "error_code": "INTERNAL_ERROR",
    "message": "Encountered an unexpected error while evaluating the model.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an entity answered."""

    entity: str
    status: int
    body: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Backends:
    """What invocations need of the rest of the double."""

    host: ModelHost
    models: LoadedModels
    faults: FaultBook
    log: InvocationLog
    clock: Callable[[], float]


class Invocations:
    """Answers requests; each endpoint's requests are spread exactly as its routes say."""

    def __init__(self, endpoints: ServingEndpoints, backends: Backends) -> None:
        self._endpoints = endpoints
        self._backends = backends
        self._routed: dict[tuple[str, int], Counter[str]] = {}

    async def invoke(self, name: str, payload: JsonObject, entity: str | None = None) -> Answer:
        """Answer one request, by the named entity or by the next in turn.

        Raises:
            ApiError: If the endpoint or the entity does not exist, or nothing serves yet.
        """
        config = self._serving_config(name)
        chosen = _entity_named(config, entity or self._next(name, config))
        began = time.perf_counter()
        status, body = await self._answer(name, chosen, payload)
        self._backends.log.record(
            Invocation(
                at=self._backends.clock(),
                endpoint=name,
                entity=chosen["name"],
                status=status,
                latency_ms=(time.perf_counter() - began) * 1000,
            )
        )
        return Answer(entity=chosen["name"], status=status, body=body)

    def metrics(self, name: str) -> str:
        """Return the endpoint's metrics of the last minute."""
        entities = self._endpoints.get(name).get("config", {}).get("served_entities", [])
        return self._backends.log.text(name, [entity["name"] for entity in entities])

    def _serving_config(self, name: str) -> Document:
        config: Document | None = self._endpoints.get(name).get("config")
        if config is None:
            raise ApiError(400, "BAD_REQUEST", f"Endpoint '{name}' is not ready to serve.")
        return config

    def _next(self, name: str, config: Document) -> str:
        """Return the entity that is furthest behind its share."""
        shares = traffic_of(config)
        routed = self._routed.setdefault((name, config["config_version"]), Counter())
        upcoming = routed.total() + 1
        chosen = max(shares, key=lambda entity: shares[entity] * upcoming / 100 - routed[entity])
        routed[chosen] += 1
        return chosen

    async def _answer(
        self, name: str, entity: Document, payload: JsonObject
    ) -> tuple[int, JsonObject]:
        faults, version = self._backends.faults, [entity["entity_version"]]
        if slow := faults.take(FaultKind.VERSION_SLOW, name, version):
            await slow.pause()
        if faults.take(FaultKind.VERSION_ERRORS, name, version):
            return 500, _FAULT_ANSWER
        return await self._model_answer(entity_key(entity), payload)

    async def _model_answer(self, key: ModelKey, payload: JsonObject) -> tuple[int, JsonObject]:
        try:
            await self._backends.models.ensure(key)
        except ModelLoadError as error:
            return 500, {"error_code": "INTERNAL_ERROR", "message": str(error)}
        return await self._backends.host.invoke(key.name, key.version, payload)


def _entity_named(config: Document, name: str) -> Document:
    for entity in config["served_entities"]:
        if entity["name"] == name:
            found: Document = entity
            return found
    raise not_found(f"Served entity '{name}' does not exist.")
