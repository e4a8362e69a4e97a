"""The worlds of each test: every registry adapter passes the same tests."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from bot.sandbox.databricks.mlflow_stores import mlflow_module
from tests.contract.registry.mlflow_worlds import file_world, server_world
from tests.contract.registry.server import MlflowServerProcess
from tests.contract.registry.uc_world import unity_catalog_world
from tests.contract.registry.world import Kind, Ports, RegistryWorld, RemoteWorld
from tests.kept_environment import kept_environment
from tests.seeded_world import copied_world

# One worker starts the server, once.
SERVER = pytest.param(Kind.SERVER, marks=pytest.mark.xdist_group("mlflow-server"))
Opening = Callable[[Path], AbstractAsyncContextManager[RegistryWorld]]


@pytest.fixture(scope="session", autouse=True)
def _imports() -> None:
    """Import MLflow's stores before there are threads: pytest makes errors of warnings."""
    for name in ("store.tracking.sqlalchemy_store", "store.model_registry.sqlalchemy_store"):
        mlflow_module(name)


@pytest.fixture(scope="package")
def mlflow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServerProcess]:
    server = MlflowServerProcess.start(tmp_path_factory.mktemp("mlflow-server"))
    yield server
    server.stop()


@pytest.fixture
async def world(
    request: pytest.FixtureRequest, tmp_path: Path, kind: Kind
) -> AsyncIterator[RegistryWorld]:
    async with _opened(request, kind, tmp_path) as world:
        yield world


@pytest.fixture
async def remote(
    request: pytest.FixtureRequest, tmp_path: Path, remote_kind: Kind
) -> AsyncIterator[RemoteWorld]:
    async with _opened(request, remote_kind, tmp_path) as world:
        assert isinstance(world, RemoteWorld)
        yield world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def library(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, module_kind: Kind
) -> AsyncIterator[Ports]:
    """Ports on one world for all tests of a module; nobody may write to it."""
    async with _opened(request, module_kind, tmp_path_factory.mktemp("world")) as world:
        yield world.ports()


@pytest.fixture
def ports(world: RegistryWorld) -> Ports:
    return world.ports()


@pytest.fixture(params=[Kind.UC, Kind.FILE, SERVER])
def kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


@pytest.fixture(params=[Kind.UC, SERVER])
def remote_kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


@pytest.fixture(scope="module", params=[Kind.UC, Kind.FILE, SERVER])
def module_kind(request: pytest.FixtureRequest) -> Kind:
    return Kind(request.param)


@asynccontextmanager
async def _opened(
    request: pytest.FixtureRequest, kind: Kind, folder: Path
) -> AsyncIterator[RegistryWorld]:
    with kept_environment():
        match kind:
            case Kind.FILE:
                yield file_world(copied_world(folder))
            case Kind.UC:
                async with unity_catalog_world(copied_world(folder)) as world:
                    yield world
            case Kind.SERVER:
                async with server_world(request.getfixturevalue("mlflow_server")) as world:
                    yield world
