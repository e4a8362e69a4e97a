"""What policies and evidence do to a request that is approved and waits for a freeze to end."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.freezing import FreezeNews
from bot.domain.people import Action
from bot.domain.policy import ApprovalRequirement, PolicySet
from bot.services.freeze import FreezeAsk
from bot.services.rejudge import EACH_EVERY
from tests.fakes.world import ADMIN, ADMINS, LEAD, MODEL, REQUESTER, Herald, policy_set
from tests.unit.services.asking import ask, click, now

DAY = timedelta(days=1)


def freezable(policies: PolicySet) -> PolicySet:
    admins = policies.may[ADMINS] | {Action.FREEZE}
    return replace(policies, may={**policies.may, ADMINS: admins})


async def held_up(bot: Herald) -> ChangeRequest:
    """Return a request that is approved, and frozen."""
    bot.policies.policies = freezable(bot.policies.policies)
    request = await ask(bot)
    frozen = await bot.core.services.freezing.freeze(FreezeAsk(by=ADMIN, reason="holidays"))
    assert isinstance(frozen, FreezeNews)
    assert await click(bot, request, LEAD) is None
    await bot.execute(rounds=1)
    waiting = await now(bot, request.id)
    assert waiting.state is RequestState.QUEUED
    assert waiting.note.startswith("frozen until somebody lifts it")
    return waiting


def by_admins(bot: Herald) -> None:
    approvals = (ApprovalRequirement(role=ADMINS),)
    bot.policies.policies = freezable(policy_set(approvals=approvals, content="baseline 2"))


def move(bot: Herald) -> None:
    version = bot.registry.numbered[MODEL, 7]
    bot.registry.numbered[MODEL, 7] = replace(version, description="other words")


async def test_changed_policies_ask_people_anew_while_it_is_frozen(bot: Herald) -> None:
    request = await held_up(bot)
    bot.clock.ahead += 5 * DAY
    by_admins(bot)
    assert [await bot.core.rejudge.look(), await bot.core.rejudge.look()] == [1, 0]
    renewed = await now(bot, request.id)
    assert (renewed.state, renewed.evidence.revision) == (RequestState.PENDING, 2)
    assert renewed.expires_at > bot.clock.now()
    for _ in range(4):
        await bot.core.deliver.deliver_due()
        await bot.core.reach.reach_due()
    said = [text for user, text in bot.notifier.told if user == REQUESTER]
    assert "waits for approval again" in said[-1]


async def test_moved_evidence_asks_people_anew_while_it_is_frozen(bot: Herald) -> None:
    request = await held_up(bot)
    bot.clock.ahead += EACH_EVERY
    move(bot)
    assert await bot.core.rejudge.look() == 1
    assert (await now(bot, request.id)).state is RequestState.PENDING


async def test_what_was_agreed_to_again_goes_on_after_the_freeze(bot: Herald) -> None:
    request = await held_up(bot)
    by_admins(bot)
    assert await bot.core.rejudge.look() == 1
    assert await click(bot, request, ADMIN, revision=2) is None
    await bot.execute(rounds=1)
    assert (await now(bot, request.id)).state is RequestState.QUEUED
    lifted = FreezeAsk(by=ADMIN, reason="over")
    assert isinstance(await bot.core.services.freezing.unfreeze(lifted), FreezeNews)
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED


async def test_nothing_moved_leaves_what_is_frozen_approved(bot: Herald) -> None:
    request = await held_up(bot)
    bot.clock.ahead += EACH_EVERY
    assert await bot.core.rejudge.look() == 0
    assert (await now(bot, request.id)).state is RequestState.QUEUED


async def test_what_is_about_to_begin_is_left_to_its_last_look(bot: Herald) -> None:
    request = await ask(bot)
    assert await click(bot, request, LEAD) is None
    by_admins(bot)
    assert await bot.core.rejudge.look() == 0
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.PENDING
