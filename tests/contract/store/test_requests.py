from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from bot.domain.change_request import OPEN, RequestState, Resolution
from bot.domain.errors import StaleWriteError
from bot.domain.names import ModelName, RequestId, SlackUserId
from bot.domain.policy import ChangeKind, OutcomeKind
from bot.domain.store import RequestQuery, Store
from tests.builders import (
    CHALLENGER,
    CHAMPION,
    LEAD,
    MODEL,
    NOW,
    REQUESTER,
    make_evidence,
    make_outcome,
    make_plan,
    make_request,
    make_requirement,
    make_verdict,
)
from tests.contract.store.filed import add, change, of_model, read

CLOSED = frozenset(RequestState) - OPEN


async def test_the_first_request_is_number_one(store: Store) -> None:
    async with store.transaction() as work:
        assert await work.requests.next_id() == 1


async def test_the_next_number_follows_the_highest(store: Store) -> None:
    await add(store, of_model(41))
    async with store.transaction() as work:
        assert await work.requests.next_id() == 42


async def test_a_request_reads_as_it_was_stored(store: Store) -> None:
    request = make_request()
    await add(store, request)
    assert await read(store) == request


async def test_every_field_of_a_request_survives(store: Store) -> None:
    verdict = make_verdict(
        outcomes=(make_outcome(OutcomeKind.INCONCLUSIVE), make_outcome()),
        reasons=("auc is inconclusive, so people decide",),
        requirements=(make_requirement(count=2, unless_asked_by=frozenset({"admins", "leads"})),),
        rejections=2,
        expires_after=timedelta(minutes=90, microseconds=7),
    )
    request = make_request(
        kind=ChangeKind.ROLL_BACK,
        state=RequestState.FAILED,
        reason="größer & <better>\nsecond line 🎯 '\"--",
        evidence=make_evidence(verdict=verdict, differences=("tag team: a → b",)),
        began_at=NOW + timedelta(seconds=1),
        closed_at=NOW + timedelta(seconds=2),
        note="the endpoint did not come up",
        standing=("endpoint fraud-scorer serves v7", "champion is v6"),
        wake_at=NOW + timedelta(seconds=3),
        resolution=Resolution(by=LEAD, reason="seen", standing=("champion is v6",), at=NOW),
        row_version=4,
    )
    await add(store, request)
    assert await read(store) == request


async def test_moments_come_back_in_utc(store: Store) -> None:
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    await add(store, make_request(created_at=tokyo))
    assert (await read(store)).created_at.isoformat() == "2026-03-02T09:30:00+00:00"


async def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(Exception, match="has no time zone"):
        await add(store, make_request(created_at=NOW.replace(tzinfo=None)))


async def test_an_unknown_request_is_none(store: Store) -> None:
    async with store.transaction() as work:
        assert await work.requests.get(RequestId(9)) is None


async def test_storing_raises_the_row_version(store: Store) -> None:
    await add(store, make_request())
    changed = await change(store, 1, note="thinking")
    assert (changed.note, changed.row_version) == ("thinking", 1)


async def test_storing_what_was_read_before_another_change_is_stale(store: Store) -> None:
    await add(store, make_request())
    before = await read(store)
    await change(store, 1, note="first")
    with pytest.raises(StaleWriteError, match="CR-1 was changed by somebody else"):
        async with store.transaction() as work:
            await work.requests.store(replace(before, note="second"))
    assert (await read(store)).note == "first"


async def test_storing_an_unknown_request_is_stale(store: Store) -> None:
    with pytest.raises(StaleWriteError):
        async with store.transaction() as work:
            await work.requests.store(make_request(5))


async def test_storing_keeps_the_earlier_evidence_beside_the_new(store: Store) -> None:
    await add(store, make_request())
    first = (await read(store)).evidence
    second = make_evidence(2, plan=make_plan(way_back=5), differences=("champion is v5 now",))
    changed = await change(store, 1, evidence=second)
    async with store.transaction() as work:
        revisions = await work.decisions.evidence_of(RequestId(1))
    assert (changed.evidence, revisions) == (second, (first, second))


async def test_a_stored_revision_never_changes(store: Store) -> None:
    await add(store, make_request())
    first = (await read(store)).evidence
    changed = await change(store, 1, evidence=replace(first, content_hash="forged"))
    assert changed.evidence == first


async def test_found_requests_come_newest_first(store: Store) -> None:
    await add(store, *(of_model(number) for number in (1, 2, 3)))
    assert await _found(store, RequestQuery()) == [3, 2, 1]


async def test_requests_of_one_version_are_found(store: Store) -> None:
    one, other = of_model(1), replace(of_model(2), version=9)
    await add(store, one, other)
    assert await _found(store, RequestQuery(version=9)) == [2]


async def test_a_query_returns_no_more_than_its_limit(store: Store) -> None:
    await add(store, *(of_model(number) for number in (1, 2, 3)))
    assert await _found(store, RequestQuery(limit=2)) == [3, 2]


async def test_requests_after_a_number_come_oldest_first(store: Store) -> None:
    await add(store, *(of_model(number) for number in (1, 2, 3)))
    assert await _found(store, RequestQuery(after=RequestId(0), limit=2)) == [1, 2]
    assert await _found(store, RequestQuery(after=RequestId(2), limit=2)) == [3]
    assert await _found(store, RequestQuery(after=RequestId(3), limit=2)) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (RequestQuery(states=frozenset({RequestState.PENDING})), [2, 1]),
        (RequestQuery(states=frozenset()), []),
        (RequestQuery(model=MODEL), [3, 1]),
        (RequestQuery(model=MODEL, alias=CHALLENGER), [3]),
        (RequestQuery(requester=LEAD), [2]),
        (RequestQuery(requester=SlackUserId("U0NOBODY")), []),
        (RequestQuery(expires_before=NOW), [2]),
        (RequestQuery(expires_before=NOW - timedelta(microseconds=1)), []),
    ],
)
async def test_a_query_takes_only_what_it_names(
    store: Store, query: RequestQuery, found: list[int]
) -> None:
    await add(
        store,
        make_request(1),
        replace(of_model(2, RequestState.PENDING), requester=LEAD, expires_at=NOW),
        make_request(3, RequestState.APPROVED, alias=CHALLENGER, requester=REQUESTER),
    )
    assert await _found(store, query) == found


@pytest.mark.parametrize("state", sorted(OPEN))
async def test_an_open_request_keeps_others_off_its_alias(
    store: Store, state: RequestState
) -> None:
    await add(store, make_request(1, state))
    with pytest.raises(StaleWriteError, match=f"{MODEL} {CHAMPION}"):
        await add(store, make_request(2))


@pytest.mark.parametrize("state", sorted(CLOSED))
async def test_a_closed_request_lets_others_have_its_alias(
    store: Store, state: RequestState
) -> None:
    await add(store, make_request(1, state), make_request(2))
    assert await _found(store, RequestQuery()) == [2, 1]


async def test_other_aliases_and_models_stay_free(store: Store) -> None:
    other = ModelName("prod.fraud.other")
    await add(
        store, make_request(1), make_request(2, alias=CHALLENGER), make_request(3, model=other)
    )
    assert await _found(store, RequestQuery()) == [3, 2, 1]


async def test_a_closed_request_cannot_be_opened_over_another(store: Store) -> None:
    await add(store, make_request(1, RequestState.CANCELLED), make_request(2))
    with pytest.raises(StaleWriteError, match=f"{MODEL} {CHAMPION}"):
        await change(store, 1, state=RequestState.PENDING)


async def _found(store: Store, query: RequestQuery) -> list[int]:
    async with store.transaction() as work:
        return [request.id for request in await work.requests.find(query)]


async def test_requests_are_counted_by_their_state(store: Store) -> None:
    await add(store, of_model(1), of_model(2), of_model(3, RequestState.SUCCEEDED))
    async with store.transaction() as work:
        counted = await work.requests.count()
    assert dict(counted) == {RequestState.APPROVED: 2, RequestState.SUCCEEDED: 1}
