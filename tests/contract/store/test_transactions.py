import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.domain.errors import BackEndUnavailableError, StaleWriteError
from bot.domain.names import RequestId
from bot.domain.store import Store
from bot.persistence.database import unavailable
from tests.builders import (
    NOW,
    make_card,
    make_decision,
    make_event,
    make_journal_entry,
    make_ledger_entry,
    make_outbox_entry,
    make_request,
)
from tests.contract.store.conftest import HandClock, opened
from tests.contract.store.filed import add, read


async def test_nothing_of_a_transaction_that_raises_is_stored(store: Store) -> None:
    with pytest.raises(RuntimeError, match="the reason"):
        await _write_everything(store, fail=True)
    await _assert_empty(store)


async def test_nothing_of_a_cancelled_transaction_is_stored(store: Store) -> None:
    began = asyncio.Event()

    async def hang() -> None:
        async with store.transaction() as work:
            await work.requests.add(make_request())
            began.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await began.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await _assert_empty(store)


async def test_cancelling_at_any_moment_leaves_a_usable_store(store: Store) -> None:
    for moment in range(25):
        task = asyncio.create_task(_write_everything(store))
        for _ in range(moment):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await _assert_empty(store)
    await _write_everything(store)
    assert await read(store) == make_request()


async def test_reopening_keeps_everything(url: str, clock: HandClock) -> None:
    async with opened(url, clock) as store:
        await _write_everything(store)
    async with opened(url, clock) as store, store.transaction() as work:
        assert await work.requests.get(RequestId(1)) == make_request()
        assert await work.decisions.of(RequestId(1)) == (make_decision(),)
        assert await work.journal.of(RequestId(1), 1) == (make_journal_entry(),)
        assert len(await work.audit.all()) == 1
        assert await work.cards.get(make_card().key) == make_card()
        assert [e.key for e in await work.outbox.due(NOW, 9)] == ["card:1"]
        entry = make_ledger_entry()
        assert await work.ledger.of(entry.model, entry.place) == (entry,)


async def test_of_two_racing_proposals_one_wins(store: Store, replica: Store) -> None:
    filed = await asyncio.gather(_file(store), _file(replica), return_exceptions=True)
    assert len([result for result in filed if isinstance(result, StaleWriteError)]) == 1
    assert await read(store, 1) == make_request()


async def test_of_two_racing_changes_one_is_stale(store: Store, replica: Store) -> None:
    await add(store, make_request())
    before = await read(store)

    async def cancel(by: Store) -> None:
        async with by.transaction() as work:
            await work.requests.store(before.cancel(NOW, before.requester).request)

    results = await asyncio.gather(cancel(store), cancel(replica), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "StaleWriteError"]


async def test_transactions_of_one_process_take_turns(store: Store) -> None:
    await add(store, make_request())

    async def count_up() -> None:
        async with store.transaction() as work:
            request = await work.requests.get(RequestId(1))
            assert request is not None
            await asyncio.sleep(0)
            await work.requests.store(request)

    await asyncio.gather(*(count_up() for _ in range(20)))
    assert (await read(store)).row_version == 20


async def test_a_database_that_fails_is_unavailable_and_says_no_more(
    store: Store, folder: Path
) -> None:
    connection = sqlite3.connect(folder / "herald.db")
    connection.execute("DROP TABLE cards")
    connection.close()
    with pytest.raises(BackEndUnavailableError) as raised:
        async with store.transaction() as work:
            await work.cards.add(make_card(subject={"request": 1}))
    assert str(raised.value) == "The database: it does not answer or is busy"


async def test_a_damaged_file_is_called_damaged(store: Store, folder: Path) -> None:
    for name in ("herald.db-wal", "herald.db"):
        (folder / name).write_bytes(b"no database" * 1000)
    with pytest.raises(BackEndUnavailableError, match="its file is damaged"):
        async with store.transaction() as work:
            await work.requests.count()


def test_a_full_disk_is_called_full() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as full:
            connection.executescript("CREATE TABLE a (b); CREATE TABLE c (d); CREATE TABLE e (f)")
    told = unavailable(OperationalError("INSERT", None, full.value))
    assert str(told) == "The database: its disk is full"


async def _file(store: Store) -> None:
    async with store.transaction() as work:
        await work.requests.add(make_request(await work.requests.next_id()))


async def _write_everything(store: Store, *, fail: bool = False) -> None:
    async with store.transaction() as work:
        await work.requests.add(make_request())
        await work.decisions.record(make_decision())
        await work.journal.put(make_journal_entry())
        await work.ledger.append(make_ledger_entry())
        await work.audit.append(make_event())
        await work.outbox.queue(make_outbox_entry())
        await work.cards.add(make_card())
        if fail:
            raise RuntimeError("the reason")


async def _assert_empty(store: Store) -> None:
    async with store.transaction() as work:
        assert await work.requests.get(RequestId(1)) is None
        assert await work.audit.all() == ()
        assert await work.outbox.due(NOW + timedelta(days=1), 9) == ()
        assert await work.cards.get(make_card().key) is None
