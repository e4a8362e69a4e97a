"""Whose word counts, and what it has to say, on fakes and a real store."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.agreement import DecisionKind
from bot.domain.change_request import ChangeRequest, Evidence, RequestState
from bot.domain.errors import BackEndUnavailableError
from bot.domain.messages import Filed, Note, RequestList
from bot.domain.names import SlackUserId
from bot.domain.people import RoleMembers
from bot.domain.policy import ApprovalRequirement, PolicySet
from bot.domain.refusal import Refusal
from bot.domain.terms import AgreementTerms, ReasonFrom
from bot.services.opened_card import Click
from bot.services.roll_back import RollbackAsk
from bot.services.targets import Target
from tests.fakes.world import (
    ADMIN,
    ADMINS,
    CHANNEL,
    LEAD,
    LEAD2,
    LEADS,
    REQUESTER,
    Herald,
    policy_set,
)
from tests.unit.services.asking import ask, click, now, promoted, roll_back

TWO = (ApprovalRequirement(role=LEADS, count=2),)


def with_email(bot: Herald, email: str, *users: SlackUserId) -> None:
    for user in users:
        bot.directory.people[user] = replace(bot.directory.people[user], email=email)


async def test_two_accounts_of_one_person_count_once(bot: Herald) -> None:
    bot.policies.policies = policy_set(approvals=TWO)
    with_email(bot, "Lee@Example.com", LEAD)
    with_email(bot, "lee@example.com", LEAD2)
    request = await ask(bot)
    await click(bot, request, LEAD)
    again = await click(bot, request, LEAD2)
    assert "already" in str(again)
    assert (await now(bot, request.id)).state is RequestState.PENDING


async def test_who_changes_his_address_later_has_still_decided_once(bot: Herald) -> None:
    bot.policies.policies = policy_set(approvals=TWO)
    with_email(bot, "lee@example.com", LEAD)
    request = await ask(bot)
    await click(bot, request, LEAD)
    with_email(bot, "new@example.com", LEAD)
    with_email(bot, "lee@example.com", LEAD2)
    assert "already" in str(await click(bot, request, LEAD2))


async def test_the_requesters_other_account_never_counts(bot: Herald) -> None:
    with_email(bot, "ada@example.com", REQUESTER, LEAD)
    request = await ask(bot)
    answer = await click(bot, request, LEAD)
    assert isinstance(answer, Refusal)
    assert "your word does not count" in answer.what
    assert (await now(bot, request.id)).state is RequestState.PENDING


async def test_a_requester_whom_slack_has_forgotten_is_nobody_else(bot: Herald) -> None:
    request = await ask(bot)
    del bot.directory.people[REQUESTER]
    assert await click(bot, request, LEAD) is None


async def test_nobody_decides_while_slack_does_not_say_who_he_is(bot: Herald) -> None:
    request = await ask(bot)
    bot.directory.is_down = True
    with pytest.raises(BackEndUnavailableError):
        await click(bot, request, LEAD)


async def test_the_requester_counts_where_the_policy_says_so(bot: Herald) -> None:
    bot.policies.policies = policy_set(terms=AgreementTerms(four_eyes=False))
    request = await ask(bot, user=LEAD)
    assert await click(bot, request, LEAD) is None
    assert (await now(bot, request.id)).state is RequestState.APPROVED


async def test_the_requester_still_needs_the_role(bot: Herald) -> None:
    bot.policies.policies = policy_set(terms=AgreementTerms(four_eyes=False))
    request = await ask(bot)
    assert isinstance(await click(bot, request, REQUESTER), Refusal)


def _both_roles(*, distinct: bool) -> PolicySet:
    policies = policy_set(
        approvals=(ApprovalRequirement(role=LEADS), ApprovalRequirement(role=ADMINS)),
        terms=AgreementTerms(distinct=distinct),
    )
    admins = RoleMembers(users=frozenset({ADMIN, LEAD}))
    return replace(policies, roles={**policies.roles, ADMINS: admins})


@pytest.mark.parametrize(
    ("distinct", "state"), [(True, RequestState.PENDING), (False, RequestState.APPROVED)]
)
async def test_one_person_fills_two_roles_only_where_the_policy_says_so(
    bot: Herald, *, distinct: bool, state: RequestState
) -> None:
    bot.policies.policies = _both_roles(distinct=distinct)
    request = await ask(bot)
    await click(bot, request, LEAD)
    stored = await now(bot, request.id)
    assert stored.state is state


async def test_an_approver_named_twice_is_tagged_once(bot: Herald) -> None:
    bot.policies.policies = _both_roles(distinct=False)
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    tags = bot.registry.numbered[request.model, 7].tags
    assert tags["herald.approved_by"] == LEAD


async def test_an_approval_without_the_reason_that_the_policy_wants_counts_for_nothing(
    bot: Herald,
) -> None:
    bot.policies.policies = policy_set(
        terms=AgreementTerms(reasons=frozenset({ReasonFrom.APPROVER}))
    )
    request = await ask(bot)
    for reason in ("", "\u200b\u2060"):
        unsaid = Click(key=await bot.key(request.id), user=LEAD, reason=reason)
        answer = await bot.core.services.decide.decide(unsaid, DecisionKind.APPROVE)
        assert isinstance(answer, Refusal)
        assert answer.remedies == ("Approve again, with a reason",)
    pressed = Click(key=await bot.key(request.id), user=LEAD, reason="I read the card")
    assert await bot.core.services.decide.decide(pressed, DecisionKind.APPROVE) is None
    assert (await now(bot, request.id)).state is RequestState.APPROVED


@pytest.mark.parametrize(
    ("reason", "is_filed"), [(" ", False), ("\u200b\u3164", False), ("better recall", True)]
)
async def test_a_request_without_the_reason_that_the_policy_wants_is_not_filed(
    bot: Herald, reason: str, *, is_filed: bool
) -> None:
    bot.policies.policies = policy_set(
        terms=AgreementTerms(reasons=frozenset({ReasonFrom.REQUESTER}))
    )
    answer = await bot.core.services.propose.promote(
        Target(model="scorer", selector=7), REQUESTER, CHANNEL, reason
    )
    assert isinstance(answer, Filed) is is_filed
    if isinstance(answer, Refusal):
        assert answer.reasons == ("a policy asks for a reason",)
        line = "`/model promote scorer 7 to champion because …`"
        assert answer.remedies == (f"Ask again and say why: {line}",)


async def test_a_rollback_without_a_reason_is_told_its_own_line(bot: Herald) -> None:
    await promoted(bot)
    wanted = AgreementTerms(reasons=frozenset({ReasonFrom.REQUESTER}))
    rules = bot.policies.policies
    back = replace(rules.policies[-1], terms=wanted)
    bot.policies.policies = replace(rules, policies=(*rules.policies[:-1], back))
    answer = await bot.core.services.roll_back.roll_back(
        RollbackAsk(model="scorer", version=None, requester=REQUESTER, channel=CHANNEL, reason="")
    )
    assert isinstance(answer, Refusal)
    assert answer.remedies == ("Ask again and say why: `/model rollback scorer to 6 because …`",)


async def reject(bot: Herald, request: ChangeRequest, user: SlackUserId) -> object:
    pressed = Click(key=await bot.key(request.id), user=user, reason="no")
    return await bot.core.services.decide.decide(pressed, DecisionKind.REJECT)


async def test_somebody_may_change_his_mind_by_either_account(bot: Herald) -> None:
    bot.policies.policies = policy_set(approvals=TWO, rejections=2)
    with_email(bot, "lee@example.com", LEAD, LEAD2)
    request = await ask(bot)
    assert await click(bot, request, LEAD) is None
    assert await reject(bot, request, LEAD2) is None
    assert await click(bot, request, LEAD) is None
    card = await bot.core.draw.draw(request.id)
    assert card is not None
    assert (card.agreement.missing, card.agreement.rejections) == (1, ())


async def test_an_approval_that_fills_no_place_is_told_so(bot: Herald) -> None:
    both = (ApprovalRequirement(role=LEADS), ApprovalRequirement(role=ADMINS))
    bot.policies.policies = policy_set(approvals=both)
    request = await ask(bot)
    await click(bot, request, LEAD)
    said = await click(bot, request, LEAD2)
    assert isinstance(said, Note)
    assert said.text == (
        "Your approval of CR-1 is on record, but ml-leads had enough already. It waits for admins."
    )


async def test_the_requester_is_told_whose_word_is_missing(bot: Herald) -> None:
    both = (ApprovalRequirement(role=LEADS), ApprovalRequirement(role=ADMINS))
    bot.policies.policies = policy_set(approvals=both)
    request = await ask(bot)
    await click(bot, request, LEAD)
    refused = await click(bot, request, REQUESTER)
    assert isinstance(refused, Refusal)
    assert refused.reasons == ("it waits for @u0admin (admins)",)


async def test_fewer_rejections_than_close_a_request_hold_nothing_up(bot: Herald) -> None:
    bot.policies.policies = policy_set(rejections=2)
    request = await ask(bot)
    await reject(bot, request, LEAD)
    assert (await now(bot, request.id)).state is RequestState.PENDING
    await click(bot, request, LEAD2)
    assert (await now(bot, request.id)).state is RequestState.APPROVED


async def test_a_new_address_of_the_requester_frees_no_account_of_his(bot: Herald) -> None:
    with_email(bot, "lee@example.com", REQUESTER, LEAD)
    request = await ask(bot)
    with_email(bot, "new@example.com", REQUESTER)
    assert isinstance(await click(bot, request, LEAD), Refusal)
    assert await waiting_for(bot, LEAD) == 0


async def test_the_requesters_address_of_today_counts_as_well_as_that_of_filing(
    bot: Herald,
) -> None:
    with_email(bot, "ada@example.com", REQUESTER)
    with_email(bot, "lee@example.com", LEAD)
    request = await ask(bot)
    with_email(bot, "lee@example.com", REQUESTER)
    refused = await click(bot, request, LEAD)
    assert isinstance(refused, Refusal)
    assert "your word does not count" in refused.what
    assert (await now(bot, request.id)).state is RequestState.PENDING


@pytest.mark.parametrize("change", [{"is_guest": True}, {"is_deactivated": True}])
async def test_a_requester_who_left_cancels_nothing(bot: Herald, change: Any) -> None:
    request = await ask(bot)
    person = bot.directory.people[REQUESTER]
    bot.directory.people[REQUESTER] = replace(person, **change)
    pressed = Click(key=await bot.key(request.id), user=REQUESTER)
    refused = await bot.core.services.withdraw.cancel(pressed)
    assert isinstance(refused, Refusal)
    assert refused.what == "CR-1 is not cancelled. Your click changed nothing."
    assert (await now(bot, request.id)).state is RequestState.PENDING


async def test_nothing_waits_for_the_requesters_other_account(bot: Herald) -> None:
    with_email(bot, "lee@example.com", REQUESTER, LEAD)
    await ask(bot)
    assert await waiting_for(bot, LEAD) == 0
    assert await waiting_for(bot, LEAD2) == 1


async def test_without_four_eyes_it_waits_for_the_other_account_too(bot: Herald) -> None:
    bot.policies.policies = policy_set(terms=AgreementTerms(four_eyes=False))
    with_email(bot, "lee@example.com", REQUESTER, LEAD)
    await ask(bot)
    assert await waiting_for(bot, LEAD) == 1


async def test_nothing_waits_for_whom_another_account_has_spoken(bot: Herald) -> None:
    bot.policies.policies = policy_set(approvals=TWO)
    with_email(bot, "lee@example.com", LEAD, LEAD2)
    await click(bot, await ask(bot), LEAD)
    assert await waiting_for(bot, LEAD2) == 0


async def waiting_for(bot: Herald, user: SlackUserId) -> int:
    listed = await bot.core.services.requests.listed("waiting", user)
    assert isinstance(listed, RequestList)
    return listed.total


async def test_a_role_of_a_deactivated_account_spares_nobody_an_approval(bot: Herald) -> None:
    await promoted(bot)
    filed = await roll_back(bot, user=LEAD)
    assert isinstance(filed, Filed)
    person = bot.directory.people[LEAD]
    bot.directory.people[LEAD] = replace(person, is_deactivated=True)
    assessed = await bot.core.assessor.reassess(filed.request)
    assert isinstance(assessed.outcome, Evidence)
    assert [part.role for part in assessed.outcome.verdict.requirements] == [LEADS]
