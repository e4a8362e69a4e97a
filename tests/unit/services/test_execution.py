"""Leases, locks and deadlines of executions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError, LostLeaseError
from bot.domain.messages import Filed
from bot.domain.names import EndpointName, ModelName
from bot.domain.refusal import Refusal
from bot.domain.registry import ModelVersion, RegisteredModel
from bot.domain.serving import ServedEntity
from bot.services.execution import LEASE, Execution
from bot.services.opened_card import Click
from bot.services.targets import Target
from bot.views.headlines import headline
from tests.fakes.world import (
    CHAMPION,
    CHANNEL,
    LEAD,
    MODEL,
    REQUESTER,
    Herald,
    endpoint,
    herald_on,
)
from tests.unit.services.asking import ask, click, now

FRAUD = EndpointName("fraud-scorer")
SHARED = EndpointName("fraud-shared")
RULES = ModelName("prod.fraud.rules")
OUTAGE = "The serving platform does not answer (500); Herald keeps trying"


async def test_a_replica_that_lost_its_lease_does_not_write(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    async with bot.store.transaction() as work:
        claim = await work.claims.claim("slow replica", LEASE)
    assert claim is not None
    slow = Execution(claim, bot.store, bot.clock)
    bot.clock.ahead += LEASE * 2
    other = herald_on(bot.store, bot.clock, bot.registry, bot.serving)
    await other.execute()
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED
    with pytest.raises(LostLeaseError):
        await slow.guard()
    writes = [*bot.serving.writes, *bot.registry.writes]
    await bot.core.dispatch._execute.run(claim)
    assert [*bot.serving.writes, *bot.registry.writes] == writes


async def test_a_request_waits_for_the_endpoint_that_another_one_holds(bot: Herald) -> None:
    _share_an_endpoint(bot)
    bot.serving.slow_looks = 3
    first = await ask(bot)
    second = await bot.core.services.propose.promote(
        Target(model="rules", selector=2), REQUESTER, CHANNEL, ""
    )
    assert isinstance(second, Filed)
    await click(bot, first, LEAD)
    await bot.core.dispatch.dispatch()
    await bot.core.dispatch.drain(60)
    await click(bot, second.request, LEAD)
    await bot.core.dispatch.dispatch()
    waiting = await now(bot, second.request.id)
    assert waiting.state is RequestState.QUEUED
    assert waiting.note == f"{first.label} holds endpoint fraud-shared"
    await bot.execute()
    assert (await now(bot, first.id)).state is RequestState.SUCCEEDED
    assert (await now(bot, second.request.id)).state is RequestState.SUCCEEDED
    served = {(e.model, e.version) for e in bot.serving.endpoints[SHARED].entities}
    assert served == {(MODEL, 7), (RULES, 2)}


def _share_an_endpoint(bot: Herald) -> None:
    bot.registry.known[RULES] = RegisteredModel(name=RULES, aliases={CHAMPION: 1})
    good = bot.registry.numbered[MODEL, 7]
    for number in (1, 2):
        bot.registry.numbered[RULES, number] = ModelVersion(
            name=RULES, version=number, metrics=good.metrics
        )
    neighbour = ServedEntity(name="rules-1", model=RULES, version=1, traffic_percentage=50)
    own = replace(endpoint().entities[0], traffic_percentage=50)
    bot.serving.endpoints[SHARED] = replace(endpoint("fraud-shared"), entities=(own, neighbour))
    del bot.serving.endpoints[FRAUD]


async def test_an_undo_that_gets_no_answer_in_time_fails_and_says_what_stands(
    bot: Herald,
) -> None:
    async def break_tags(call: str, subject: str) -> None:
        del subject
        if call == "set_alias" and len(bot.registry.writes) == 3:
            raise BackEndUnavailableError("The registry", "no answer within 10 s")
        if call == "set_tags":
            bot.registry.move(MODEL, CHAMPION, 5)

    bot.registry.before = break_tags
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    ended = await now(bot, request.id)
    assert ended.state is RequestState.FAILED
    assert "alias champion: v5, neither" in ended.standing


async def test_an_undo_that_meets_an_outage_says_so_until_it_is_over(
    bot: Herald, caplog: pytest.LogCaptureFixture
) -> None:
    request = await held_up_in_undo(bot)
    (card,) = bot.notifier.cards.values()
    assert [s.detail for s in card.steps if s.state == "in_progress"] == [OUTAGE]
    assert headline(card).text.endswith(f"taking back what was changed: {OUTAGE}")
    assert "access denied" in card.request.note
    told = [text for text in bot.notifier.replies.values() if OUTAGE in text]
    assert told == [f"Not everything is taken back yet (undo endpoint fraud-scorer): {OUTAGE}"]
    logged = f"{request.label}, undo endpoint fraud-scorer: {OUTAGE}"
    assert caplog.messages.count(logged) == 1

    bot.serving.before = None
    await bot.execute()
    await bot.core.deliver.deliver_due()
    (card,) = bot.notifier.cards.values()
    assert card.request.state is RequestState.UNDONE
    assert {s.detail for s in card.steps if s.state == "complete"} == {""}


async def test_what_is_being_taken_back_is_waited_for(bot: Herald) -> None:
    request = await held_up_in_undo(bot)
    answer = await bot.core.services.propose.promote(
        Target(model="scorer", selector=5), REQUESTER, CHANNEL, ""
    )
    assert isinstance(answer, Refusal)
    assert answer.remedies == (
        f"Ask again once it is taken back: `/model request {request.label}` shows how far",
    )


async def held_up_in_undo(bot: Herald) -> ChangeRequest:
    """Let a step be refused, and the platform fail while everything is taken back."""
    refuse_aliases(bot)

    async def down_in_undo(call: str, _: str) -> None:
        if call == "serve" and bot.serving.writes:
            raise BackEndUnavailableError("The serving platform", "500")

    bot.serving.before = down_in_undo
    request = await ask(bot)
    await click(bot, request, LEAD)
    for _ in range(3):
        await bot.core.dispatch.dispatch()
        await bot.core.dispatch.drain(60)
        await bot.core.deliver.deliver_due()
        bot.clock.ahead += timedelta(seconds=6)
    return request


def refuse_aliases(bot: Herald) -> None:
    async def refuse(call: str, subject: str) -> None:
        del subject
        if call == "set_alias":
            raise BackEndRefusedError("The registry", "access denied: you do not own the model")

    bot.registry.before = refuse


async def test_a_step_that_is_refused_is_undone_at_once(bot: Herald) -> None:
    refuse_aliases(bot)
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    ended = await now(bot, request.id)
    assert ended.state is RequestState.UNDONE
    assert "access denied" in ended.note
    assert [e.version for e in bot.serving.endpoints[FRAUD].entities] == [6]


async def test_an_undo_waits_for_the_platforms_own_update(bot: Herald) -> None:
    bot.serving.slow_looks = 4
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.core.dispatch.dispatch()
    await bot.core.dispatch.drain(60)
    assert (await now(bot, request.id)).state is RequestState.WAITING

    pressed = Click(key=await bot.key(request.id), user=LEAD)
    assert await bot.core.services.withdraw.undo(pressed) is None
    await bot.execute()
    ended = await now(bot, request.id)
    assert ended.state is RequestState.UNDONE
    assert ended.note == "<@U0MLLEAD> asked for it"
    assert bot.serving.writes == ["serve fraud-scorer 7", "serve fraud-scorer 6"]


async def test_a_deleted_version_closes_its_approved_request(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    del bot.registry.numbered[MODEL, 7]
    await bot.execute()
    ended = await now(bot, request.id)
    assert ended.state is RequestState.DENIED
    assert ended.note == ("v7 is not in the registry any more. To go on, ask anew for one that is")


async def test_a_deleted_endpoint_is_told_and_the_rest_is_brought_back(bot: Herald) -> None:
    async def delete(call: str, subject: str) -> None:
        if (call, subject) == ("set_alias done", CHAMPION):
            bot.registry.before = None
            bot.serving.endpoints.pop(FRAUD)

    bot.registry.before = delete
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    ended = await now(bot, request.id)
    assert ended.state is RequestState.FAILED
    assert "endpoint fraud-scorer: it does not exist, neither" in ended.standing
    assert bot.registry.known[MODEL].aliases[CHAMPION] == 6
    assert bot.clock.ahead < timedelta(hours=2)


async def test_an_undo_that_is_ordered_during_a_step_is_heeded_before_the_next_one(
    bot: Herald,
) -> None:
    request = await ask(bot)

    async def order(call: str, subject: str) -> None:
        del subject
        if call == "set_alias":
            bot.registry.before = None
            pressed = Click(key=await bot.key(request.id), user=LEAD)
            assert await bot.core.services.withdraw.undo(pressed) is None

    bot.registry.before = order
    await click(bot, request, LEAD)
    await bot.execute()
    ended = await now(bot, request.id)
    assert ended.state is RequestState.UNDONE
    assert ended.note == "<@U0MLLEAD> asked for it"
    assert not [write for write in bot.registry.writes if write.startswith("tag")]
    assert bot.registry.known[MODEL].aliases[CHAMPION] == 6
