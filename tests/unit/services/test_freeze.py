"""Freezes: what they hold up, what they do not, who may declare and lift them."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.errors import BackEndUnavailableError
from bot.domain.freezing import Freeze, FreezeList, FreezeNews, Frozen, Span
from bot.domain.messages import CheckReport, Filed
from bot.domain.names import ModelName
from bot.domain.people import Action
from bot.domain.refusal import Refusal
from bot.domain.registry import RegisteredModel
from bot.domain.steps import forward_steps
from bot.services.execute import LOOK_AGAIN
from bot.services.execution import Execution
from bot.services.freeze import FreezeAsk
from bot.services.targets import Target
from tests.fakes.world import ADMIN, CHANNEL, LEAD, LEADS, MODEL, REQUESTER, Herald, policy_set
from tests.unit.services.asking import ask, click, now, promoted, roll_back

HOUR = timedelta(hours=1)
V7 = Target(model="scorer", selector=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Frozen in one stretch, or broken."""

    span: Span | None
    name: str = "weekend"

    def spans(self, since: datetime, until: datetime) -> tuple[Span, ...]:
        if self.span is None:
            raise ValueError("the calendar is broken")
        return (self.span,) if self.span.touches(since, until) else ()


@pytest.fixture(autouse=True)
def _leads_may_freeze(bot: Herald) -> None:
    policies = bot.policies.policies
    leads = policies.may[LEADS] | {Action.FREEZE}
    bot.policies.policies = replace(policies, may={**policies.may, LEADS: leads})


def weekend(bot: Herald, hours: int | None = 2) -> datetime:
    """Let the promotion policy freeze from now on; return its end."""
    at = bot.clock.now()
    end = at + (hours or 0) * HOUR
    window = Window(span=Span(begins_at=at, ends_at=end) if hours else None)
    (promotion, *others) = bot.policies.policies.policies
    frozen = (replace(promotion, freezes=(window,)), *others)
    bot.policies.policies = replace(bot.policies.policies, policies=frozen)
    return end


async def freeze(bot: Herald, models: str = "", *until: str) -> FreezeNews | Refusal:
    asked = FreezeAsk(by=LEAD, models=models, until=until, reason="the provider migrates")
    return await bot.core.services.freezing.freeze(asked)


async def unfreeze(bot: Herald, models: str = "") -> FreezeNews | Refusal:
    asked = FreezeAsk(by=LEAD, models=models, reason="all done")
    return await bot.core.services.freezing.unfreeze(asked)


async def in_force(bot: Herald) -> tuple[Freeze, ...]:
    async with bot.store.transaction() as work:
        return await work.freezes.in_force(bot.clock.now())


async def promote(bot: Herald) -> Filed | Refusal | Frozen:
    return await bot.core.services.propose.promote(V7, REQUESTER, CHANNEL, "")


async def step(bot: Herald) -> None:
    await bot.core.dispatch.dispatch()
    await bot.core.dispatch.drain(60)


async def approved(bot: Herald) -> ChangeRequest:
    request = await ask(bot)
    assert await click(bot, request, LEAD) is None
    return request


async def test_a_frozen_promotion_is_refused_before_it_is_filed(bot: Herald) -> None:
    end = weekend(bot)
    answer = await promote(bot)
    assert isinstance(answer, Frozen)
    assert answer.freezes[0].window == "weekend"
    assert answer.freezes[0].ends_at == end
    assert answer.may_lift == (LEADS,)
    async with bot.store.transaction() as work:
        assert not await work.requests.count()
    bot.clock.ahead += 2 * HOUR
    assert isinstance(await promote(bot), Filed)


async def test_a_check_tells_of_a_freeze_beside_the_verdict(bot: Herald) -> None:
    assert isinstance(await freeze(bot, "scorer", "for", "2h"), FreezeNews)
    report = await bot.core.services.propose.check(V7, REQUESTER, CHANNEL)
    assert isinstance(report, CheckReport)
    assert [each.reason for each in report.freezes] == ["the provider migrates"]


async def test_an_approved_request_waits_for_the_end_of_a_freeze(bot: Herald) -> None:
    request = await approved(bot)
    end = weekend(bot, 1)
    await step(bot)
    held = await now(bot, request.id)
    assert held.state is RequestState.QUEUED
    assert held.note == f"frozen until {end:%Y-%m-%d %H:%M} UTC (window weekend of policy baseline)"
    assert held.wake_at is not None
    assert held.wake_at <= end
    assert not bot.registry.writes
    bot.clock.ahead += HOUR
    await bot.execute()
    done = await now(bot, request.id)
    assert done.state is RequestState.SUCCEEDED
    assert done.began_at is not None
    assert done.began_at >= end
    assert not done.note


async def test_a_short_freeze_wakes_its_requests_at_its_end(bot: Herald) -> None:
    request = await approved(bot)
    news = await freeze(bot, "prod.*", "for", "10m")
    assert isinstance(news, FreezeNews)
    assert news.waiting == 1
    await step(bot)
    assert (await now(bot, request.id)).wake_at == news.freeze.ends_at


async def test_a_freeze_that_comes_while_the_evidence_is_read_still_holds(bot: Herald) -> None:
    request = await approved(bot)

    async def freeze_meanwhile(call: str, subject: str) -> None:
        del call, subject
        bot.registry.before = None
        weekend(bot)

    bot.registry.before = freeze_meanwhile
    await step(bot)
    assert (await now(bot, request.id)).state is RequestState.QUEUED
    assert not bot.registry.writes


async def test_a_request_without_end_in_sight_is_looked_at_again(bot: Herald) -> None:
    request = await approved(bot)
    await freeze(bot)
    await step(bot)
    held = await now(bot, request.id)
    assert "frozen until somebody lifts it (the provider migrates)" in held.note
    assert held.wake_at is not None
    assert held.wake_at - bot.clock.now() <= LOOK_AGAIN


async def test_unfreezing_lets_approved_requests_go_on_at_once(bot: Herald) -> None:
    request = await approved(bot)
    await freeze(bot, "prod.*")
    await step(bot)
    news = await unfreeze(bot, "prod.*")
    assert isinstance(news, FreezeNews)
    assert (news.lifted, news.waiting) == (True, 1)
    await step(bot)
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED


async def test_a_freeze_that_is_cut_short_wakes_its_requests_in_time(bot: Herald) -> None:
    request = await approved(bot)
    await freeze(bot, "prod.*")
    await step(bot)
    news = await freeze(bot, "prod.*", "for", "1m")
    assert isinstance(news, FreezeNews)
    assert (await now(bot, request.id)).wake_at is None
    await step(bot)
    assert (await now(bot, request.id)).wake_at == news.freeze.ends_at


async def test_unfreezing_also_counts_what_nobody_has_taken_up_yet(bot: Herald) -> None:
    await approved(bot)
    await freeze(bot)
    news = await unfreeze(bot)
    assert isinstance(news, FreezeNews)
    assert news.waiting == 1


async def test_a_rollback_is_never_frozen(bot: Herald) -> None:
    await promoted(bot)
    await freeze(bot)
    weekend(bot)
    answer = await roll_back(bot, user=LEAD)
    assert isinstance(answer, Filed)
    await bot.execute()
    assert (await now(bot, answer.request.id)).state is RequestState.SUCCEEDED


async def test_a_rollback_overtakes_what_a_freeze_holds_up(bot: Herald) -> None:
    await promoted(bot)
    held = await ask(bot, 6)
    assert await click(bot, held, LEAD) is None
    await freeze(bot)
    await step(bot)
    back = await roll_back(bot, user=LEAD)
    assert isinstance(back, Filed)
    assert (await now(bot, held.id)).state is RequestState.SUPERSEDED


async def test_a_window_that_breaks_freezes(bot: Herald) -> None:
    weekend(bot, None)
    answer = await promote(bot)
    assert isinstance(answer, Frozen)
    assert answer.freezes[0].ends_at is None
    assert "cannot be read" in answer.freezes[0].told_cause


async def test_a_freeze_leaves_other_models_alone(bot: Herald) -> None:
    bot.registry.known[ModelName("dev.scorer2")] = RegisteredModel(name=ModelName("dev.scorer2"))
    assert isinstance(await freeze(bot, "dev.*"), FreezeNews)
    assert isinstance(await promote(bot), Filed)


async def test_a_freeze_is_on_record(bot: Herald) -> None:
    first = await freeze(bot, "scorer")
    assert isinstance(first, FreezeNews)
    await freeze(bot, "scorer", "for", "2h")
    await unfreeze(bot, "scorer")
    async with bot.store.transaction() as work:
        events = [chained.event for chained in await work.audit.of(MODEL)]
    assert [event.action for event in events] == [
        "freeze.declared",
        "freeze.declared",
        "freeze.lifted",
    ]
    assert events[0].details["reason"] == "the provider migrates"
    assert events[1].details["replaces"] == [first.freeze.number]
    assert events[2].details["reason"] == "all done"


async def test_freezes_declared_at_once_replace_each_other(bot: Herald) -> None:
    await asyncio.gather(*(freeze(bot, "scorer", "for", f"{n}m") for n in range(1, 7)))
    assert len(await in_force(bot)) == 1
    assert isinstance(await unfreeze(bot, "scorer"), FreezeNews)
    assert await in_force(bot) == ()


async def test_unfreezing_lifts_every_freeze_of_these_models(bot: Herald) -> None:
    await freeze(bot, "prod.*", "for", "2h")
    async with bot.store.transaction() as work:
        (one,) = await work.freezes.in_force(bot.clock.now())
        by_a_fast_clock = replace(one, begins_at=one.begins_at + 3 * HOUR, ends_at=None)
        twin, _ = await work.freezes.declare(by_a_fast_clock)
        assert await work.freezes.in_force(bot.clock.now()) == (one, twin)
    assert isinstance(await unfreeze(bot, "prod.*"), FreezeNews)
    assert await in_force(bot) == ()


async def test_a_time_is_by_the_clock_of_the_one_who_freezes(bot: Herald) -> None:
    bot.directory.people[LEAD] = replace(bot.directory.people[LEAD], zone="Asia/Kolkata")
    news = await freeze(bot, "scorer", "until", "18:00")
    assert isinstance(news, FreezeNews)
    assert news.freeze.ends_at is not None
    assert f"{news.freeze.ends_at:%H:%M}" == "12:30"


async def test_only_who_may_freeze_does(bot: Herald) -> None:
    for user in (REQUESTER, ADMIN):
        asked = FreezeAsk(by=user, reason="because")
        for answer in (
            await bot.core.services.freezing.freeze(asked),
            await bot.core.services.freezing.unfreeze(asked),
        ):
            assert isinstance(answer, Refusal)
            assert answer.reasons == ("none of your roles may freeze",)
            assert answer.remedies == ("Ask somebody of ml-leads",)
    assert isinstance(await promote(bot), Filed)


@pytest.mark.parametrize(
    ("models", "until", "said"),
    [
        ("prd.*", (), "No model matches 'prd.*'. Nothing was changed"),
        ("nothing", (), "No model 'nothing'."),
        ("scorer", ("until", "yesterday"), "Nothing was frozen: 'until yesterday' is no time"),
    ],
)
async def test_a_slip_freezes_nothing(
    bot: Herald, models: str, until: tuple[str, ...], said: str
) -> None:
    answer = await freeze(bot, models, *until)
    assert isinstance(answer, Refusal)
    assert answer.what.startswith(said)
    assert isinstance(await promote(bot), Filed)


async def test_a_model_that_was_just_deleted_is_not_frozen(bot: Herald) -> None:
    await bot.core.catalog.refresh()
    del bot.registry.known[MODEL]
    answer = await freeze(bot, "scorer")
    assert isinstance(answer, Refusal)
    assert answer.what.startswith("No model 'scorer'.")


async def test_while_the_registry_does_not_answer_models_are_frozen_by_memory(
    bot: Herald,
) -> None:
    await bot.core.catalog.refresh()

    async def outage(call: str, subject: str) -> None:
        del subject
        raise BackEndUnavailableError("The registry", call)

    bot.registry.before = outage
    assert isinstance(await freeze(bot, "scorer"), FreezeNews)


async def test_the_freeze_of_a_deleted_model_can_be_lifted(bot: Herald) -> None:
    await freeze(bot, "scorer")
    del bot.registry.known[MODEL]
    await bot.core.catalog.refresh()
    assert isinstance(await unfreeze(bot, MODEL), FreezeNews)
    assert await in_force(bot) == ()


async def test_a_clock_that_was_set_back_hides_no_freeze(bot: Herald) -> None:
    await freeze(bot, "scorer")
    bot.clock.ahead -= HOUR
    assert len(await in_force(bot)) == 1
    assert isinstance(await unfreeze(bot, "scorer"), FreezeNews)
    assert await in_force(bot) == ()


async def test_a_long_reason_is_cut_where_several_are_told(bot: Herald) -> None:
    asked = FreezeAsk(by=LEAD, models="prod.*", reason="because " * 300)
    assert isinstance(await bot.core.services.freezing.freeze(asked), FreezeNews)
    refused = await unfreeze(bot, "scorer")
    assert isinstance(refused, Refusal)
    (reason,) = refused.reasons
    assert len(reason) < 300
    assert reason.endswith("…")


async def test_what_nobody_froze_by_that_name_leads_to_what_is_frozen(bot: Herald) -> None:
    nothing = await unfreeze(bot)
    assert isinstance(nothing, Refusal)
    assert nothing.what == "Nobody froze all models by name"
    assert nothing.remedies == ("All freezes, those of policies too: `/model freezes`",)
    await freeze(bot, "prod.*")
    around = await unfreeze(bot, "scorer")
    assert isinstance(around, Refusal)
    assert around.reasons == ("prod.* is frozen until somebody lifts it: the provider migrates",)
    assert around.remedies[0] == "To lift that: `/model unfreeze prod.*`"
    await freeze(bot)
    both = await unfreeze(bot, "scorer")
    assert isinstance(both, Refusal)
    assert both.remedies[1] == "To lift that: `/model unfreeze`"
    assert isinstance(await unfreeze(bot, "nothing"), Refusal)


async def test_the_list_tells_what_is_frozen_and_what_will_be(bot: Herald) -> None:
    weekend(bot)
    await freeze(bot, "scorer")
    (promotion, back) = bot.policies.policies.policies
    soon = bot.clock.now() + 24 * HOUR
    later = Window(span=Span(begins_at=soon, ends_at=soon + HOUR), name="audit")
    far = Window(span=Span(begins_at=soon + 400 * HOUR, ends_at=soon + 401 * HOUR))
    policies = (
        replace(promotion, freezes=(*promotion.freezes, far, later)),
        replace(back, freezes=(later,)),
    )
    bot.policies.policies = replace(bot.policies.policies, policies=policies)
    listed = await bot.core.services.freezes.listed(REQUESTER)
    assert isinstance(listed, FreezeList)
    assert [each.window for each in listed.in_force] == ["", "weekend"]
    assert [each.window for each in listed.to_come] == ["audit"]
    bot.policies.policies = replace(policy_set(), may={})
    assert isinstance(await bot.core.services.freezes.listed(REQUESTER), Refusal)


async def test_the_window_of_another_environment_is_not_listed(bot: Herald) -> None:
    weekend(bot)
    (promotion, back) = bot.policies.policies.policies
    elsewhere = replace(promotion, environments=frozenset({"production"}))
    bot.policies.policies = replace(
        bot.policies.policies, policies=(elsewhere, back), environment="staging"
    )
    listed = await bot.core.services.freezes.listed(REQUESTER)
    assert isinstance(listed, FreezeList)
    assert listed.in_force == ()


async def test_without_a_channel_of_releases_a_freeze_is_told_to_nobody_else(bot: Herald) -> None:
    await freeze(bot)
    assert bot.notifier.news == []


async def begun_after_a_freeze(bot: Herald, request: ChangeRequest) -> bool:
    """Freeze after the last look at freezes, and try to begin."""
    async with bot.store.transaction() as work:
        claim = await work.claims.claim("a replica", HOUR)
    assert claim is not None
    execution = Execution(claim, bot.store, bot.clock)
    held = await execution.held()
    entry = await execution.start(held, forward_steps(request.evidence.plan)[0])
    assert isinstance(await freeze(bot, "scorer"), FreezeNews)
    return await execution.begin(held.request, entry)


async def test_a_freeze_that_comes_at_the_last_moment_holds_a_promotion(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    assert not await begun_after_a_freeze(bot, request)
    assert (await now(bot, request.id)).state is RequestState.QUEUED


async def test_a_freeze_at_the_last_moment_lets_a_rollback_go(bot: Herald) -> None:
    await promoted(bot)
    filed = await roll_back(bot, user=LEAD)
    assert isinstance(filed, Filed)
    assert await begun_after_a_freeze(bot, filed.request)
    assert (await now(bot, filed.request.id)).state is RequestState.EXECUTING
