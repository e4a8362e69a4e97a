"""The catalog of a Databricks double."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.adapters.catalog_privileges import CatalogPrivileges
from bot.adapters.databricks_artifacts import DatabricksArtifacts
from bot.adapters.databricks_client import DatabricksClient, Workspace
from bot.adapters.system import SystemClock
from bot.adapters.unity_catalog import UnityCatalog
from tests.contract.databricks_double.double import running_double
from tests.contract.registry.world import Kind, Ports, RemoteWorld


@asynccontextmanager
async def unity_catalog_world(state: Path) -> AsyncIterator[RemoteWorld]:
    """Open the catalog of a Databricks double."""
    async with running_double(state) as double:
        yield RemoteWorld(
            kind=Kind.UC,
            state=state,
            client=lambda deadline_s, token: _ports(double.origin, deadline_s, token),
            origin=double.origin,
            grants=double.world.grants,
            directory=double.world.directory,
            faults=double.world.faults,
            calls=double.world.calls,
            token_setting="DATABRICKS_TOKEN",  # noqa: S106 - a name
        )


def _ports(host: str, deadline_s: float, token: str) -> Ports:
    deadline = timedelta(seconds=deadline_s)
    workspace = Workspace(host=host, token=SecretStr(token), deadline=deadline)
    client = DatabricksClient("The registry", workspace, SystemClock())
    catalog = UnityCatalog(client)
    return Ports(
        registry=catalog,
        writer=catalog,
        tracking=catalog,
        artifacts=DatabricksArtifacts(client),
        privileges=CatalogPrivileges(client),
    )
