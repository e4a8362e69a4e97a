"""What Herald itself reads of the double where the platform is half closed or half gone."""

from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.names import AliasName, ModelName
from tests.contract.databricks_double.double import SCORER
from tests.contract.registry.uc_world import unity_catalog_world
from tests.contract.registry.world import RemoteWorld

MODEL = ModelName(SCORER)
CLOSED = {"kind": "error", "path_prefix": "/api/2.0/fs/", "status": 403}


async def told(world: RemoteWorld, path: str, body: object) -> None:
    """Bring trouble by the control side, as the page does."""
    async with ClientSession() as session, session.post(world.origin + path, json=body) as answer:
        assert answer.status == 200


async def test_files_of_a_version_are_read_from_its_model_where_the_files_api_is_closed(
    state: Path,
) -> None:
    async with unity_catalog_world(state) as world:
        ports = world.ports()
        version = await ports.registry.version(MODEL, 4)
        opened = await ports.artifacts.contents(version)
        await told(world, "/sandbox/faults", CLOSED)
        closed = await ports.artifacts.contents(version)

    assert closed == opened
    assert any(str(call["path"]).startswith("/signed-storage/") for call in world.calls.listed())


async def test_model_behind_a_missing_grant_is_refused_and_not_absent(state: Path) -> None:
    async with unity_catalog_world(state) as world:
        await told(world, "/sandbox/grants", {"securable": "prod", "privileges": []})
        with pytest.raises(BackEndRefusedError, match="USE CATALOG"):
            await world.ports().registry.model(MODEL)
        with pytest.raises(BackEndRefusedError):
            await world.ports().writer.set_alias(MODEL, AliasName("champion"), 4)


async def test_names_are_exact(state: Path) -> None:
    async with unity_catalog_world(state) as world:
        with pytest.raises(NotFoundError):
            await world.ports().registry.model(ModelName("Prod.Fraud.Scorer"))
