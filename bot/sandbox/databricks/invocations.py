"""Requests to endpoints: routed by traffic, answered by the models, measured."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.databricks.bodies import JsonObject
from bot.sandbox.databricks.endpoint_metrics import Invocation, InvocationLog, Provision
from bot.sandbox.databricks.errors import ApiError, not_found
from bot.sandbox.databricks.faults import FaultBook, FaultKind
from bot.sandbox.databricks.loaded_models import LoadedModels
from bot.sandbox.databricks.model_host_client import ModelHost, ModelLoadError
from bot.sandbox.databricks.odd_pages import ODD_PAGES
from bot.sandbox.databricks.serving import ServingEndpoints
from bot.sandbox.databricks.serving_config import Document, ModelKey, entity_key, traffic_of

_FAULT_ANSWER: JsonObject = {
    "error_code": "INTERNAL_ERROR",
    "message": "Encountered an unexpected error while evaluating the model.",
}
# Upper ends of Databricks' ranges of requests at a time, by workload size.
_CONCURRENCY: dict[object, int] = {"Small": 4, "Medium": 16, "Large": 64}


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
        watch = _Watch()
        status, body = await self._answer(name, chosen, payload, watch)
        self._backends.log.record(
            Invocation(
                at=self._backends.clock(),
                endpoint=name,
                entity=chosen["name"],
                status=status,
                latency_ms=watch.so_far_ms(),
                queued_ms=watch.queued_ms,
            )
        )
        return Answer(entity=chosen["name"], status=status, body=body)

    def metrics(self, name: str) -> str:
        """Return the endpoint's metrics of the last minute."""
        entities = self._endpoints.get(name).get("config", {}).get("served_entities", [])
        if odd := self._backends.faults.take(FaultKind.ODD_METRICS, name, ()):
            return ODD_PAGES[odd.fault.page]
        memory = self._backends.host.memory_percentage()
        provisions = {
            entity["name"]: Provision(concurrency=_concurrency(entity), memory_percentage=memory)
            for entity in entities
        }
        return self._backends.log.text(name, provisions)

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
        self, name: str, entity: Document, payload: JsonObject, watch: "_Watch"
    ) -> tuple[int, JsonObject]:
        faults, version = self._backends.faults, [entity["entity_version"]]
        if slow := faults.take(FaultKind.VERSION_SLOW, name, version):
            await slow.pause()
        if faults.take(FaultKind.VERSION_ERRORS, name, version):
            return 500, _FAULT_ANSWER
        return await self._model_answer(entity_key(entity), payload, watch)

    async def _model_answer(
        self, key: ModelKey, payload: JsonObject, watch: "_Watch"
    ) -> tuple[int, JsonObject]:
        try:
            await self._backends.models.ensure(key)
        except ModelLoadError as error:
            return 500, {"error_code": "INTERNAL_ERROR", "message": str(error)}
        watch.asks_now()
        return await self._backends.host.invoke(key.name, key.version, payload)


class _Watch:
    """How long a request takes, and how long it waits before its model is asked."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self.queued_ms = 0.0

    def so_far_ms(self) -> float:
        """Return the time since the request came."""
        return (time.perf_counter() - self._began) * 1000

    def asks_now(self) -> None:
        """Note that the model is asked."""
        self.queued_ms = self.so_far_ms()


def _concurrency(entity: Document) -> int:
    """Return what the platform provisions for a workload; an unnamed one is small."""
    asked = entity.get("max_provisioned_concurrency")
    return asked if isinstance(asked, int) else _CONCURRENCY.get(entity.get("workload_size"), 4)


def _entity_named(config: Document, name: str) -> Document:
    for entity in config["served_entities"]:
        if entity["name"] == name:
            found: Document = entity
            return found
    raise not_found(f"Served entity '{name}' does not exist.")
