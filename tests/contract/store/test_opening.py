import asyncio
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from bot.domain.errors import BackEndUnavailableError, ConfigurationError
from bot.domain.store import Store
from bot.persistence.database import open_store
from bot.persistence.tables import metadata
from tests.builders import make_outbox_entry, make_request
from tests.contract.store.conftest import HandClock, opened
from tests.contract.store.filed import add, read


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+aiosqlite"])
async def test_a_sqlite_file_is_made_where_there_is_none(
    folder: Path, clock: HandClock, scheme: str
) -> None:
    async with opened(f"{scheme}:///{folder / 'new 100%.db'}", clock) as store:
        await add(store, make_request())
    assert (folder / "new 100%.db").stat().st_size > 0


async def test_migrations_lead_to_the_tables_that_the_code_names(
    store: Store, folder: Path
) -> None:
    del store
    engine = create_engine(f"sqlite:///{folder / 'herald.db'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


async def test_the_index_on_open_requests_is_the_one_that_the_code_names(
    store: Store, folder: Path
) -> None:
    del store
    migrated = _scalar(folder, "SELECT sql FROM sqlite_master WHERE name LIKE 'uq_%'")
    engine = create_engine(f"sqlite:///{folder / 'coded.db'}")
    metadata.create_all(engine)
    engine.dispose()
    coded = _scalar(folder, "SELECT sql FROM sqlite_master WHERE name LIKE 'uq_%'", "coded.db")
    assert migrated == coded


async def test_two_replicas_may_open_a_new_database_at_once(url: str, clock: HandClock) -> None:
    stores = await asyncio.gather(*(open_store(url, clock) for _ in range(4)))
    await add(stores[0], make_request())
    assert [await read(store) for store in stores] == [make_request()] * 4
    await asyncio.gather(*(store.close() for store in stores))


async def test_a_database_file_is_written_ahead_and_checks_its_keys(
    store: Store, folder: Path
) -> None:
    assert _scalar(folder, "PRAGMA journal_mode") == "wal"
    with pytest.raises(Exception, match="FOREIGN KEY"):
        async with store.transaction() as work:
            await work.outbox.queue(make_outbox_entry())


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "no database URL"),
        ("herald.db", "no database URL"),
        ("postgresql://host:port/herald", "no database URL"),
        ("mysql://user:secret@host/herald", "cannot use mysql databases"),
        ("sqlite+pysqlite:///herald.db", "cannot use sqlite\\+pysqlite databases"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
async def test_a_url_that_cannot_be_used_is_told_in_one_line(
    clock: HandClock, url: str, problem: str
) -> None:
    with pytest.raises(ConfigurationError, match=problem) as raised:
        await open_store(url, clock)
    _assert_one_line(raised.value)
    assert "secret" not in str(raised.value)


async def test_a_missing_folder_is_told_in_one_line(folder: Path, clock: HandClock) -> None:
    await _assert_refused(f"sqlite:///{folder}/missing/herald.db", clock, "missing/herald.db")


async def test_a_folder_is_no_database_file(folder: Path, clock: HandClock) -> None:
    await _assert_refused(f"sqlite:///{folder}", clock, "unable to open database file")


async def test_a_file_that_cannot_be_written_is_told_in_one_line(
    url: str, folder: Path, clock: HandClock
) -> None:
    async with opened(url, clock):
        pass
    read_only = f"sqlite:///file:{folder / 'herald.db'}?mode=ro&uri=true"
    await _assert_refused(read_only, clock, "readonly database")


async def test_a_file_of_another_kind_is_told_in_one_line(folder: Path, clock: HandClock) -> None:
    (folder / "notes.txt").write_text("no database\n" * 200)
    await _assert_refused(f"sqlite:///{folder / 'notes.txt'}", clock, "not a database")
    assert (folder / "notes.txt").read_text().startswith("no database")


async def test_a_database_of_a_newer_program_is_left_alone(
    url: str, folder: Path, clock: HandClock
) -> None:
    async with opened(url, clock):
        pass
    _execute(folder, "UPDATE alembic_version SET version_num = '9999'")
    await _assert_refused(url, clock, "a newer Herald \\(schema 9999\\)")


async def test_a_foreign_database_is_told_and_left_as_it_was(
    url: str, folder: Path, clock: HandClock
) -> None:
    _execute(folder, "CREATE TABLE outbox (mail TEXT)")
    await _assert_refused(url, clock, "outbox already exists")
    names = "SELECT group_concat(name) FROM sqlite_master WHERE type = 'table'"
    assert _scalar(folder, names) == "outbox"


async def test_a_postgresql_server_that_does_not_answer_is_unavailable(clock: HandClock) -> None:
    with pytest.raises(BackEndUnavailableError) as raised:
        await open_store("postgresql://herald:secret@127.0.0.1:1/herald", clock)
    assert str(raised.value) == "The database: it does not answer or is busy"


async def _assert_refused(url: str, clock: HandClock, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem) as raised:
        await open_store(url, clock)
    _assert_one_line(raised.value)


def _assert_one_line(error: ConfigurationError) -> None:
    assert str(error).startswith("HERALD_DATABASE_URL: ")
    assert "\n" not in str(error)


def _execute(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "herald.db")
    with connection:
        connection.execute(statement)
    connection.close()


def _scalar(folder: Path, query: str, name: str = "herald.db") -> object:
    connection = sqlite3.connect(folder / name)
    (value,) = connection.execute(query).fetchone()
    connection.close()
    return value
