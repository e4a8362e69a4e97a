"""Starting the served entities of a new endpoint configuration, as slowly as the platform does."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.databricks.entity_logs import EntityLogs
from bot.sandbox.databricks.faults import ActiveFault, FaultBook, FaultKind
from bot.sandbox.databricks.loaded_models import LoadedModels
from bot.sandbox.databricks.model_host_client import ModelLoadError
from bot.sandbox.databricks.serving_config import Document, entity_key

_FAULT_REASON = "Container for the served entity exited before it was ready."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """One update of one endpoint, with the faults that were in force when it was asked for."""

    endpoint: str
    config: Document
    takes: ActiveFault | None
    fails: ActiveFault | None
    canceled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollouts:
    """Runs rollouts.

    Attributes:
        update_seconds: How long an update stays in progress at least.
    """

    models: LoadedModels
    faults: FaultBook
    logs: EntityLogs
    update_seconds: float

    def plan(self, endpoint: str, config: Document) -> Rollout:
        """Return the rollout of a configuration; the faults that will strike it are counted now."""
        versions = [entity["entity_version"] for entity in config["served_entities"]]
        return Rollout(
            endpoint=endpoint,
            config=config,
            takes=self.faults.take(FaultKind.UPDATE_TAKES, endpoint, versions),
            fails=self.faults.take(FaultKind.UPDATE_FAILS, endpoint, versions),
            canceled=self.faults.take(FaultKind.UPDATE_CANCELED, endpoint, versions) is not None,
        )

    async def run(self, rollout: Rollout) -> dict[str, str]:
        """Start all entities and return the reasons of those that failed, by entity name."""
        entities = rollout.config["served_entities"]
        started = asyncio.gather(*(self._start(rollout.endpoint, entity) for entity in entities))
        await self._wait(rollout)
        reasons = {
            entity["name"]: reason
            for entity, reason in zip(entities, await started, strict=True)
            if reason is not None
        }
        if rollout.fails is None:
            return reasons
        return _reasons_of(rollout.fails, entities) | reasons

    async def _wait(self, rollout: Rollout) -> None:
        if rollout.takes is None:
            await asyncio.sleep(self.update_seconds)
        else:
            await rollout.takes.pause()

    async def _start(self, endpoint: str, entity: Document) -> str | None:
        key = entity_key(entity)
        self.logs.build(
            endpoint, entity["name"], f"Building container for {key.name} {key.version}"
        )
        try:
            await self.models.ensure(key)
        except ModelLoadError as error:
            self.logs.serve(endpoint, entity["name"], f"Model failed to load: {error}")
            return str(error)
        self.logs.serve(endpoint, entity["name"], "Model loaded, ready to serve")
        return None


def _reasons_of(fault: ActiveFault, entities: Sequence[Document]) -> dict[str, str]:
    wanted = fault.fault.version
    return {
        entity["name"]: _FAULT_REASON
        for entity in entities
        if wanted is None or entity["entity_version"] == wanted
    }
