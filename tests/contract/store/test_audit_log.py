import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from bot.domain.audit import GENESIS, AuditEvent, ChainedEvent, verify_chain
from bot.domain.change_request import RequestState, Resolution
from bot.domain.names import RequestId
from bot.domain.plan import AliasChange
from bot.domain.policy import ChangeKind
from bot.domain.store import Store
from bot.domain.verdict import VerdictKind
from tests.builders import CHAMPION, LEAD, NOW, make_event, make_evidence, make_request

PENDING = make_request()
EXECUTING = make_request(state=RequestState.EXECUTING)
WRITTEN = {
    "approved": PENDING.approve(NOW, (LEAD,)),
    "queued": make_request(state=RequestState.APPROVED).queue(NOW),
    "begun": make_request(state=RequestState.QUEUED).begin(NOW),
    "paused": EXECUTING.pause(NOW, "no answer in 45 min"),
    "undone": EXECUTING.undo(NOW, "“größer” <b>", by=LEAD),
    "succeeded": EXECUTING.succeed(NOW),
    "failed": make_request(state=RequestState.UNDOING).fail(NOW, ("champion is v6", "8 %")),
    "renewed": PENDING.renew(NOW, make_evidence(2, differences=("tag a: 1 → 2",))),
    "denied": PENDING.deny(NOW, "gone"),
    "rejected": PENDING.reject(NOW, LEAD, 'no "way"\n\\ \x00 🎯'),
    "cancelled": PENDING.cancel(NOW, LEAD),
    "expired": PENDING.expire(NOW),
    "superseded": PENDING.supersede(NOW, RequestId(2)),
    "resolved": make_request(state=RequestState.FAILED).resolve(
        Resolution(by=LEAD, reason="seen", standing=("champion is v6",), at=NOW)
    ),
}
"""A transition of every kind with the event that the domain writes for it."""

VALUES: dict[str, object] = {
    "enum": VerdictKind.ALLOWED,
    "enums": (ChangeKind.PROMOTE, ChangeKind.ROLL_BACK),
    "tuple": ("a", ("b",)),
    "set": frozenset({"b", "a"}),
    "moment": NOW.astimezone(timezone(timedelta(hours=-7))),
    "duration": timedelta(hours=1, microseconds=1),
    "dataclass": AliasChange(alias=CHAMPION, before=6, after=None),
    "float": 0.1 + 0.2,
    "whole float": 1.0,
    "tiny float": 5e-324,
    "nan": float("nan"),
    "infinity": float("-inf"),
    "decimal": Decimal("0.10"),
    "large": 2**80,
    "yes": True,
    "nothing": None,
    "text": "ü \u2028 \x7f \"quoted\" 'single' \\ \n",
    "nested": {"b": [1, {"z": (), "a": None}], "a": {}},
}


async def test_an_empty_log_has_the_genesis_head(store: Store) -> None:
    async with store.transaction() as work:
        assert (await work.audit.head(), await work.audit.all()) == (GENESIS, ())


async def test_events_are_numbered_from_one_and_chained(store: Store) -> None:
    events = await _append(store, *(make_event(f"thing.{n}") for n in range(3)))
    assert [event.number for event in events] == [1, 2, 3]
    assert [e.previous_hash for e in events] == [GENESIS, events[0].hash, events[1].hash]


async def test_an_appended_event_reads_as_it_was_returned(store: Store) -> None:
    details = {"from": RequestState.PENDING, "people": (LEAD,)}
    appended = await _append(store, make_event(details=details))
    assert await _log(store) == appended


async def test_the_head_is_the_hash_of_the_last_event(store: Store) -> None:
    events = await _append(store, make_event("thing.begun"), make_event("thing.ended"))
    async with store.transaction() as work:
        assert await work.audit.head() == events[1].hash


@pytest.mark.parametrize("name", sorted(WRITTEN))
async def test_every_event_of_a_request_holds_when_read_back(store: Store, name: str) -> None:
    event = WRITTEN[name].event
    await _append(store, event)
    (read,) = await _log(store)
    assert verify_chain([read]) is None
    assert (read.event.at, read.event.action) == (event.at, event.action)


@pytest.mark.parametrize("name", sorted(VALUES))
async def test_every_kind_of_detail_holds_when_read_back(store: Store, name: str) -> None:
    await _append(store, make_event(details={name: VALUES[name]}))
    assert verify_chain(await _log(store)) is None


async def test_an_event_of_another_zone_holds_when_read_back(store: Store) -> None:
    await _append(store, make_event(at=NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))))
    assert verify_chain(await _log(store)) is None


async def test_the_hash_is_the_one_of_the_event_as_the_domain_made_it(store: Store) -> None:
    event = make_event(details=VALUES)
    (appended,) = await _append(store, event)
    assert verify_chain([replace(appended, event=event)]) is None


async def test_a_subject_has_its_own_events_oldest_first(store: Store) -> None:
    first, _, third = await _append(
        store,
        make_event("change_request.filed"),
        make_event("change_request.filed", subject="CR-11"),
        make_event("change_request.cancelled"),
    )
    async with store.transaction() as work:
        assert await work.audit.of("CR-1") == (first, third)


async def test_a_rolled_back_event_leaves_no_gap(store: Store) -> None:
    async def append_and_fail() -> None:
        async with store.transaction() as work:
            await work.audit.append(make_event())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await append_and_fail()
    assert [event.number for event in await _append(store, make_event())] == [1]


async def test_two_replicas_write_one_chain(store: Store, replica: Store) -> None:
    writers = [_append(s, make_event()) for s in (store, replica) for _ in range(10)]
    await asyncio.gather(*writers)
    log = await _log(store)
    assert [event.number for event in log] == list(range(1, 21))
    assert verify_chain(log) is None


@pytest.mark.parametrize(
    ("tampering", "number"),
    [
        ("UPDATE audit_log SET actor = 'U0SOMEBODY' WHERE number = 2", 2),
        ("UPDATE audit_log SET at = '2026-03-02 09:30:00.000001' WHERE number = 2", 2),
        ("UPDATE audit_log SET action = 'change_request.approved' WHERE number = 2", 2),
        ("UPDATE audit_log SET subject = 'CR-9' WHERE number = 2", 2),
        ("""UPDATE audit_log SET details = '{"version":9}' WHERE number = 2""", 2),
        ("UPDATE audit_log SET hash = 'f' || substr(hash, 2) WHERE number = 2", 2),
        ("UPDATE audit_log SET previous_hash = hash WHERE number = 2", 2),
        ("DELETE FROM audit_log WHERE number = 1", 1),
        ("DELETE FROM audit_log WHERE number = 2", 2),
        ("UPDATE audit_log SET number = 9 WHERE number = 3", 3),
    ],
)
async def test_tampering_is_found(store: Store, folder: Path, tampering: str, number: int) -> None:
    await _append(store, *(make_event(details={"version": n}) for n in range(3)))
    _tamper(folder, tampering)
    found = verify_chain(await _log(store))
    assert found is not None
    assert found.number == number


async def test_a_cut_tail_is_found_by_a_head_that_was_noted(store: Store, folder: Path) -> None:
    *_, last = await _append(store, *(make_event() for _ in range(3)))
    _tamper(folder, "DELETE FROM audit_log WHERE number = 3")
    found = verify_chain(await _log(store), head=last.hash)
    assert found is not None
    assert "events were removed" in found.problem


async def _append(store: Store, *events: AuditEvent) -> tuple[ChainedEvent, ...]:
    async with store.transaction() as work:
        return tuple([await work.audit.append(event) for event in events])


async def _log(store: Store) -> tuple[ChainedEvent, ...]:
    async with store.transaction() as work:
        return await work.audit.all()


def _tamper(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "herald.db")
    with connection:
        assert connection.execute(statement).rowcount == 1
    connection.close()
