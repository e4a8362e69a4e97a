"""The back ends that the settings name."""

from datetime import timedelta

from bot.adapters.databricks_artifacts import DatabricksArtifacts
from bot.adapters.databricks_client import DatabricksClient, Workspace
from bot.adapters.databricks_serving import DatabricksServing
from bot.adapters.endpoint_metrics import DatabricksMetrics
from bot.adapters.system import SystemClock
from bot.adapters.unity_catalog import UnityCatalog
from bot.settings import Settings


class BackEnds:
    """The workspace, with a pool of threads for each of its parts: one that hangs fills its own."""

    def __init__(self, settings: Settings) -> None:
        workspace = Workspace(
            host=settings.databricks_host.rstrip("/"),
            token=settings.databricks_token,
            deadline=timedelta(seconds=settings.backend_deadline_s),
        )
        clock = SystemClock()
        self._registry = DatabricksClient("The registry", workspace, clock)
        self._files = DatabricksClient("The artifact store", workspace, clock)
        self._serving = DatabricksClient("The serving platform", workspace, clock)
        self._metrics = DatabricksClient("The metrics of endpoints", workspace, clock)
        self.catalog = UnityCatalog(self._registry)
        self.artifacts = DatabricksArtifacts(self._files)
        self.serving = DatabricksServing(self._serving)
        self.metrics = DatabricksMetrics(self._metrics, clock)

    async def close(self) -> None:
        """Let no more calls in."""
        for client in (self._registry, self._files, self._serving, self._metrics):
            await client.close()
