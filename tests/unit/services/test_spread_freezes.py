"""What the channel of releases is told of freezes, whatever happens meanwhile."""

from dataclasses import replace

import pytest

from bot.domain.errors import BackEndUnavailableError, ChannelClosedError
from bot.domain.freezing import FreezeNews
from bot.domain.names import ChannelId
from bot.domain.people import Action
from bot.services.freeze import FreezeAsk, Freezing
from bot.services.spread_freezes import TRIED_AGAIN, Spread
from tests.fakes.world import CHANNEL, LEAD, LEADS, Herald

ASKED = FreezeAsk(by=LEAD, models="scorer", reason="why")


@pytest.fixture
def spread(bot: Herald) -> Spread:
    policies = bot.policies.policies
    may = {**policies.may, LEADS: policies.may[LEADS] | {Action.FREEZE}}
    bot.policies.policies = replace(policies, may=may)
    return replace(bot.core.spread, home=CHANNEL)


def freezing(bot: Herald, spread: Spread) -> Freezing:
    return Freezing(bot.core.access, bot.core.catalog, bot.store, bot.clock, spread)


class Kill(Exception):  # noqa: N818 - it is no error of Herald's
    """The process ends here."""


async def killed(bot: Herald, spread: Spread) -> None:
    """Freeze, and end before anybody is told."""

    class Dying:
        def wake(self) -> None:
            raise Kill

    with pytest.raises(Kill):
        await freezing(bot, replace(spread, wake_up=Dying())).freeze(ASKED)


async def later(bot: Herald, spread: Spread) -> list[FreezeNews]:
    """Look again when what was not told is due; return all that the channel was ever told."""
    bot.clock.ahead += TRIED_AGAIN
    await spread.look()
    return [news for _, news in bot.notifier.news if isinstance(news, FreezeNews)]


async def test_a_freeze_and_its_end_are_told_once(bot: Herald, spread: Spread) -> None:
    news = await freezing(bot, spread).freeze(ASKED)
    assert isinstance(news, FreezeNews)
    assert news.told_in == CHANNEL
    assert not news.untold
    await freezing(bot, spread).unfreeze(ASKED)
    told = await later(bot, spread)
    assert told[0] == replace(news, told_in=None)
    assert [each.lifted for each in told] == [False, True]


async def test_a_freeze_is_told_after_a_kill_between_storing_and_telling(
    bot: Herald, spread: Spread
) -> None:
    await killed(bot, spread)
    await spread.look()
    assert bot.notifier.news == []
    (news,) = await later(bot, spread)
    assert news.reason == "why"
    assert len(await later(bot, spread)) == 1


async def test_what_arrived_without_an_answer_is_not_told_twice(
    bot: Herald, spread: Spread
) -> None:
    bot.notifier.loses_answers = 1
    news = await freezing(bot, spread).freeze(ASKED)
    assert isinstance(news, FreezeNews)
    assert news.told_in is None
    lost = BackEndUnavailableError("Slack", "the answer was lost")
    assert news.untold == f"{lost}. It is told as soon as that works"
    assert len(await later(bot, spread)) == 1
    assert len(await later(bot, spread)) == 1


async def test_a_closed_channel_is_not_tried_again(bot: Herald, spread: Spread) -> None:
    bot.notifier.closed[CHANNEL] = "not_in_channel"
    news = await freezing(bot, spread).freeze(ASKED)
    assert isinstance(news, FreezeNews)
    assert news.untold == str(ChannelClosedError("Slack", "not_in_channel"))
    bot.notifier.closed.clear()
    assert await later(bot, spread) == []


async def test_a_channel_that_closed_meanwhile_is_given_up(bot: Herald, spread: Spread) -> None:
    await killed(bot, spread)
    bot.notifier.closed[CHANNEL] = "is_archived"
    assert await later(bot, spread) == []
    bot.notifier.closed.clear()
    assert await later(bot, spread) == []


async def test_an_outage_of_slack_only_delays_what_was_not_told(
    bot: Herald, spread: Spread
) -> None:
    await killed(bot, spread)
    bot.notifier.is_down = True
    with pytest.raises(BackEndUnavailableError):
        await later(bot, spread)
    bot.notifier.is_down = False
    assert len(await later(bot, spread)) == 1


async def test_without_a_channel_any_more_what_was_not_told_is_forgotten(
    bot: Herald, spread: Spread
) -> None:
    await killed(bot, spread)
    assert await later(bot, replace(spread, home=ChannelId(""))) == []
    assert await later(bot, spread) == []
