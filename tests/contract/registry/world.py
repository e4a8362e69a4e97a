"""A registry with the demo world in it, its ports, and the ways to bring it into trouble."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from mlflow.entities import Metric
from pydantic import SecretStr

from bot.adapters.databricks_artifacts import DatabricksArtifacts
from bot.adapters.databricks_client import DatabricksClient, Workspace
from bot.adapters.system import SystemClock
from bot.adapters.unity_catalog import UnityCatalog
from bot.domain.ports import ArtifactReader, ExperimentTracking, ModelRegistry, RegistryWriter
from tests.contract.databricks_double.double import TOKEN, Double, running_double

LONG_S = 20.0
BRIEF_S = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """One client's view of the registry."""

    registry: ModelRegistry
    writer: RegistryWriter
    tracking: ExperimentTracking
    artifacts: ArtifactReader


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryWorld:
    """The registry behind the ports, as the tests prepare it."""

    double: Double

    def ports(self, deadline_s: float = LONG_S, token: str = TOKEN) -> Ports:
        """Return the ports of a new client."""
        client = DatabricksClient(
            "The registry",
            Workspace(
                host=self.double.origin,
                token=SecretStr(token),
                deadline=timedelta(seconds=deadline_s),
            ),
            SystemClock(),
        )
        catalog = UnityCatalog(client)
        return Ports(
            registry=catalog,
            writer=catalog,
            tracking=catalog,
            artifacts=DatabricksArtifacts(client),
        )

    def add_models(self, names: list[str]) -> None:
        """Register models without versions."""
        for name in names:
            self.double.world.stores.registry.create_registered_model(name)

    def log_metric(self, run_id: str, key: str, value: float) -> None:
        """Log a metric on a run."""
        metric = Metric(key, value, timestamp=1, step=0)
        self.double.world.stores.tracking.log_metric(run_id, metric)

    async def hangs(self) -> None:
        """Let every call hang."""
        await self.double.fault(kind="hang", path_prefix="/api/")

    async def cuts_connections(self) -> None:
        """Drop every connection without an answer."""
        await self.double.fault(kind="refuse", path_prefix="/api/")

    async def fails(self, status: int) -> None:
        """Answer every call with an error of the platform's own."""
        await self.double.fault(kind="error", status=status, path_prefix="/api/")

    async def loses_one_answer(self, method: str) -> None:
        """Do what the next such call asks for, and drop its connection."""
        await self.double.fault(kind="lost_answer", method=method, count=1, path_prefix="/api/")

    async def calls(self) -> list[dict[str, Any]]:
        """Return the calls that arrived."""
        listed: list[dict[str, Any]] = (await self.double.get("/sandbox/calls")).body["calls"]
        return listed


@asynccontextmanager
async def unity_catalog_world(state: Path) -> AsyncIterator[RegistryWorld]:
    """Open the catalog of a Databricks double."""
    async with running_double(state) as double:
        yield RegistryWorld(double=double)
