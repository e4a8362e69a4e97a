from datetime import timedelta

from bot.domain.ledger import Cause, LedgerEntry
from bot.domain.names import ModelName, RequestId
from bot.domain.store import Store
from tests.builders import MODEL, NOW, make_ledger_entry, make_request
from tests.contract.store.filed import add


async def test_values_come_oldest_first_as_they_were_written(store: Store) -> None:
    await add(store, make_request())
    entries = (
        make_ledger_entry("6", cause=Cause.OUTSIDE),
        make_ledger_entry("7", request=RequestId(1), at=NOW + timedelta(seconds=1)),
        make_ledger_entry("6", cause=Cause.UNDO, request=RequestId(1)),
    )
    assert await _appended(store, *entries) == entries


async def test_the_latest_value_again_is_not_news(store: Store) -> None:
    first = make_ledger_entry("7")
    again = make_ledger_entry("7", cause=Cause.OUTSIDE, at=NOW + timedelta(hours=1))
    assert await _appended(store, first, again) == (first,)


async def test_an_earlier_value_again_is_news(store: Store) -> None:
    values = [e.value for e in await _appended(store, *map(make_ledger_entry, "676"))]
    assert values == ["6", "7", "6"]


async def test_a_deleted_alias_is_written_once(store: Store) -> None:
    gone = make_ledger_entry(None, cause=Cause.OUTSIDE)
    values = [e.value for e in await _appended(store, make_ledger_entry("7"), gone, gone)]
    assert values == ["7", None]


async def test_places_and_models_are_kept_apart(store: Store) -> None:
    other_place = make_ledger_entry("7", place="alias:archived")
    other_model = make_ledger_entry("7", model=ModelName("prod.fraud.other"))
    own = make_ledger_entry("7")
    assert await _appended(store, other_place, other_model, own) == (own,)


async def test_moves_are_found_by_place_and_time(store: Store) -> None:
    later = NOW + timedelta(hours=1)
    other, third, fourth = (ModelName(f"prod.fraud.{name}") for name in ("other", "x", "y"))
    seen = make_ledger_entry("6", cause=Cause.OUTSIDE, at=later)
    moved = make_ledger_entry("7", cause=Cause.OUTSIDE, at=later + timedelta(seconds=1))
    own = make_ledger_entry("3", model=other, cause=Cause.PROMOTE, at=later)
    first_seen = make_ledger_entry("1", model=third, cause=Cause.OUTSIDE, at=later)
    elsewhere = make_ledger_entry("2", place="alias:archived", at=later)
    long_ago = [
        make_ledger_entry(value, model=fourth, cause=Cause.OUTSIDE, at=NOW) for value in "12"
    ]
    await _appended(store, seen, moved, own, first_seen, elsewhere, *long_ago)
    async with store.transaction() as work:
        assert await work.ledger.moved_since("alias:champion", NOW) == (moved, own)
        assert await work.ledger.moved_since("alias:champion", moved.at) == ()


async def _appended(store: Store, *entries: LedgerEntry) -> tuple[LedgerEntry, ...]:
    async with store.transaction() as work:
        for entry in entries:
            await work.ledger.append(entry)
    async with store.transaction() as work:
        return await work.ledger.of(MODEL, "alias:champion")
