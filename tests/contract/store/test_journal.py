from datetime import timedelta

from bot.domain.names import RequestId
from bot.domain.steps import JournalEntry, StepState
from bot.domain.store import Store
from tests.builders import NOW, make_evidence, make_journal_entry, make_request
from tests.contract.store.filed import add, change


async def test_an_entry_reads_as_it_was_put(store: Store) -> None:
    await add(store, make_request())
    entry = make_journal_entry(
        state=StepState.DONE,
        finished_at=NOW + timedelta(seconds=3),
        output='{"alias": "6"}',
        error="none",
    )
    assert await _put(store, entry) == (entry,)


async def test_a_result_takes_the_place_of_the_intent(store: Store) -> None:
    await add(store, make_request())
    started = make_journal_entry()
    failed = make_journal_entry(state=StepState.FAILED, finished_at=NOW, error="it refused")
    assert await _put(store, started, failed) == (failed,)


async def test_steps_come_in_the_order_in_which_they_started(store: Store) -> None:
    await add(store, make_request())
    names = ["read", "endpoint fraud-scorer", "alias champion", "alias archived"]
    entries = await _put(store, *map(make_journal_entry, names), make_journal_entry("read"))
    assert [entry.step for entry in entries] == names


async def test_each_revision_has_a_journal_of_its_own(store: Store) -> None:
    await add(store, make_request())
    await change(store, 1, evidence=make_evidence(2))
    first, second = make_journal_entry(), make_journal_entry(evidence_revision=2)
    await _put(store, first, second)
    async with store.transaction() as work:
        assert await work.journal.of(RequestId(1), 1) == (first,)
        assert await work.journal.of(RequestId(1), 2) == (second,)


async def _put(store: Store, *entries: JournalEntry) -> tuple[JournalEntry, ...]:
    async with store.transaction() as work:
        for entry in entries:
            await work.journal.put(entry)
    async with store.transaction() as work:
        return await work.journal.of(RequestId(1), 1)
