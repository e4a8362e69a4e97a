import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.audit import GENESIS, AuditEvent, ChainBreak, ChainedEvent, chain_hash, verify_chain
from bot.domain.canonical import canonical_json
from tests.builders import NOW, make_event

FEW = settings(max_examples=40)
"""Logs take long to draw."""

events = st.builds(
    AuditEvent,
    at=st.integers(min_value=0, max_value=9).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    actor=st.sampled_from(["herald", "U0ADMIN"]),
    action=st.sampled_from(["change_request.filed", "change_request.approved"]),
    subject=st.sampled_from(["CR-1", "CR-2"]),
    details=st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3), max_size=2),
)
logs = st.lists(events, min_size=1, max_size=6)


def chained(log: Sequence[AuditEvent]) -> list[ChainedEvent]:
    chain: list[ChainedEvent] = []
    for number, event in enumerate(log, start=1):
        previous = chain[-1].hash if chain else GENESIS
        chain.append(
            ChainedEvent(
                number=number,
                event=event,
                previous_hash=previous,
                hash=chain_hash(previous, number, event),
            )
        )
    return chain


def three() -> list[ChainedEvent]:
    actions = ("change_request.filed", "change_request.approved", "change_request.begun")
    return chained([make_event(action) for action in actions])


def test_empty_log_holds() -> None:
    assert verify_chain([]) is None


def test_empty_log_holds_under_the_genesis_hash() -> None:
    assert verify_chain([], head=GENESIS) is None


def test_whole_log_holds_under_each_head_it_ever_had() -> None:
    chain = three()
    for head in (None, GENESIS, *(event.hash for event in chain)):
        assert verify_chain(chain, head) is None


def test_edited_event_is_found() -> None:
    first, second, third = three()
    edited = replace(second, event=replace(second.event, actor="U0ADMIN"))
    assert verify_chain([first, edited, third]) == ChainBreak(
        number=2, problem="its content was changed"
    )


def test_edited_event_with_a_hash_made_anew_is_found_at_the_next_one() -> None:
    first, second, third = three()
    event = replace(second.event, actor="U0ADMIN")
    edited = replace(second, event=event, hash=chain_hash(first.hash, 2, event))
    assert verify_chain([first, edited, third]) == ChainBreak(
        number=3, problem="it does not follow the event before it"
    )


def test_cut_event_is_found() -> None:
    first, _, third = three()
    assert verify_chain([first, third]) == ChainBreak(number=2, problem="event 2 is missing")


def test_event_cut_from_the_start_is_found() -> None:
    assert verify_chain(three()[1:]) == ChainBreak(number=1, problem="event 1 is missing")


def test_event_cut_and_the_rest_renumbered_is_found() -> None:
    first, _, third = three()
    broken = verify_chain([first, replace(third, number=2)])
    assert broken == ChainBreak(number=2, problem="it does not follow the event before it")


def test_log_cut_at_its_end_is_found_by_the_head() -> None:
    chain = three()
    assert verify_chain(chain[:2]) is None
    assert verify_chain(chain[:2], head=chain[2].hash) == ChainBreak(
        number=2, problem="the head is not in the log: events were removed"
    )


def test_log_that_is_gone_is_found_by_the_head() -> None:
    broken = verify_chain([], head=three()[0].hash)
    assert broken == ChainBreak(number=0, problem="the head is not in the log: events were removed")


def test_log_rewritten_from_its_start_is_found_by_the_head() -> None:
    chain = three()
    rewritten = chained([replace(link.event, actor="U0ADMIN") for link in chain])
    assert verify_chain(rewritten) is None
    assert verify_chain(rewritten, head=chain[-1].hash) is not None


@pytest.mark.parametrize("field", ["actor", "action", "subject"])
def test_hash_covers_every_word_of_the_event(field: str) -> None:
    changed = {"actor": "herald", "action": "thing.happened", "subject": "CR-1", field: "another"}
    assert chain_hash(GENESIS, 1, make_event(**changed)) != chain_hash(
        GENESIS, 1, make_event(action="thing.happened")
    )


def test_hash_covers_time_details_number_and_what_came_before() -> None:
    event = make_event()
    hashes = {
        chain_hash(GENESIS, 1, event),
        chain_hash(GENESIS, 2, event),
        chain_hash("1" * 64, 1, event),
        chain_hash(GENESIS, 1, replace(event, at=NOW + timedelta(microseconds=1))),
        chain_hash(GENESIS, 1, replace(event, details={"reason": ""})),
    }
    assert len(hashes) == 5


@FEW
@given(logs)
def test_untouched_log_holds(log: list[AuditEvent]) -> None:
    chain = chained(log)
    assert verify_chain(chain, head=chain[-1].hash) is None


@FEW
@given(logs)
def test_details_read_back_as_json_give_the_same_chain(log: list[AuditEvent]) -> None:
    chain = chained(log)
    read = [
        replace(link, event=replace(link.event, details=json.loads(canonical_json(details))))
        for link in chain
        for details in [link.event.details]
    ]
    assert verify_chain(read, head=chain[-1].hash) is None


@FEW
@given(logs, events, st.data())
def test_edit_of_any_event_is_found(
    log: list[AuditEvent], other: AuditEvent, data: st.DataObject
) -> None:
    chain = chained(log)
    place = data.draw(st.integers(min_value=0, max_value=len(chain) - 1))
    if chain[place].event == other:
        other = replace(other, subject="CR-3")
    chain[place] = replace(chain[place], event=other)
    assert verify_chain(chain) is not None


@FEW
@given(logs, st.data())
def test_cut_of_any_event_is_found_with_the_head(
    log: list[AuditEvent], data: st.DataObject
) -> None:
    chain = chained(log)
    head = chain[-1].hash
    del chain[data.draw(st.integers(min_value=0, max_value=len(chain) - 1))]
    assert verify_chain(chain, head) is not None


@FEW
@given(st.lists(events, min_size=2, max_size=6), st.data())
def test_swap_of_any_two_events_is_found(log: list[AuditEvent], data: st.DataObject) -> None:
    chain = chained(log)
    places = st.integers(min_value=0, max_value=len(chain) - 1)
    one = data.draw(places)
    two = data.draw(places.filter(lambda place: place != one))
    chain[one], chain[two] = chain[two], chain[one]
    assert verify_chain(chain) is not None


@FEW
@given(logs, events, st.data())
def test_insertion_of_any_event_is_found(
    log: list[AuditEvent], other: AuditEvent, data: st.DataObject
) -> None:
    chain = chained(log)
    head = chain[-1].hash
    place = data.draw(st.integers(min_value=0, max_value=len(chain)))
    before = chain[place - 1].hash if place else GENESIS
    forged = ChainedEvent(
        number=place + 1,
        event=other,
        previous_hash=before,
        hash=chain_hash(before, place + 1, other),
    )
    broken = verify_chain([*chain[:place], forged, *chain[place:]], head)
    if place < len(chain):
        assert broken is not None
    else:
        assert broken is None, "an event appended at the end is how the log grows"


def test_hash_is_over_a_text_that_stays_so_that_stored_logs_hold() -> None:
    text = (
        '{"event":{"action":"change_request.filed","actor":"herald",'
        '"at":"2026-03-02T09:30:00+00:00","details":{"reason":"better recall"},'
        f'"subject":"CR-1"}},"number":1,"previous":"{"0" * 64}"}}'
    )
    event = make_event(details={"reason": "better recall"})
    assert chain_hash(GENESIS, 1, event) == hashlib.sha256(text.encode()).hexdigest()
