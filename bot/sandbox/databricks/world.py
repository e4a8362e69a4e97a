"""Everything that stands behind the double's paths."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.databricks.bodies import JsonObject
from bot.sandbox.databricks.calls import CallLog
from bot.sandbox.databricks.directory import Directory
from bot.sandbox.databricks.endpoint_file import EndpointFile
from bot.sandbox.databricks.endpoint_metrics import InvocationLog
from bot.sandbox.databricks.entity_logs import EntityLogs
from bot.sandbox.databricks.faults import FaultBook
from bot.sandbox.databricks.grants import Grants
from bot.sandbox.databricks.invocations import Backends, Invocations
from bot.sandbox.databricks.loaded_models import LoadedModels
from bot.sandbox.databricks.mlflow_stores import MlflowStores, mlflow_refusals, open_stores
from bot.sandbox.databricks.model_host_client import ModelHost
from bot.sandbox.databricks.rollouts import Rollouts
from bot.sandbox.databricks.serving import ServingEndpoints
from bot.sandbox.databricks.serving_config import ModelKey
from bot.sandbox.databricks.traffic import Samples
from bot.sandbox.demo.traffic import sample_request
from bot.sandbox.demo.world import ENDPOINTS

ENDPOINT_FILE = "endpoints.json"


def demo_endpoints() -> dict[str, JsonObject]:
    """Return the demo world's endpoints as bodies of create calls."""
    return {
        endpoint.name: {
            "name": endpoint.name,
            "config": endpoint.config(),
            "tags": [{"key": key, "value": value} for key, value in endpoint.tags.items()],
        }
        for endpoint in ENDPOINTS
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldSettings:
    """What a world is made with.

    Attributes:
        state: Folder with `mlflow.db` and `artifacts`; the endpoints are kept there too.
        update_seconds: How long an endpoint's update stays in progress at least.
        endpoints: Bodies of create calls by name, used while nothing has been saved.
    """

    state: Path
    token: str
    update_seconds: float = 3.0
    endpoints: Mapping[str, JsonObject] = field(default_factory=demo_endpoints)
    samples: Samples = sample_request
    clock: Callable[[], float] = time.time


class DatabricksWorld:
    """Registry, endpoints, faults and call log; `running()` keeps it alive."""

    def __init__(self, settings: WorldSettings, host: ModelHost) -> None:
        self.settings = settings
        self.stores: MlflowStores = open_stores(settings.state)
        self.faults = FaultBook()
        self.calls = CallLog()
        self.grants = Grants()
        self.directory = Directory()
        self.logs = EntityLogs()
        models = LoadedModels(host)
        self.endpoints = ServingEndpoints(
            file=EndpointFile(settings.state / ENDPOINT_FILE),
            models=models,
            rollouts=Rollouts(
                models=models,
                faults=self.faults,
                logs=self.logs,
                update_seconds=settings.update_seconds,
            ),
            check_version=self._check_version,
        )
        backends = Backends(
            host=host,
            models=models,
            faults=self.faults,
            log=InvocationLog(settings.clock),
            clock=settings.clock,
        )
        self.invocations = Invocations(self.endpoints, backends)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Take up the saved endpoints and load their models; stop updates at the end."""
        self.endpoints.open(dict(self.settings.endpoints))
        loading = asyncio.create_task(self.endpoints.load_active())
        try:
            yield
        finally:
            self.faults.clear()
            loading.cancel()
            await asyncio.gather(loading, return_exceptions=True)
            await self.endpoints.stop()

    async def _check_version(self, key: ModelKey) -> None:
        def find() -> None:
            with mlflow_refusals():
                self.stores.registry.get_model_version(key.name, str(key.version))

        await asyncio.to_thread(find)
