from datetime import timedelta

from bot.domain.agreement import Decision, DecisionKind
from bot.domain.names import PersonKey, RequestId, RoleName, SlackUserId
from bot.domain.store import Store
from tests.builders import LEAD, NOW, make_decision, make_evidence, make_request
from tests.contract.store.filed import add, change

RISK = SlackUserId("U0RISK")


async def test_a_decision_reads_as_it_was_recorded(store: Store) -> None:
    await add(store, make_request())
    roles = frozenset({RoleName("risk"), RoleName("ml-leads")})
    decision = make_decision(
        kind=DecisionKind.REJECT,
        roles=roles,
        reason="recall\nfell",
        person_key=PersonKey("5d41402a"),
    )
    assert await _recorded(store, decision) == (decision,)


async def test_decisions_come_oldest_first(store: Store) -> None:
    await add(store, make_request())
    late = make_decision(LEAD, decided_at=NOW + timedelta(seconds=1))
    early = make_decision(RISK, decided_at=NOW)
    assert await _recorded(store, late, early) == (early, late)


async def test_the_latest_word_of_a_person_replaces_the_earlier_one(store: Store) -> None:
    await add(store, make_request())
    later = make_decision(
        kind=DecisionKind.REJECT, reason="on second thought", decided_at=NOW + timedelta(minutes=1)
    )
    assert await _recorded(store, make_decision(), later) == (later,)


async def test_decisions_on_an_earlier_revision_stay(store: Store) -> None:
    await add(store, make_request())
    await change(store, 1, evidence=make_evidence(2))
    first = make_decision()
    second = make_decision(evidence_revision=2, decided_at=NOW + timedelta(minutes=1))
    assert await _recorded(store, first, second) == (first, second)


async def test_decisions_belong_to_their_request(store: Store) -> None:
    await add(store, make_request())
    await _recorded(store, make_decision())
    async with store.transaction() as work:
        assert await work.decisions.of(RequestId(2)) == ()


async def _recorded(store: Store, *decisions: Decision) -> tuple[Decision, ...]:
    async with store.transaction() as work:
        for decision in decisions:
            await work.decisions.record(decision)
    async with store.transaction() as work:
        return await work.decisions.of(RequestId(1))
