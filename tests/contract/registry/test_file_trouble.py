"""MLflow's file in trouble: somebody holds it, or it is not there, or it is something else."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError
from bot.domain.names import AliasName, ModelName
from bot.sandbox.demo.world import IRIS
from tests.contract.registry.calls import ends
from tests.contract.registry.mlflow_worlds import file_world
from tests.contract.registry.world import BRIEF_S, STORE, RegistryWorld
from tests.kept_environment import kept_environment
from tests.seeded_world import copied_world

MODEL, CHAMPION = ModelName(IRIS), AliasName("champion")


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[RegistryWorld]:
    with kept_environment():
        yield file_world(copied_world(tmp_path))


@contextmanager
def held(state: Path) -> Iterator[None]:
    """Hold the file as a long transaction does."""
    with closing(sqlite3.connect(state / STORE, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        yield


async def test_file_that_somebody_holds_ends_at_the_deadline(file: RegistryWorld) -> None:
    ports = file.ports(BRIEF_S)
    with held(file.state):
        for name, end in (await ends(lambda: file.ports(BRIEF_S))).items():
            assert isinstance(end, BackEndUnavailableError), name
        with pytest.raises(BackEndUnavailableError):
            await ports.writer.set_alias(MODEL, CHAMPION, 2)


async def test_file_is_read_once_it_is_let_go(file: RegistryWorld) -> None:
    ports = file.ports()
    await ports.registry.model(MODEL)
    with held(file.state), pytest.raises(BackEndUnavailableError):
        await file.ports(BRIEF_S).registry.model(MODEL)
    assert (await ports.registry.model(MODEL)).name == IRIS


async def test_missing_file_is_told_and_not_made(file: RegistryWorld) -> None:
    (file.state / STORE).unlink()
    for name, end in (await ends(file.ports)).items():
        assert isinstance(end, BackEndRefusedError), name
        assert "its file does not exist" in str(end), name
    assert not (file.state / STORE).exists()


async def test_file_of_something_else_is_told(file: RegistryWorld) -> None:
    (file.state / STORE).write_bytes(b"a letter to my aunt, far too long for a header" * 30)
    with pytest.raises(BackEndRefusedError, match="no SQLite database"):
        await file.ports().registry.model(MODEL)


async def test_database_of_somebody_else_is_told_and_not_filled(file: RegistryWorld) -> None:
    (file.state / STORE).unlink()
    with closing(sqlite3.connect(file.state / STORE)) as other:
        other.execute("CREATE TABLE letters (id)")
        with pytest.raises(BackEndRefusedError, match="no store of MLflow"):
            await file.ports().registry.model(MODEL)
        tables = other.execute("SELECT name FROM sqlite_master").fetchall()
    assert tables == [("letters",)]


async def test_older_store_is_told_with_what_to_do(file: RegistryWorld) -> None:
    with closing(sqlite3.connect(file.state / STORE)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0584bdc529eb'")
    with pytest.raises((BackEndRefusedError, BackEndUnavailableError), match="mlflow db upgrade"):
        await file.ports().registry.model(MODEL)
