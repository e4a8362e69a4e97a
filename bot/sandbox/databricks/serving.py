"""Serving endpoints and the state machine of their updates."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from copy import deepcopy

from bot.sandbox.databricks import endpoint_documents as documents
from bot.sandbox.databricks.bodies import JsonObject, required_text
from bot.sandbox.databricks.endpoint_file import EndpointFile
from bot.sandbox.databricks.errors import already_exists, conflict, invalid, not_found
from bot.sandbox.databricks.loaded_models import LoadedModels
from bot.sandbox.databricks.rollouts import Rollouts
from bot.sandbox.databricks.serving_config import (
    ENDPOINT_NAME,
    Document,
    ModelKey,
    model_keys,
    read_config,
)

_CROWD_CATALOG = "crowd."
VersionCheck = Callable[[ModelKey], Awaitable[None]]


class ServingEndpoints:
    """All endpoints; an update runs in the background while the old configuration serves."""

    def __init__(
        self,
        *,
        file: EndpointFile,
        models: LoadedModels,
        rollouts: Rollouts,
        check_version: VersionCheck,
    ) -> None:
        self._file = file
        self._models = models
        self._rollouts = rollouts
        self._check_version = check_version
        self._endpoints: dict[str, Document] = {}
        self._updates: dict[str, asyncio.Task[None]] = {}

    def open(self, initial: dict[str, JsonObject]) -> None:
        """Take up what was saved, or start with these ready endpoints; resume cut-off updates.

        Args:
            initial: Bodies of create calls, by endpoint name.
        """
        saved = self._file.load()
        self._endpoints = _ready(initial) if saved is None else saved
        self._save()
        for name, endpoint in self._endpoints.items():
            if endpoint["state"]["config_update"] == "IN_PROGRESS":
                self._start_update(name)

    async def load_active(self) -> None:
        """Bring what the endpoints serve into memory; a crowd's models wait to be asked."""
        needed = [key for key in sorted(self._needed()) if not key.name.startswith(_CROWD_CATALOG)]
        loads = (self._models.ensure(key) for key in needed)
        await asyncio.gather(*loads, return_exceptions=True)

    async def stop(self) -> None:
        """End the updates under way; they are resumed at the next start."""
        for update in self._updates.values():
            update.cancel()
        await asyncio.gather(*self._updates.values(), return_exceptions=True)
        await self._models.stop()

    def listed(self) -> list[Document]:
        """Return all endpoints in short form, by name."""
        return [documents.summary(self._endpoints[name]) for name in sorted(self._endpoints)]

    def add_ready(self, bodies: dict[str, JsonObject]) -> None:
        """Add endpoints that serve from the start what their create calls ask for.

        Those that exist already stay as they are.
        """
        new = {name: body for name, body in bodies.items() if name not in self._endpoints}
        self._endpoints |= _ready(new)
        self._save()

    def truth(self) -> dict[str, Document]:
        """Return what each endpoint serves and what is under way."""
        return {name: documents.truth(self._endpoints[name]) for name in sorted(self._endpoints)}

    def get(self, name: str) -> Document:
        """Return one endpoint.

        Raises:
            ApiError: If there is none of that name.
        """
        if name not in self._endpoints:
            raise not_found(f"Endpoint with name '{name}' does not exist.")
        return deepcopy(self._endpoints[name])

    async def create(self, body: JsonObject) -> Document:
        """Create an endpoint; it is not ready before its first configuration is."""
        name, config = required_text(body, "name"), body.get("config")
        if not ENDPOINT_NAME.fullmatch(name):
            raise invalid(f"Endpoint name '{name}' is not valid.")
        if not isinstance(config, dict):
            raise invalid("Missing required field: config")
        wanted = await self._checked(config)
        if name in self._endpoints:
            raise already_exists(f"Endpoint with name '{name}' already exists.")
        self._endpoints[name] = documents.new_endpoint(name, body, _now_ms())
        return self._begin_update(name, wanted)

    async def put_config(self, name: str, body: JsonObject) -> Document:
        """Begin to replace an endpoint's configuration, even by an equal one."""
        self.get(name)
        wanted = await self._checked(body)
        if self.get(name)["state"]["config_update"] == "IN_PROGRESS":
            raise conflict(f"Endpoint '{name}' is being updated; wait until the update is over.")
        return self._begin_update(name, wanted)

    def patch_tags(self, name: str, body: JsonObject) -> Document:
        """Add and delete tags."""
        self._endpoints[name] = documents.retagged(self.get(name), body)
        self._save()
        return {"tags": self._endpoints[name]["tags"]}

    async def delete(self, name: str) -> None:
        """Delete an endpoint, with its update under way."""
        self.get(name)
        del self._endpoints[name]
        self._save()
        if update := self._updates.pop(name, None):
            update.cancel()
        await self._models.keep_only(self._needed())

    async def _checked(self, body: JsonObject) -> Document:
        config = read_config(body, _now_ms())
        for key in sorted(model_keys(config)):
            await self._check_version(key)
        return config

    def _begin_update(self, name: str, config: Document) -> Document:
        self._endpoints[name] = documents.updating(self._endpoints[name], config, _now_ms())
        self._save()
        self._start_update(name)
        return self.get(name)

    def _start_update(self, name: str) -> None:
        update = asyncio.create_task(self._update(name))
        self._updates[name] = update

    async def _update(self, name: str) -> None:
        rollout = self._rollouts.plan(name, self._endpoints[name]["pending_config"])
        reasons = await self._rollouts.run(rollout)
        endpoint = self._endpoints[name]
        if rollout.canceled:
            endpoint = documents.update_canceled(endpoint)
        elif reasons:
            endpoint = documents.update_failed(endpoint, reasons)
        else:
            endpoint = documents.updated(endpoint)
        self._endpoints[name] = endpoint
        self._save()
        await self._models.keep_only(self._needed())

    def _needed(self) -> set[ModelKey]:
        needed: set[ModelKey] = set()
        for endpoint in self._endpoints.values():
            needed |= model_keys(endpoint.get("config"))
            if endpoint["state"]["config_update"] == "IN_PROGRESS":
                needed |= model_keys(endpoint["pending_config"])
        return needed

    def _save(self) -> None:
        self._file.save(self._endpoints)


def _ready(initial: dict[str, JsonObject]) -> dict[str, Document]:
    """Return endpoints that serve from the start what their create calls ask for."""
    at_ms, ready = _now_ms(), {}
    for name, body in initial.items():
        config = body.get("config")
        wanted = read_config(config if isinstance(config, dict) else {}, at_ms)
        endpoint = documents.new_endpoint(name, body, at_ms)
        ready[name] = documents.updated(documents.updating(endpoint, wanted, at_ms))
    return ready


def _now_ms() -> int:
    return round(time.time() * 1000)
