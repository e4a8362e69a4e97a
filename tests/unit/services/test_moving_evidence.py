"""A request whose evidence never rests ends in its time, and rings nobody all the time."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.names import SlackUserId
from bot.domain.policy import ApprovalRequirement
from bot.domain.terms import AgreementTerms, Escalation
from bot.services.electorate import FEW
from bot.services.rejudge import AT_MOST, EACH_EVERY
from bot.services.rings import QUIET
from tests.fakes.world import (
    ADMIN,
    ADMINS,
    LEAD,
    LEAD2,
    LEADS,
    MODEL,
    Herald,
    herald_on,
    policy_set,
)
from tests.unit.services.asking import ask, click, now
from tests.unit.services.crowds import crowd_of

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def move(bot: Herald) -> None:
    """Let the evidence of the candidate be another one than ever before."""
    version = bot.registry.numbered[MODEL, 7]
    bot.registry.numbered[MODEL, 7] = replace(version, description=f"{version.description}!")


async def moved(bot: Herald, request: ChangeRequest) -> None:
    """Let a request be asked about anew since its evidence moved."""
    move(bot)
    assert await bot.core.renew.if_moved(request.id)
    await settle(bot)


async def settle(bot: Herald) -> None:
    """Let everything that is due reach Slack."""
    for _ in range(4):
        await bot.core.deliver.deliver_due()
        await bot.core.reach.reach_due()


def rung(bot: Herald, user: SlackUserId) -> list[str]:
    return [text for someone, text in bot.notifier.told if someone == user]


def rings(bot: Herald) -> list[str]:
    """Return the lines in the thread that ring the leads' group."""
    return [
        line for line in bot.notifier.replies.values() if line.startswith("<!subteam^S0MLLEADS> ")
    ]


async def test_evidence_that_keeps_moving_gives_no_new_time(bot: Herald) -> None:
    request = await ask(bot)
    bot.clock.ahead += timedelta(hours=23)
    await moved(bot, request)
    assert (await now(bot, request.id)).expires_at == request.expires_at
    bot.clock.ahead += timedelta(hours=1)
    assert await bot.core.expire.expire_due() == 1
    assert (await now(bot, request.id)).state is RequestState.EXPIRED


async def test_other_policies_give_a_whole_new_time(bot: Herald) -> None:
    request = await ask(bot)
    bot.clock.ahead += timedelta(hours=23)
    bot.policies.policies = policy_set(content="baseline 2")
    renewed = await bot.core.renew.under_present_policies(request.id)
    assert renewed.expires_at - renewed.evidence.collected_at == timedelta(hours=24)


async def test_people_who_had_agreed_get_a_whole_new_time(bot: Herald) -> None:
    request = await ask(bot)
    bot.clock.ahead += timedelta(hours=23)
    await click(bot, request, LEAD)
    move(bot)
    await bot.execute()
    renewed = await now(bot, request.id)
    assert renewed.state is RequestState.PENDING
    assert renewed.expires_at - renewed.evidence.collected_at == timedelta(hours=24)


async def test_evidence_is_read_half_as_often_after_each_move(bot: Herald) -> None:
    await ask(bot)
    minutes = []
    for minute in range(1, 3 * 60):
        bot.clock.ahead += MINUTE
        move(bot)
        minutes += [minute] if await bot.core.rejudge.look() else []
    pauses = [later - earlier for earlier, later in zip([0, *minutes], minutes, strict=False)]
    assert [pause * MINUTE for pause in pauses] == [
        EACH_EVERY,
        2 * EACH_EVERY,
        4 * EACH_EVERY,
        8 * EACH_EVERY,
        AT_MOST,
    ]


async def test_nobody_is_rung_anew_more_than_once_an_hour(bot: Herald) -> None:
    request = await ask(bot)
    await settle(bot)
    for _ in range(3):
        await moved(bot, request)
        bot.clock.ahead += 10 * MINUTE
    assert len(rung(bot, LEAD)) == len(rung(bot, LEAD2)) == 2
    bot.clock.ahead += QUIET - 30 * MINUTE
    await settle(bot)
    (_, _, again) = rung(bot, LEAD)
    assert again.endswith("description: Version 7!! → Version 7!!!.")
    bot.clock.ahead += 2 * QUIET
    await settle(bot)
    assert len(rung(bot, LEAD)) == 3


async def test_a_group_is_rung_anew_no_more_often_than_its_people(bot: Herald) -> None:
    bot.directory.groups["ml-leads"] = frozenset(crowd_of(bot, FEW + 1))
    request = await ask(bot)
    await settle(bot)
    for _ in range(3):
        await moved(bot, request)
    assert len(rings(bot)) == 1
    bot.clock.ahead += QUIET
    await settle(bot)
    assert len(rings(bot)) == 2


async def test_a_restart_forgets_nobody_who_was_rung(bot: Herald) -> None:
    request = await ask(bot)
    await moved(bot, request)
    reborn = herald_on(bot.store, bot.clock, bot.registry, bot.serving)
    await moved(reborn, request)
    assert rung(reborn, LEAD) == []
    bot.clock.ahead += QUIET
    await settle(reborn)
    assert len(rung(reborn, LEAD)) == 1


async def test_who_was_not_rung_yet_is_rung_at_once(bot: Herald) -> None:
    request = await ask(bot)
    await moved(bot, request)
    both = (ApprovalRequirement(role=LEADS), ApprovalRequirement(role=ADMINS))
    bot.policies.policies = policy_set(approvals=both, content="baseline 2")
    await bot.core.renew.under_present_policies(request.id)
    await settle(bot)
    assert len(rung(bot, ADMIN)) == 1
    before = len(rung(bot, LEAD))
    bot.clock.ahead += QUIET
    await settle(bot)
    assert (len(rung(bot, ADMIN)), len(rung(bot, LEAD))) == (1, before + 1)


async def test_a_call_that_was_put_off_rings_nobody_who_has_decided(bot: Herald) -> None:
    request = await ask(bot)
    await moved(bot, request)
    await moved(bot, request)
    before = len(rung(bot, LEAD))
    assert await click(bot, request, LEAD, revision=3) is None
    bot.clock.ahead += QUIET
    await settle(bot)
    assert len(rung(bot, LEAD)) == before


async def test_others_are_told_in_time_though_evidence_keeps_moving(bot: Herald) -> None:
    escalation = Escalation(after=2 * HOUR, role=ADMINS)
    bot.policies.policies = policy_set(terms=AgreementTerms(escalations=(escalation,)))
    request = await ask(bot)
    told = []
    for _ in range(4):
        bot.clock.ahead += HOUR
        await moved(bot, request)
        told += [await bot.core.remind.remind_due()]
        await settle(bot)
    assert told == [0, 1, 0, 0]
    (said,) = rung(bot, ADMIN)
    assert "has waited for 2 h and expires in 22 h. Escalated to admins." in said


async def test_others_are_told_anew_when_a_whole_new_time_has_gone_by(bot: Herald) -> None:
    terms = AgreementTerms(escalations=(Escalation(after=2 * HOUR, role=ADMINS),))
    bot.policies.policies = policy_set(terms=terms)
    request = await ask(bot)
    bot.clock.ahead += 2 * HOUR
    assert await bot.core.remind.remind_due() == 1
    bot.policies.policies = policy_set(terms=terms, content="baseline 2")
    await bot.core.renew.under_present_policies(request.id)
    assert await bot.core.remind.remind_due() == 0
    bot.clock.ahead += 2 * HOUR
    assert await bot.core.remind.remind_due() == 1
