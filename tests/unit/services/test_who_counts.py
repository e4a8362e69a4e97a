"""Who is found to have a role, and what is said when that may not be everybody."""

from dataclasses import replace

import pytest

from bot.domain.automatic import Automatic, AutomaticState
from bot.domain.change_request import RequestState
from bot.domain.messages import RoleSheet
from bot.domain.names import SlackUserId
from bot.domain.people import MEMBERS, Doubt, RoleMembers
from bot.domain.policy import ApprovalRequirement
from bot.domain.refusal import Refusal
from bot.services.electorate import FEW
from bot.services.introduce import LOOKED_AT, NAMED
from bot.services.roles import LOOKED_UP
from tests.fakes.world import (
    CHALLENGER,
    GUEST,
    LEAD,
    LEAD2,
    LEADS,
    REQUESTER,
    VIEWER,
    Herald,
    policy_set,
)
from tests.unit.services.asking import ask, click, now
from tests.unit.services.crowds import checklist, crowd_of, give, on_platform


async def sheet(bot: Herald, role: str = LEADS) -> RoleSheet:
    shown = await bot.core.services.introduce.access(role, VIEWER)
    assert isinstance(shown, RoleSheet)
    return shown


async def refusal(bot: Herald) -> str:
    refused = await click(bot, await ask(bot), REQUESTER)
    assert isinstance(refused, Refusal)
    return refused.reasons[-1]


async def test_a_card_names_who_is_known_and_says_that_the_rest_cannot_be_read(bot: Herald) -> None:
    give(bot, on_platform(bot))
    bot.groups.refuses = True
    assert await checklist(bot, await ask(bot)) == [
        "☐ ml-leads 0/1 (@u0mllead or @u0mllead2 can; who else cannot be read now)"
    ]


async def test_a_card_says_that_groups_in_groups_hold_others(bot: Herald) -> None:
    give(bot, on_platform(bot))
    bot.groups.nested.add("ML Leads")
    request = await ask(bot)
    assert await checklist(bot, request) == [
        "☐ ml-leads 0/1 (@u0mllead, @u0mllead2 or @u0viewer can, and others by their groups)"
    ]
    bot.directory.groups["ml-leads"] = frozenset()
    bot.groups.of.clear()
    assert await checklist(bot, request) == ["☐ ml-leads 0/1 (others can, by their groups)"]


async def test_a_role_of_which_nobody_can_be_read_says_so(bot: Herald) -> None:
    give(bot, RoleMembers(databricks_groups=frozenset({"ML Leads"})))
    bot.groups.is_down = True
    said = "☐ ml-leads 0/1 (who has this role cannot be read now)"
    assert await checklist(bot, await ask(bot)) == [said]


async def test_somebody_who_cannot_be_looked_at_is_not_named(bot: Herald) -> None:
    request = await ask(bot)
    bot.directory.hidden.add(LEAD)
    assert await checklist(bot, request) == [
        "☐ ml-leads 0/1 (@u0mllead2 can; who else cannot be read now)"
    ]


async def test_of_a_crowd_the_card_says_how_many_there_are_at_most(bot: Herald) -> None:
    crowd = crowd_of(bot, FEW + 1)
    for user in crowd[:9]:
        bot.directory.people[user] = replace(bot.directory.people[user], is_deactivated=True)
    give(bot, RoleMembers(users=frozenset(crowd)))
    assert await checklist(bot, await ask(bot)) == [
        "☐ ml-leads 0/1 (any of up to 11, not the requester)"
    ]


async def test_more_addresses_than_are_looked_up_leave_others(bot: Herald) -> None:
    emails = frozenset(f"{number:03}@acme.example" for number in range(LOOKED_UP + 1))
    give(bot, RoleMembers(emails=emails))
    assert Doubt.UNLISTED in (await sheet(bot)).doubts


async def test_any_full_member_can_approve_where_the_policy_says_so(bot: Herald) -> None:
    give(bot, RoleMembers(), ApprovalRequirement(role=MEMBERS, count=2))
    request = await ask(bot)
    said = "☐ members 0/2 (any full member, not the requester)"
    assert await checklist(bot, request) == [said]
    refused = await click(bot, request, GUEST)
    assert isinstance(refused, Refusal)
    own = await click(bot, request, REQUESTER)
    assert isinstance(own, Refusal)
    assert own.reasons == ("it waits for any full member of the workspace (members)",)
    assert await click(bot, request, LEAD) is None
    assert await click(bot, request, VIEWER) is None
    assert (await now(bot, request.id)).state is RequestState.APPROVED


async def test_the_sheet_of_every_full_member_lists_nobody(bot: Herald) -> None:
    give(bot, RoleMembers(), ApprovalRequirement(role=MEMBERS))
    shown = await sheet(bot, MEMBERS)
    assert (shown.people, shown.doubts, shown.decides) == ((), frozenset(), ("baseline",))


async def test_a_sheet_counts_full_members_only(bot: Herald) -> None:
    gone = SlackUserId("U0GONE")
    bot.directory.groups["ml-leads"] = frozenset({LEAD, GUEST, gone})
    shown = await sheet(bot)
    assert (shown.people, shown.count, shown.doubts) == ((LEAD,), 1, frozenset())


async def test_a_sheet_of_very_many_counts_them_at_most(bot: Herald) -> None:
    crowd = crowd_of(bot, LOOKED_AT + 5)
    bot.directory.people[crowd[0]] = replace(bot.directory.people[crowd[0]], is_guest=True)
    give(bot, RoleMembers(users=frozenset(crowd)))
    shown = await sheet(bot)
    assert shown.people == crowd[1 : NAMED + 1]
    assert shown.count == LOOKED_AT + 4
    assert shown.doubts == {Doubt.UNCHECKED}


async def test_policies_of_other_environments_are_not_told(bot: Herald) -> None:
    policies = policy_set()
    automatic = Automatic(on=CHALLENGER, per_day=2)
    elsewhere = replace(
        policies.policies[0],
        name="elsewhere",
        environments=frozenset({"production"}),
        automatic=automatic,
        approvals=(ApprovalRequirement(role=LEADS), ApprovalRequirement(role=MEMBERS)),
    )
    both = (*policies.policies, elsewhere)
    bot.policies.policies = replace(policies, environment="staging", policies=both)
    assert (await sheet(bot)).decides == ("baseline", "rollback")
    assert (await bot.core.services.introduce.who_am_i(LEAD)).approves_as == (LEADS,)
    shown = await bot.core.services.automatic.shown(LEAD)
    assert isinstance(shown, AutomaticState)
    assert shown.policies == ()


async def test_a_refusal_counts_nobody_who_cannot_decide(bot: Herald) -> None:
    bot.directory.groups["ml-leads"] = frozenset({LEAD, LEAD2, GUEST, SlackUserId("U0GONE")})
    assert await refusal(bot) == "it waits for @u0mllead, @u0mllead2 (ml-leads)"


@pytest.mark.parametrize(("size", "said"), [(10, "7 more"), (11, "up to 8 more")])
async def test_a_refusal_counts_more_than_it_names(bot: Herald, size: int, said: str) -> None:
    give(bot, RoleMembers(users=frozenset(crowd_of(bot, size))))
    assert await refusal(bot) == f"it waits for @U0C000, @U0C001, @U0C002 and {said} (ml-leads)"


async def test_a_refusal_says_that_others_may_be_in_groups(bot: Herald) -> None:
    give(bot, on_platform(bot))
    bot.groups.nested.add("ML Leads")
    assert await refusal(bot) == (
        "it waits for @u0mllead, @u0mllead2, @u0viewer and others of ml-leads, by their groups "
        "(ml-leads)"
    )


async def test_a_refusal_says_that_others_cannot_be_read(bot: Herald) -> None:
    give(bot, on_platform(bot))
    bot.groups.refuses = True
    assert await refusal(bot) == (
        "it waits for @u0mllead, @u0mllead2 and whoever else is in ml-leads, which cannot be read "
        "now (ml-leads)"
    )
