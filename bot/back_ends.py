"""The back ends that the settings name."""

from datetime import timedelta
from typing import assert_never

from bot.adapters.catalog_privileges import CatalogPrivileges
from bot.adapters.catalog_tables import CatalogTables
from bot.adapters.databricks_artifacts import DatabricksArtifacts
from bot.adapters.databricks_client import DatabricksClient, Workspace
from bot.adapters.databricks_groups import DatabricksGroups
from bot.adapters.databricks_serving import DatabricksServing
from bot.adapters.endpoint_metrics import DatabricksMetrics
from bot.adapters.meter import Called, not_counted
from bot.adapters.mlflow_artifacts import MlflowArtifacts
from bot.adapters.mlflow_calls import MlflowCalls, MlflowPlace
from bot.adapters.mlflow_registry import MlflowRegistry
from bot.adapters.mlflow_sqlite import store_file
from bot.adapters.no_endpoints import NoEndpoints
from bot.adapters.no_platform_groups import NoPlatformGroups
from bot.adapters.no_privileges import NoPrivileges
from bot.adapters.no_tables import NoTables
from bot.adapters.system import SystemClock
from bot.adapters.unity_catalog import UnityCatalog
from bot.domain.errors import ConfigurationError
from bot.settings import RegistryKind, Settings

Catalog = UnityCatalog | MlflowRegistry
Artifacts = DatabricksArtifacts | MlflowArtifacts


class BackEnds:
    """A pool of threads for each part of the world: one that hangs fills its own.

    Raises:
        ConfigurationError: The file of MLflow is not there.
    """

    def __init__(self, settings: Settings, called: Called = not_counted) -> None:
        self._settings = settings
        self._called = called
        self._clock = SystemClock()
        self._deadline = timedelta(seconds=settings.backend_deadline_s)
        self._pools: list[DatabricksClient | MlflowCalls] = []
        self.catalog, self.artifacts = self._registry()
        self.privileges, self.tables = self._about_the_catalog()
        self.groups = self._groups()
        self.serving, self.metrics = self._endpoints()

    async def close(self) -> None:
        """Let no more calls in."""
        for pool in self._pools:
            await pool.close()

    def _registry(self) -> tuple[Catalog, Artifacts]:
        match self._settings.registry:
            case RegistryKind.UC:
                catalog = UnityCatalog(self._workspace("The registry"))
                return catalog, DatabricksArtifacts(self._workspace("The artifact store"))
            case RegistryKind.MLFLOW:
                registry = MlflowRegistry(self._mlflow("The registry"))
                return registry, MlflowArtifacts(self._mlflow("The artifact store"))
            case other:
                assert_never(other)

    def _about_the_catalog(
        self,
    ) -> tuple[CatalogPrivileges | NoPrivileges, CatalogTables | NoTables]:
        match self._settings.registry:
            case RegistryKind.UC:
                privileges = CatalogPrivileges(self._workspace("The catalog's privileges"))
                return privileges, CatalogTables(self._workspace("The catalog's lineage"))
            case RegistryKind.MLFLOW:
                return NoPrivileges(), NoTables()
            case other:
                assert_never(other)

    def _groups(self) -> DatabricksGroups | NoPlatformGroups:
        if not self._settings.databricks_host:
            return NoPlatformGroups()
        return DatabricksGroups(self._workspace("Databricks' groups"), self._clock)

    def _endpoints(
        self,
    ) -> tuple[DatabricksServing | NoEndpoints, DatabricksMetrics | NoEndpoints]:
        if not self._settings.databricks_host:
            return NoEndpoints(), NoEndpoints()
        serving = DatabricksServing(self._workspace("The serving platform"))
        metrics = self._workspace("The metrics of endpoints")
        return serving, DatabricksMetrics(metrics, self._clock)

    def _workspace(self, name: str) -> DatabricksClient:
        workspace = Workspace(
            host=self._settings.databricks_host.rstrip("/"),
            token=self._settings.databricks_token,
            deadline=self._deadline,
        )
        client = DatabricksClient(name, workspace, self._clock, self._called)
        self._pools.append(client)
        return client

    def _mlflow(self, name: str) -> MlflowCalls:
        tracking = self._settings.mlflow_tracking_uri
        place = MlflowPlace(
            tracking_uri=_usable("MLFLOW_TRACKING_URI", tracking),
            registry_uri=_usable(
                "HERALD_MLFLOW_REGISTRY_URI", self._settings.mlflow_registry_uri or tracking
            ),
            deadline=self._deadline,
        )
        calls = MlflowCalls(name, place, self._clock, self._called)
        self._pools.append(calls)
        return calls


def _usable(setting: str, uri: str) -> str:
    """Return an address; MLflow would make a file that is not there."""
    file = store_file(uri)
    if file is not None and not file.is_file():
        remedy = "Name the file that MLflow writes, or start MLflow on it first"
        raise ConfigurationError(setting, f"there is no file {file}", remedy)
    return uri
