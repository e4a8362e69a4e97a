"""Cards reach the channel once, show the last state, and outlive every trouble of Slack."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.change_request import RequestState
from bot.domain.messages import MessageRef
from bot.domain.names import ChannelId, MessageTs, SlackUserId
from bot.domain.people import RoleMembers
from tests.fakes.world import CHANNEL, GUEST, LEAD, LEADS, REQUESTER, Herald, policy_set
from tests.unit.services.asking import ask, click, promoted


async def deliver(bot: Herald, ahead_s: float = 0) -> int:
    bot.clock.ahead += timedelta(seconds=ahead_s)
    return await bot.core.deliver.deliver_due()


async def test_a_new_request_gets_one_card_with_its_buttons_key(bot: Herald) -> None:
    request = await ask(bot)
    await deliver(bot)
    (card,) = bot.notifier.cards.values()
    assert card.request.id == request.id
    assert card.key == await bot.key(request.id)
    assert LEAD in card.eligible[card.agreement.parts[0].requirement.role]


async def test_many_changes_are_one_redraw_of_the_last_state(bot: Herald) -> None:
    await ask(bot)
    await deliver(bot)
    bot.notifier.drawn.clear()
    await click(bot, next(iter(bot.notifier.cards.values())).request, LEAD)
    await bot.execute()
    await deliver(bot)
    assert [card.request.state for card in bot.notifier.drawn] == [RequestState.SUCCEEDED]
    assert len(bot.notifier.cards) == 1


async def test_a_card_whose_answer_was_lost_is_found_and_not_posted_twice(bot: Herald) -> None:
    bot.notifier.loses_answers = 1
    request = await ask(bot)
    await deliver(bot)
    assert await bot.card_at(request.id) is None
    await deliver(bot, ahead_s=10)
    assert len(bot.notifier.cards) == 1
    assert await bot.card_at(request.id) is not None


async def test_slack_down_loses_nothing(bot: Herald) -> None:
    bot.notifier.is_down = True
    await promoted(bot)
    await deliver(bot)
    await deliver(bot, ahead_s=20)
    assert bot.notifier.cards == {}
    bot.notifier.is_down = False
    await deliver(bot, ahead_s=20)
    (card,) = bot.notifier.cards.values()
    assert card.request.state is RequestState.SUCCEEDED
    assert card.audit_head


async def test_a_deleted_card_is_posted_again(bot: Herald) -> None:
    request = await ask(bot)
    await deliver(bot)
    bot.notifier.cards.clear()
    await click(bot, request, LEAD)
    await deliver(bot)
    assert len(bot.notifier.cards) == 1


async def test_an_unreachable_directory_names_nobody_and_stops_no_card(bot: Herald) -> None:
    await ask(bot)
    bot.directory.is_down = True
    await deliver(bot)
    (card,) = bot.notifier.cards.values()
    assert card.eligible == {}


HOME = ChannelId("C0HOME")


async def test_a_card_whose_channel_is_closed_goes_home_and_the_requester_is_told(
    bot: Herald,
) -> None:
    bot.core.deliver._home = HOME
    bot.notifier.closed[CHANNEL] = "not_in_channel"
    request = await ask(bot)
    await deliver(bot)
    assert await bot.card_at(request.id) == MessageRef(channel=HOME, ts=MessageTs("1.0"))
    ((user, text),) = bot.notifier.told
    assert user == REQUESTER
    assert "CR-1 is in the channel of releases" in text
    assert "not_in_channel" in text
    await click(bot, request, LEAD)
    await deliver(bot)
    assert len(bot.notifier.cards) == len(bot.notifier.told) == 1


async def test_a_card_that_nobody_can_see_is_told_once_and_comes_when_herald_is_invited(
    bot: Herald, caplog: pytest.LogCaptureFixture
) -> None:
    bot.notifier.closed[CHANNEL] = "is_archived"
    request = await ask(bot)
    for _ in range(3):
        await deliver(bot, ahead_s=400)
    assert bot.notifier.cards == {}
    ((user, text),) = bot.notifier.told
    assert (user, "Nobody sees the card of CR-1 yet" in text) == (REQUESTER, True)
    assert "where you asked (is_archived). Take the channel out of the archive, and" in text
    assert caplog.messages.count("the card of CR-1 cannot be posted: Slack: is_archived") == 1
    bot.notifier.closed.clear()
    await deliver(bot, ahead_s=400)
    assert await bot.card_at(request.id) is not None


async def test_a_closed_channel_of_releases_is_called_so(bot: Herald) -> None:
    bot.core.deliver._home = CHANNEL
    bot.notifier.closed[CHANNEL] = "not_in_channel"
    await ask(bot)
    await deliver(bot)
    ((_, text),) = bot.notifier.told
    assert "in the channel of releases (not_in_channel). Type `/invite @Herald` there" in text


async def test_a_home_that_is_closed_too_is_told_like_none(bot: Herald) -> None:
    bot.core.deliver._home = HOME
    bot.notifier.closed |= {CHANNEL: "not_in_channel", HOME: "is_archived"}
    await ask(bot)
    await deliver(bot)
    await deliver(bot, ahead_s=400)
    assert bot.notifier.cards == {}
    ((_, text),) = bot.notifier.told
    assert "Nobody sees" in text


async def test_a_lost_answer_from_home_is_found_there(bot: Herald) -> None:
    bot.core.deliver._home = HOME
    bot.notifier.closed[CHANNEL] = "channel_not_found"
    bot.notifier.loses_answers = 1
    request = await ask(bot)
    await deliver(bot)
    await deliver(bot, ahead_s=10)
    assert len(bot.notifier.cards) == 1
    assert await bot.card_at(request.id) == MessageRef(channel=HOME, ts=MessageTs("1.0"))


async def test_a_card_in_a_channel_that_closes_later_moves_home(bot: Herald) -> None:
    bot.core.deliver._home = HOME
    request = await ask(bot)
    await deliver(bot)
    bot.notifier.closed[CHANNEL] = "is_archived"
    await click(bot, request, LEAD)
    await deliver(bot)
    found = await bot.card_at(request.id)
    assert found is not None
    assert found.channel == HOME


async def test_a_line_for_a_thread_that_is_closed_is_given_up(bot: Herald) -> None:
    await ask(bot)
    await deliver(bot)
    bot.clock.ahead += timedelta(hours=25)
    await bot.core.expire.expire_due()
    bot.notifier.closed[CHANNEL] = "is_archived"
    await deliver(bot)
    assert bot.notifier.replies == {}


async def test_a_card_names_the_few_who_can_decide(bot: Herald) -> None:
    bot.directory.groups["ml-leads"] = frozenset({LEAD, REQUESTER, GUEST})
    await ask(bot)
    await deliver(bot)
    (card,) = bot.notifier.cards.values()
    assert card.eligible == {LEADS: (LEAD,)}
    assert card.names == {LEAD: "@u0mllead"}
    assert card.groups == {}


async def test_a_card_names_the_group_of_a_crowd(bot: Herald) -> None:
    crowd = frozenset(SlackUserId(f"U0C{number}") for number in range(11))
    policies = policy_set()
    leads = RoleMembers(users=crowd, groups=frozenset({"ml-leads", "no-such-group"}))
    bot.policies.policies = replace(policies, roles={**policies.roles, LEADS: leads})
    await ask(bot)
    await deliver(bot)
    (card,) = bot.notifier.cards.values()
    assert len(card.eligible[LEADS]) == 13
    assert card.names == {}
    assert card.groups == {LEADS: ("S0MLLEADS",)}
