"""Calls, reminders and escalations reach somebody, be they many or a source silent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.names import ModelName, RoleName, SlackUserId
from bot.domain.people import MEMBERS, RoleMembers
from bot.domain.policy import ApprovalRequirement
from bot.domain.registry import RegisteredModel
from bot.domain.terms import AgreementTerms, Escalation
from bot.services import remind as reminding
from bot.services.electorate import FEW, MANY
from bot.services.remind import PAUSE
from bot.services.targets import Target
from tests.fakes.world import (
    ADMIN,
    ADMINS,
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
    ShiftedClock,
    herald_on,
    policy_set,
)
from tests.unit.services.asking import ask, click
from tests.unit.services.crowds import crowd_of, give, on_platform, recorded
from tests.unit.services.test_reach import ASKED, remind, settle, waiting

HOUR = timedelta(hours=1)
WAITED = "CR-1, promote scorer v7 to champion, has waited for"


def reached(bot: Herald) -> list[SlackUserId]:
    return sorted(user for user, _ in bot.notifier.told)


def lines(bot: Herald) -> list[str]:
    return list(bot.notifier.replies.values())


def escalating(bot: Herald, role: RoleName, who: RoleMembers) -> None:
    terms = AgreementTerms(escalations=(Escalation(after=HOUR, role=role),))
    policies = policy_set(terms=terms)
    bot.policies.policies = replace(policies, roles={**policies.roles, role: who})


async def test_a_refused_source_keeps_no_call_from_those_who_are_known(bot: Herald) -> None:
    both = (ApprovalRequirement(role=LEADS), ApprovalRequirement(role=ADMINS))
    give(bot, on_platform(bot), *both)
    bot.groups.refuses = True
    await ask(bot)
    await settle(bot, rounds=30)
    assert reached(bot) == [ADMIN, LEAD, LEAD2]


async def test_a_call_asks_the_others_as_soon_as_they_can_be_read(bot: Herald) -> None:
    give(bot, on_platform(bot))
    bot.groups.refuses = True
    await ask(bot)
    await settle(bot, rounds=30)
    bot.groups.refuses = False
    bot.clock.ahead += timedelta(minutes=5)
    await settle(bot)
    assert sorted(bot.notifier.told) == [(LEAD, ASKED), (LEAD2, ASKED), (VIEWER, ASKED)]
    assert await waiting(bot) == 0


async def test_a_call_spares_the_account_that_was_the_requesters_when_he_asked(
    bot: Herald,
) -> None:
    people = bot.directory.people
    for user in (REQUESTER, LEAD):
        people[user] = replace(people[user], email="lee@example.com")
    await ask(bot)
    people[REQUESTER] = replace(people[REQUESTER], email="new@example.com")
    await settle(bot, rounds=30)
    assert reached(bot) == [LEAD2]


async def test_a_call_that_is_never_whole_ends_with_its_request(bot: Herald) -> None:
    give(bot, on_platform(bot))
    bot.groups.refuses = True
    request = await ask(bot)
    await settle(bot)
    assert await waiting(bot) == 1
    await click(bot, request, LEAD)
    bot.clock.ahead += timedelta(minutes=5)
    await settle(bot)
    assert await waiting(bot) == 0


async def test_a_restart_asks_nobody_again_whom_the_call_has_reached(bot: Herald) -> None:
    give(bot, on_platform(bot))
    bot.groups.refuses = True
    await ask(bot)
    await settle(bot)
    reborn = herald_on(bot.store, ShiftedClock(bot.clock.ahead + HOUR), bot.registry, bot.serving)
    reborn.notifier.told_keys = bot.notifier.told_keys
    give(reborn, on_platform(reborn))
    await settle(reborn)
    assert reached(reborn) == [VIEWER]


async def test_a_crowd_without_a_group_in_slack_is_asked_one_by_one(bot: Herald) -> None:
    crowd = crowd_of(bot, FEW + 2)
    bot.directory.people[crowd[0]] = replace(bot.directory.people[crowd[0]], is_guest=True)
    give(bot, RoleMembers(users=frozenset(crowd)))
    await ask(bot)
    await settle(bot)
    assert reached(bot) == sorted(crowd[1:])


async def test_of_a_crowd_those_in_no_group_are_asked_one_by_one(bot: Herald) -> None:
    bot.directory.groups["ml-leads"] = frozenset(crowd_of(bot, FEW + 1))
    give(bot, RoleMembers(users=frozenset({ADMIN}), groups=frozenset({"ml-leads"})))
    await ask(bot)
    await settle(bot)
    assert reached(bot) == [ADMIN]


async def test_changed_evidence_rings_the_group_of_a_crowd_in_the_thread(bot: Herald) -> None:
    bot.directory.groups["ml-leads"] = frozenset({LEAD, *crowd_of(bot, FEW + 1)})
    request = await ask(bot)
    await settle(bot)
    assert lines(bot) == []
    bot.policies.policies = policy_set(content="baseline 2")
    await click(bot, request, LEAD)
    await settle(bot)
    rung = [line for line in lines(bot) if line.startswith("<!subteam^S0MLLEADS> ")]
    assert [line.partition("> ")[2].startswith("CR-1, promote scorer v7") for line in rung] == [
        True
    ]


async def test_a_crowd_is_reminded_in_the_thread_by_its_group(bot: Herald) -> None:
    bot.directory.groups["ml-leads"] = frozenset(crowd_of(bot, FEW + 1))
    await ask(bot)
    assert await remind(bot, 4 * HOUR) == 1
    await settle(bot)
    assert bot.notifier.told == []
    (line,) = lines(bot)
    assert line.startswith(f"<!subteam^S0MLLEADS> {WAITED} 4 h and expires in 20 h. ")
    assert line.endswith("Approvals still missing: 1 of ml-leads.")
    (event,) = await recorded(bot, "reminded")
    assert event.details["groups"] == ["S0MLLEADS"]


async def test_an_escalation_to_a_crowd_without_a_group_reaches_each(bot: Herald) -> None:
    crowd = crowd_of(bot, FEW + 1)
    escalating(bot, ADMINS, RoleMembers(users=frozenset(crowd)))
    await ask(bot)
    await settle(bot)
    bot.notifier.told.clear()
    assert await remind(bot, HOUR) == 1
    await settle(bot)
    assert reached(bot) == sorted(crowd)
    (said,) = {text for _, text in bot.notifier.told}
    assert said.startswith(f"{WAITED} 60 min and expires in 23 h. Escalated to admins. Approvals")


async def test_beyond_fifty_a_line_in_the_thread_stands_for_the_rest(bot: Herald) -> None:
    crowd = crowd_of(bot, MANY + 1)
    escalating(bot, ADMINS, RoleMembers(users=frozenset(crowd)))
    await ask(bot)
    await settle(bot)
    bot.notifier.told.clear()
    await remind(bot, HOUR)
    await settle(bot, rounds=12)
    assert reached(bot) == sorted(crowd[:MANY])
    (line,) = lines(bot)
    assert "Escalated to admins." in line


async def test_every_full_member_is_never_told_one_by_one(bot: Herald) -> None:
    give(bot, RoleMembers(), ApprovalRequirement(role=MEMBERS))
    await ask(bot)
    await settle(bot)
    assert await remind(bot, 4 * HOUR) == 1
    await settle(bot)
    assert bot.notifier.told == []
    (line,) = lines(bot)
    assert line.endswith("Approvals still missing: 1 of members.")


async def test_a_reminder_that_found_nobody_comes_once_somebody_is_there(bot: Herald) -> None:
    bot.directory.groups["ml-leads"] = frozenset({GUEST})
    await ask(bot)
    assert await remind(bot, 4 * HOUR) == 0
    assert await recorded(bot, "reminded") == []
    bot.directory.groups["ml-leads"] = frozenset({LEAD})
    assert await remind(bot, PAUSE - timedelta(seconds=1)) == 0
    assert await remind(bot, timedelta(seconds=1)) == 1


async def test_a_reminder_reaches_those_who_are_known_and_later_the_others(bot: Herald) -> None:
    give(bot, on_platform(bot))
    await ask(bot)
    await settle(bot)
    bot.groups.refuses = True
    bot.notifier.told.clear()
    assert await remind(bot, 4 * HOUR) == 1
    assert await remind(bot, PAUSE) == 0
    await settle(bot)
    assert reached(bot) == [LEAD, LEAD2]
    bot.groups.refuses = False
    assert await remind(bot, PAUSE) == 1
    assert await remind(bot, PAUSE) == 0
    await settle(bot)
    assert reached(bot) == [LEAD, LEAD2, VIEWER]
    first, second = await recorded(bot, "reminded")
    assert (first.details["people"], first.details["unread"]) == (
        [LEAD, LEAD2],
        ["Databricks: 403"],
    )
    assert (second.details["people"], "unread" in second.details) == ([VIEWER], False)


async def test_another_process_reminds_only_those_who_were_not_told(bot: Herald) -> None:
    give(bot, on_platform(bot))
    bot.groups.refuses = True
    await ask(bot)
    assert await remind(bot, 4 * HOUR) == 1
    reborn = herald_on(bot.store, bot.clock, bot.registry, bot.serving)
    give(reborn, on_platform(reborn))
    assert await remind(reborn, timedelta(0)) == 1
    assert (await recorded(reborn, "reminded"))[-1].details["people"] == [VIEWER]


async def test_a_requester_who_cannot_be_looked_at_delays_the_reminder(bot: Herald) -> None:
    await ask(bot)
    bot.directory.hidden.add(REQUESTER)
    assert await remind(bot, 4 * HOUR) == 0
    bot.directory.hidden.clear()
    assert await remind(bot, PAUSE) == 1


async def test_each_of_many_waiting_requests_is_reminded_the_oldest_first(
    bot: Herald, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "PAGE", 1)
    name = ModelName("prod.fraud.other")
    bot.registry.known[name] = RegisteredModel(name=name, aliases={CHAMPION: 6})
    for version in (6, 7):
        known = bot.registry.numbered[MODEL, version]
        bot.registry.numbered[name, version] = replace(known, name=name)
    await bot.core.catalog.refresh()
    await ask(bot)
    other = Target(model="other", selector=7)
    await bot.core.services.propose.promote(other, REQUESTER, CHANNEL, "better")
    assert await remind(bot, 5 * HOUR) == 2
    assert [event.subject for event in await recorded(bot, "reminded")] == ["CR-1", "CR-2"]
    assert await remind(bot, HOUR) == 0
