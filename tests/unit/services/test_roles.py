"""Roles from the platform's groups, and what people are told of roles."""

from dataclasses import replace

import pytest

from bot.domain.change_request import RequestState
from bot.domain.messages import RoleSheet, WhoAmI
from bot.domain.people import MEMBERS, Action, Doubt, RoleMembers
from bot.domain.refusal import Refusal
from tests.fakes.people import FakeGroups
from tests.fakes.world import GUEST, LEAD, LEAD2, LEADS, REQUESTER, SCIENTISTS, VIEWER, Herald
from tests.unit.services.asking import ask, click, now

VERA = "vera@acme.example"


@pytest.fixture
def platform(bot: Herald) -> FakeGroups:
    """Let leads come from a group of Databricks as well, and Vera be in it."""
    bot.groups.of[VERA] = frozenset({"ML Leads"})
    policies = bot.policies.policies
    leads = replace(policies.roles[LEADS], databricks_groups=frozenset({"ML Leads"}))
    bot.policies.policies = replace(policies, roles={**policies.roles, LEADS: leads})
    bot.directory.people[VIEWER] = replace(bot.directory.people[VIEWER], email=VERA)
    return bot.groups


async def test_a_group_of_the_platform_gives_a_role(bot: Herald, platform: FakeGroups) -> None:
    assert not platform.is_down
    request = await ask(bot)
    assert await click(bot, request, VIEWER) is None
    assert (await now(bot, request.id)).state is RequestState.APPROVED


async def test_an_unreadable_platform_gives_no_role_and_says_why(
    bot: Herald, platform: FakeGroups
) -> None:
    request = await ask(bot)
    platform.is_down = True
    refused = await click(bot, request, VIEWER)
    assert isinstance(refused, Refusal)
    assert refused.reasons[0] == (
        "whether you are in ml-leads cannot be read now: Databricks: no answer within 10 s"
    )
    assert "whoever else is in ml-leads" in refused.reasons[1]
    assert (await now(bot, request.id)).state is RequestState.PENDING
    asked = await bot.core.access.refuse(VIEWER, Action.PROMOTE, "Nothing was proposed")
    assert asked is not None
    assert asked.reasons[0] == "none of your roles may promote"
    assert asked.reasons[1].startswith("whether you are in ml-leads cannot be read now")


async def test_a_guest_is_no_member(bot: Herald) -> None:
    assert MEMBERS in (await bot.core.access.standing(VIEWER)).roles
    assert (await bot.core.access.standing(GUEST)).roles == frozenset()


async def test_who_has_the_role_from_chat_needs_no_platform(
    bot: Herald, platform: FakeGroups
) -> None:
    request = await ask(bot)
    platform.is_down = True
    assert await click(bot, request, LEAD) is None


async def test_people_of_the_platforms_group_are_asked_too(
    bot: Herald, platform: FakeGroups
) -> None:
    assert platform.of
    assert (await bot.core.access.listing(LEADS)).people == (LEAD, LEAD2, VIEWER)


async def test_nobody_in_no_group_is_found_by_address(bot: Herald, platform: FakeGroups) -> None:
    platform.of["who@elsewhere.example"] = frozenset({"ML Leads"})
    assert (await bot.core.access.listing(LEADS)).people == (LEAD, LEAD2, VIEWER)


async def test_whoami_says_where_roles_come_from(bot: Herald, platform: FakeGroups) -> None:
    introduce = bot.core.services.introduce
    vera = await introduce.who_am_i(VIEWER)
    assert vera.standing.sources == {
        LEADS: "Databricks group ML Leads",
        MEMBERS: "full member of the workspace",
    }
    assert vera.decides == {LEADS: ("baseline", "rollback")}
    platform.is_down = True
    assert LEADS in (await introduce.who_am_i(VIEWER)).standing.unreadable
    assert (await introduce.who_am_i(REQUESTER)).standing.sources[SCIENTISTS] == (
        "named in the policies"
    )
    assert (await introduce.who_am_i(LEAD)).standing.sources[LEADS] == "Slack group ml-leads"


@pytest.mark.parametrize("word", [LEAD, LEAD.lower(), "lee@acme.example", "U0MLLEAD"])
async def test_a_person_is_shown_by_id_address_and_name(bot: Herald, word: str) -> None:
    lee = bot.directory.people[LEAD]
    bot.directory.people[LEAD] = replace(lee, email="lee@acme.example")
    shown = await bot.core.services.introduce.access(word, VIEWER)
    assert isinstance(shown, WhoAmI)
    assert (shown.standing.person.id, shown.is_asker) == (LEAD, False)


async def test_somebody_with_a_role_is_shown_by_his_name(bot: Herald) -> None:
    bot.directory.people[LEAD] = replace(bot.directory.people[LEAD], name="Lee")
    shown = await bot.core.services.introduce.access("lee", LEAD)
    assert isinstance(shown, WhoAmI)
    assert shown.is_asker


async def test_a_name_that_two_people_have_shows_neither(bot: Herald) -> None:
    for user in (LEAD, LEAD2):
        bot.directory.people[user] = replace(bot.directory.people[user], name="Lee")
    assert isinstance(await bot.core.services.introduce.access("lee", LEAD), Refusal)


@pytest.mark.parametrize("word", ["nobody", "U0NOBODY", "no@acme.example"])
async def test_unknown_people_are_told_as_unknown(bot: Herald, word: str) -> None:
    refused = await bot.core.services.introduce.access(word, VIEWER)
    assert isinstance(refused, Refusal)
    assert "or a role: admins, data-scientists, members, ml-leads" in refused.remedies[0]


async def test_a_role_is_shown_with_people_and_powers(bot: Herald) -> None:
    shown = await bot.core.services.introduce.access("ml-leads", VIEWER)
    assert isinstance(shown, RoleSheet)
    assert shown.people == (LEAD, LEAD2)
    assert shown.actions == {Action.PROMOTE, Action.ROLL_BACK, Action.RESOLVE}
    assert shown.decides == ("baseline", "rollback")
    members = await bot.core.services.introduce.access("members", VIEWER)
    assert isinstance(members, RoleSheet)
    assert members.members == RoleMembers()


async def test_a_role_that_cannot_be_read_says_so(bot: Herald, platform: FakeGroups) -> None:
    platform.is_down = True
    shown = await bot.core.services.introduce.access("ml-leads", LEAD)
    assert isinstance(shown, RoleSheet)
    assert shown.unread == "Databricks: no answer within 10 s"
    assert shown.people == (LEAD, LEAD2)


async def test_groups_that_do_not_exist_are_named_until_they_do(
    bot: Herald, platform: FakeGroups, caplog: pytest.LogCaptureFixture
) -> None:
    policies = bot.policies.policies
    leads = RoleMembers(groups=frozenset({"gone"}), databricks_groups=frozenset({"lost"}))
    bot.policies.policies = replace(policies, roles={**policies.roles, LEADS: leads})
    await ask(bot)
    for _ in range(2):
        shown = await bot.core.services.introduce.access("ml-leads", VIEWER)
        assert isinstance(shown, RoleSheet)
        assert (shown.people, shown.gone) == ((), ("gone", "lost"))
    assert caplog.messages == [
        "the policies name a user group that Slack does not have: gone",
        "the policies name a group that Databricks does not have: lost",
    ]
    await bot.core.deliver.deliver_due()
    (card,) = bot.notifier.cards.values()
    assert card.doubts == {LEADS: frozenset({Doubt.GONE})}

    bot.directory.groups["gone"] = frozenset({LEAD})
    platform.of[VERA] = frozenset({"lost"})
    found = await bot.core.access.listing(LEADS)
    assert (found.people, found.gone) == ((LEAD, VIEWER), ())


async def test_guests_are_shown_nothing(bot: Herald) -> None:
    assert isinstance(await bot.core.services.introduce.access("ml-leads", GUEST), Refusal)
