"""A promotion from the question to its end, on fakes and a real store."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.audit import verify_chain
from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import BackEndUnavailableError
from bot.domain.messages import CheckReport, Filed, Note, RequestCard
from bot.domain.names import EndpointName, RequestId
from bot.domain.policy import ApprovalRequirement
from bot.domain.refusal import Refusal
from bot.domain.serving import EndpointUpdate
from bot.domain.store import RequestQuery
from bot.services.opened_card import Click
from bot.services.roll_back import RollbackAsk
from bot.services.targets import Target
from tests.fakes.world import (
    ADMIN,
    ARCHIVED,
    CHALLENGER,
    CHAMPION,
    CHANNEL,
    GUEST,
    LEAD,
    LEAD2,
    LEADS,
    MODEL,
    REQUESTER,
    VIEWER,
    Herald,
    endpoint,
    policy_set,
)
from tests.unit.services.asking import ask, click, now

FRAUD = EndpointName("fraud-scorer")


async def test_an_approved_promotion_moves_endpoint_then_aliases_then_tags(bot: Herald) -> None:
    request = await ask(bot)
    assert await click(bot, request, LEAD) is None
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED
    assert bot.serving.writes == ["serve fraud-scorer 7"]
    assert [write.split(" herald")[0] for write in bot.registry.writes] == [
        "alias archived 6",
        "alias champion 7",
        "alias challenger None",
        "tags 7",
    ]
    tags = bot.registry.numbered[MODEL, 7].tags
    assert tags["validation_status"] == "approved"
    assert tags["herald.requested_by"] == REQUESTER
    assert tags["herald.approved_by"] == LEAD
    assert tags["herald.request"] == request.label
    assert tags["owner"] == "fraud"


async def test_the_tags_carry_a_head_that_the_log_holds(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    head = bot.registry.numbered[MODEL, 7].tags["herald.audit_head"]
    async with bot.store.transaction() as work:
        events = await work.audit.all()
    assert verify_chain(events, head) is None
    assert verify_chain(events[: len(events) // 2], head) is not None


async def test_nothing_is_written_before_somebody_else_agrees(bot: Herald) -> None:
    request = await ask(bot)
    await bot.execute(rounds=3)
    assert bot.serving.writes == bot.registry.writes == []
    assert (await now(bot, request.id)).state is RequestState.PENDING


async def test_the_requester_never_counts(bot: Herald) -> None:
    request = await ask(bot, user=LEAD)
    answer = await click(bot, request, LEAD)
    assert isinstance(answer, Refusal)
    assert "your word does not count" in answer.what
    assert (await now(bot, request.id)).state is RequestState.PENDING


async def test_strangers_and_guests_are_refused_and_the_refusal_is_on_record(bot: Herald) -> None:
    request = await ask(bot)
    for user in (VIEWER, GUEST, ADMIN):
        assert isinstance(await click(bot, request, user), Refusal)
    async with bot.store.transaction() as work:
        actions = [event.event.action for event in await work.audit.of(request.label)]
    assert actions.count("access.refused") == 3
    assert (await now(bot, request.id)).state is RequestState.PENDING


async def test_the_same_click_twice_is_a_friendly_nothing(bot: Herald) -> None:
    bot.policies.policies = policy_set(approvals=(ApprovalRequirement(role=LEADS, count=2),))
    request = await ask(bot)
    assert await click(bot, request, LEAD) is None
    answer = await click(bot, request, LEAD)
    assert isinstance(answer, Note)
    assert "already" in answer.text
    assert await click(bot, request, LEAD2) is None
    assert (await now(bot, request.id)).state is RequestState.APPROVED


async def test_a_late_click_gets_the_present_truth(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    answer = await click(bot, request, LEAD2)
    assert isinstance(answer, Note)
    assert answer.text == (
        f"{request.label} is closed: scorer v7 became champion. Your click changed nothing."
    )


async def test_an_endpoint_that_cannot_start_is_undone_with_the_platforms_reason(
    bot: Herald,
) -> None:
    bot.serving.failing[7] = "No module named 'lightgbm'"
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    ended = await now(bot, request.id)
    assert ended.state is RequestState.UNDONE
    assert "lightgbm" in ended.note
    assert bot.registry.writes == []
    assert [e.version for e in bot.serving.endpoints[FRAUD].entities] == [6]


async def test_a_later_failure_brings_the_endpoint_and_the_aliases_back(bot: Herald) -> None:
    async def meddle(call: str, subject: str) -> None:
        if (call, subject) == ("set_alias done", CHAMPION):
            bot.registry.before = None
            bot.registry.move(MODEL, CHALLENGER, 5)

    bot.registry.before = meddle
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    ended = await now(bot, request.id)
    aliases = bot.registry.known[MODEL].aliases
    assert (aliases[CHAMPION], aliases[ARCHIVED]) == (6, 5)
    assert [e.version for e in bot.serving.endpoints[FRAUD].entities] == [6]
    assert ended.state is RequestState.FAILED
    assert any("challenger: v5, neither" in line for line in ended.standing)


async def test_a_failed_request_keeps_its_model_locked_until_it_is_resolved(bot: Herald) -> None:
    await test_a_later_failure_brings_the_endpoint_and_the_aliases_back(bot)
    failed = (await _all(bot))[0]
    blocked = await bot.core.services.propose.promote(
        Target(model="scorer", selector=7), REQUESTER, CHANNEL, ""
    )
    assert isinstance(blocked, Refusal)
    assert f"/model resolve {failed.label}" in blocked.remedies[0]
    resolved = await bot.core.services.resolve.resolve(failed.id, ADMIN, "challenger is fine")
    assert isinstance(resolved, Note)
    assert "champion: v6, as before" in resolved.text
    assert (await ask(bot)).state is RequestState.PENDING


async def _all(bot: Herald) -> tuple[ChangeRequest, ...]:
    async with bot.store.transaction() as work:
        return await work.requests.find(RequestQuery())


async def test_moved_evidence_voids_the_approval_and_asks_again(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    bot.registry.move(MODEL, CHAMPION, 5)
    await bot.execute(rounds=2)
    renewed = await now(bot, request.id)
    assert renewed.state is RequestState.PENDING
    assert renewed.evidence.revision == 2
    assert "champion is v5 now, not v6" in renewed.evidence.differences
    assert bot.serving.writes == []
    stale = await click(bot, request, LEAD2, revision=1)
    assert isinstance(stale, Note)
    assert "champion is v5 now" in stale.text
    assert await click(bot, request, LEAD2, revision=2) is None


async def test_an_outage_voids_nothing(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)

    async def dead(call: str, subject: str) -> None:
        del call, subject
        raise BackEndUnavailableError("The registry", "no answer within 10 s")

    bot.registry.before = dead
    await bot.execute(rounds=2)
    waiting = await now(bot, request.id)
    assert waiting.state is RequestState.QUEUED
    assert "The registry: no answer within 10 s" in waiting.note
    bot.registry.before = None
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED


async def test_a_write_whose_answer_is_lost_is_tried_again_and_done_once(bot: Herald) -> None:
    lost: list[str] = []

    async def lose(call: str, subject: str) -> None:
        if call == "set_alias done" and not lost:
            lost.append(subject)
            raise BackEndUnavailableError("The registry", "the answer was lost")

    bot.registry.before = lose
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED
    assert bot.registry.writes.count("alias archived 6") == 1


async def test_an_endpoint_that_never_settles_calls_a_person(bot: Herald) -> None:
    bot.serving.slow_looks = 10_000
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute(rounds=3)
    bot.clock.ahead += timedelta(hours=1)
    await bot.execute(rounds=3)
    paused = await now(bot, request.id)
    assert paused.state is RequestState.PAUSED
    assert "fraud-scorer" in paused.note
    async with bot.store.transaction() as work:
        assert await work.claims.holder(f"model:{MODEL}") == request.id


async def test_a_person_may_undo_what_is_paused(bot: Herald) -> None:
    await test_an_endpoint_that_never_settles_calls_a_person(bot)
    request = (await _all(bot))[0]
    pressed = Click(key=await bot.key(request.id), user=LEAD)
    assert await bot.core.services.withdraw.undo(pressed) is None
    bot.serving.slow_looks = bot.serving._looks[FRAUD] = 0
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.UNDONE
    assert [e.version for e in bot.serving.endpoints[FRAUD].entities] == [6]


async def test_a_person_may_let_a_paused_request_go_on(bot: Herald) -> None:
    await test_an_endpoint_that_never_settles_calls_a_person(bot)
    request = (await _all(bot))[0]
    bot.serving.slow_looks = bot.serving._looks[FRAUD] = 0
    pressed = Click(key=await bot.key(request.id), user=ADMIN)
    assert await bot.core.services.withdraw.resume(pressed) is None
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED
    assert isinstance(await bot.core.services.withdraw.resume(pressed), Note)


async def test_a_neighbours_update_puts_an_approved_request_off_and_voids_nothing(
    bot: Herald,
) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    settled = bot.serving.endpoints[FRAUD]
    bot.serving.endpoints[FRAUD] = replace(
        settled, update=EndpointUpdate.IN_PROGRESS, pending=endpoint(version=5).entities
    )
    bot.serving._looks[FRAUD] = 10
    await bot.execute(rounds=1)
    waiting = await now(bot, request.id)
    assert (waiting.state, waiting.evidence.revision) == (RequestState.QUEUED, 1)
    assert "endpoint fraud-scorer is taking another update of it now" in waiting.note
    bot.serving.endpoints[FRAUD] = settled
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED


async def test_a_second_request_is_refused_with_the_way_to_the_first(bot: Herald) -> None:
    request = await ask(bot)
    answer = await bot.core.services.propose.promote(
        Target(model="scorer", selector=5), REQUESTER, CHANNEL, ""
    )
    assert isinstance(answer, Refusal)
    assert request.label in answer.reasons[0]


async def test_a_denied_promotion_is_on_record_and_asks_nobody(bot: Herald) -> None:
    denied = await ask(bot, version=8)
    assert denied.state is RequestState.DENIED
    await bot.core.deliver.deliver_due()
    assert bot.notifier.cards == {}
    assert (await ask(bot)).state is RequestState.PENDING


async def test_a_changed_policy_makes_a_click_count_nothing_and_asks_anew(bot: Herald) -> None:
    request = await ask(bot)
    bot.policies.policies = policy_set(content="baseline 2")
    answer = await click(bot, request, LEAD)
    assert isinstance(answer, Note)
    assert "policy baseline changed" in answer.text
    renewed = await now(bot, request.id)
    assert (renewed.state, renewed.evidence.revision) == (RequestState.PENDING, 2)
    assert await click(bot, request, LEAD, revision=2) is None


async def test_an_endpoint_changed_by_somebody_else_is_left_alone_and_told(bot: Herald) -> None:
    async def meddle(call: str, subject: str) -> None:
        if call == "set_alias done" and subject == CHAMPION:
            bot.registry.before = None
            bot.registry.move(MODEL, CHALLENGER, 6)
            bot.serving.endpoints[FRAUD] = endpoint(version=5)

    bot.registry.before = meddle
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    ended = await now(bot, request.id)
    assert ended.state is RequestState.FAILED
    assert [e.version for e in bot.serving.endpoints[FRAUD].entities] == [5]
    assert any(line.startswith("endpoint fraud-scorer: v5 100 %") for line in ended.standing)


async def test_a_request_expires_when_nobody_agrees(bot: Herald) -> None:
    request = await ask(bot)
    bot.clock.ahead += timedelta(hours=25)
    assert await bot.core.expire.expire_due() == 1
    assert (await now(bot, request.id)).state is RequestState.EXPIRED
    answer = await click(bot, request, LEAD)
    assert isinstance(answer, Note)
    assert "expired" in answer.text


async def test_the_card_of_a_change_tells_when_a_later_one_replaced_it(bot: Herald) -> None:
    first = await ask(bot)
    await click(bot, first, LEAD)
    await bot.execute()
    await bot.core.deliver.deliver_due()
    assert (await _drawn(bot, first.id)).replaced_by is None
    back = await bot.core.services.roll_back.roll_back(
        RollbackAsk(model="scorer", version=None, requester=LEAD, channel=CHANNEL, reason="slow")
    )
    assert isinstance(back, Filed)
    await bot.execute()
    async with bot.store.transaction() as work:
        waiting = {entry.request for entry in await work.outbox.due(bot.clock.now(), 50)}
    assert waiting == {first.id, back.request.id}
    assert (await _drawn(bot, first.id)).replaced_by == back.request.id
    assert (await _drawn(bot, back.request.id)).replaced_by is None


async def _drawn(bot: Herald, request: RequestId) -> RequestCard:
    card = await bot.core.draw.draw(request)
    assert card is not None
    return card


async def test_a_champion_that_is_not_served_is_brought_to_its_endpoint(bot: Herald) -> None:
    served = bot.serving.endpoints[FRAUD]
    moved = tuple(replace(entity, version=5) for entity in served.entities)
    bot.serving.endpoints[FRAUD] = replace(served, entities=moved)
    request = await ask(bot, 6)
    await click(bot, request, LEAD)
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED
    assert [entity.version for entity in bot.serving.endpoints[FRAUD].entities] == [6]
    assert [write for write in bot.registry.writes if write.startswith("alias")] == []


async def test_a_check_names_the_request_that_is_open(bot: Herald) -> None:
    target = Target(model="scorer", selector=7)
    before = await bot.core.services.propose.check(target, VIEWER, CHANNEL)
    assert isinstance(before, CheckReport)
    assert before.holder is None
    request = await ask(bot)
    report = await bot.core.services.propose.check(target, VIEWER, CHANNEL)
    assert isinstance(report, CheckReport)
    assert report.holder is not None
    assert report.holder.id == request.id
