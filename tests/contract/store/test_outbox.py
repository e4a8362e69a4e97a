from datetime import datetime, timedelta

from bot.domain.messages import MessageRef
from bot.domain.names import MessageTs, RequestId
from bot.domain.outbox import OutboxEntry, OutboxKind
from bot.domain.store import Store
from tests.builders import CHANNEL, LEAD, NOW, make_outbox_entry, make_request
from tests.contract.store.conftest import HandClock
from tests.contract.store.filed import add, of_model

FIRST = RequestId(1)


async def test_a_queued_message_is_due_at_once(store: Store) -> None:
    entry = make_outbox_entry("reply:1:done", kind=OutboxKind.REPLY, text="v7 serves")
    await _queue(store, entry)
    (waiting,) = await _due(store)
    assert (waiting.key, waiting.kind, waiting.request) == (entry.key, entry.kind, entry.request)
    assert (waiting.text, waiting.attempts) == ("v7 serves", 0)


async def test_a_reply_keeps_whom_it_rings_and_an_ask_whom_it_reaches(store: Store) -> None:
    rings = make_outbox_entry("reply:1:late", kind=OutboxKind.REPLY, ring="S0LEADS")
    asks = make_outbox_entry("ask:1:1", kind=OutboxKind.ASK, addressee=LEAD)
    await _queue(store, rings, asks)
    async with store.transaction() as work:
        found = await work.outbox.due(NOW, 9, frozenset(OutboxKind))
    assert [(entry.addressee, entry.ring) for entry in found] == [(None, "S0LEADS"), (LEAD, "")]


async def test_a_message_of_the_same_key_is_sent_once(store: Store) -> None:
    await _queue(store, make_outbox_entry(), make_outbox_entry(), make_outbox_entry())
    assert len(await _due(store)) == 1


async def test_a_sent_message_is_taken_out(store: Store) -> None:
    await _queue(store, make_outbox_entry())
    (entry,) = await _due(store)
    await _done(store, entry)
    assert await _due(store) == ()


async def test_a_redraw_asked_for_while_one_is_sent_is_not_lost(store: Store) -> None:
    await _queue(store, make_outbox_entry())
    (entry,) = await _due(store)
    await _queue(store, make_outbox_entry())
    await _done(store, entry)
    assert [waiting.version > entry.version for waiting in await _due(store)] == [True]


async def test_a_failed_message_waits_for_its_next_time(store: Store, clock: HandClock) -> None:
    await _queue(store, make_outbox_entry())
    await _retry(store, later=timedelta(seconds=30))
    assert await _due(store) == ()
    clock.move(timedelta(seconds=30))
    assert [entry.attempts for entry in await _due(store, clock)] == [1]


async def test_it_is_known_when_the_next_message_is_due(store: Store) -> None:
    assert await _next_due(store) is None
    await _queue(store, make_outbox_entry())
    assert await _next_due(store) == NOW
    await _retry(store, later=timedelta(seconds=30))
    assert await _next_due(store) == NOW + timedelta(seconds=30)


async def test_a_message_queued_again_is_due_again_and_keeps_its_attempts(store: Store) -> None:
    await _queue(store, make_outbox_entry())
    await _retry(store, later=timedelta(hours=1))
    await _queue(store, make_outbox_entry())
    assert [entry.attempts for entry in await _due(store)] == [1]


async def test_cards_come_before_replies_and_the_oldest_first(store: Store) -> None:
    await add(store, of_model(2))
    replies = [make_outbox_entry(f"reply:1:{n}", kind=OutboxKind.REPLY) for n in "ba"]
    cards = [make_outbox_entry(f"card:{n}", request=RequestId(n)) for n in (2, 1)]
    await _queue(store, *replies, *cards)
    keys = [entry.key for entry in await _due(store)]
    assert keys == ["card:2", "card:1", "reply:1:b", "reply:1:a"]


async def test_being_queued_again_does_not_cost_a_message_its_place(store: Store) -> None:
    first, second = make_outbox_entry("card:1"), make_outbox_entry("card:1b")
    await _queue(store, first, second, first)
    assert [entry.key for entry in await _due(store)] == ["card:1", "card:1b"]


async def test_no_more_than_asked_for_are_due(store: Store) -> None:
    await _queue(store, *(make_outbox_entry(f"card:{n}") for n in "123"))
    async with store.transaction() as work:
        assert len(await work.outbox.due(NOW, 2)) == 2


async def test_a_card_that_was_never_posted_has_no_message(store: Store) -> None:
    async with store.transaction() as work:
        assert await work.outbox.message_of(FIRST) is None


async def test_the_latest_place_of_a_card_is_remembered(store: Store) -> None:
    await add(store, make_request())
    moved = MessageRef(channel=CHANNEL, ts=MessageTs("2.2"))
    async with store.transaction() as work:
        await work.outbox.place(FIRST, MessageRef(channel=CHANNEL, ts=MessageTs("1.1")))
        await work.outbox.place(FIRST, moved)
    async with store.transaction() as work:
        assert await work.outbox.message_of(FIRST) == moved


async def _queue(store: Store, *entries: OutboxEntry) -> None:
    async with store.transaction() as work:
        if await work.requests.get(FIRST) is None:
            await work.requests.add(make_request())
        for entry in entries:
            await work.outbox.queue(entry)


async def _due(store: Store, clock: HandClock | None = None) -> tuple[OutboxEntry, ...]:
    async with store.transaction() as work:
        return await work.outbox.due(clock.now() if clock else NOW, 100)


async def _done(store: Store, entry: OutboxEntry) -> None:
    async with store.transaction() as work:
        await work.outbox.done(entry)


async def _retry(store: Store, later: timedelta) -> None:
    (entry,) = await _due(store)
    async with store.transaction() as work:
        await work.outbox.retry(entry, NOW + later)


async def test_messages_that_wait_are_counted(store: Store) -> None:
    async with store.transaction() as work:
        assert await work.outbox.count() == 0
    await _queue(store, make_outbox_entry(), make_outbox_entry("reply:1:x", kind=OutboxKind.REPLY))
    async with store.transaction() as work:
        assert await work.outbox.count() == 2


async def _next_due(store: Store) -> datetime | None:
    async with store.transaction() as work:
        return await work.outbox.next_due()
