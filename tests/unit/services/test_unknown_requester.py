"""A request goes on when Slack does not know whoever asked for it any more."""

from dataclasses import replace

from bot.domain.change_request import RequestState
from bot.domain.policy import ApprovalRequirement
from bot.services.rejudge import EACH_EVERY
from tests.fakes.world import ADMIN, LEAD, LEADS, REQUESTER, SCIENTISTS, Herald, policy_set
from tests.unit.services.asking import ask, click, now
from tests.unit.services.test_exempted import exempting


async def test_a_request_whose_requester_left_waits_on(bot: Herald) -> None:
    request = await ask(bot)
    del bot.directory.people[REQUESTER]
    bot.clock.ahead += EACH_EVERY
    assert await bot.core.rejudge.look() == 0
    assert (await now(bot, request.id)).state is RequestState.PENDING


async def test_what_was_agreed_to_is_carried_out_though_its_requester_left(bot: Herald) -> None:
    request = await ask(bot)
    assert await click(bot, request, LEAD) is None
    del bot.directory.people[REQUESTER]
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED


async def test_a_requester_who_left_has_no_role_that_spares_others(bot: Herald) -> None:
    spared = ApprovalRequirement(role=LEADS, unless_asked_by=frozenset({SCIENTISTS}))
    bot.policies.policies = policy_set(content="baseline 2")
    request = await ask(bot)
    del bot.directory.people[REQUESTER]
    bot.policies.policies = policy_set(approvals=(spared,), content="baseline 3")
    renewed = await bot.core.renew.under_present_policies(request.id)
    assert renewed.state is RequestState.PENDING
    assert renewed.evidence.verdict.requirements == (spared,)


async def test_an_exemption_by_the_other_account_of_one_who_left_still_does_not_count(
    bot: Herald,
) -> None:
    lee = replace(bot.directory.people[REQUESTER], email="lee@example.com")
    bot.directory.people[REQUESTER] = lee
    bot.directory.people[ADMIN] = replace(bot.directory.people[ADMIN], email="lee@example.com")
    request = await ask(bot)
    del bot.directory.people[REQUESTER]
    bot.policies.policies = exempting(bot, approver=ADMIN)
    version = bot.registry.numbered[request.model, 8]
    bot.registry.numbered[request.model, 7] = replace(version, version=7)
    ended = await bot.core.renew.under_present_policies(request.id)
    assert ended.state is RequestState.DENIED
