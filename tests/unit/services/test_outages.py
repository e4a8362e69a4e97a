"""A Slack that takes nothing for minutes gets each card once, soon after it is back."""

from datetime import timedelta

from tests.fakes.world import LEAD, Herald
from tests.unit.services.asking import ask, click

FIVE_MINUTES = 300
SOON_S = 8


async def seconds_pass(bot: Herald, seconds: int) -> None:
    for _ in range(seconds):
        bot.clock.ahead += timedelta(seconds=1)
        await bot.core.deliver.deliver_due()


async def test_a_slack_that_says_to_wait_a_minute_is_left_alone_for_it(bot: Herald) -> None:
    bot.notifier.says_wait_s = 60
    await ask(bot)
    await bot.core.deliver.deliver_due()
    await seconds_pass(bot, 58)
    assert bot.notifier.tries == 1
    bot.notifier.says_wait_s = 0
    await seconds_pass(bot, 3)
    assert len(bot.notifier.cards) == 1


async def test_after_five_minutes_without_slack_every_card_comes_once_and_is_right(
    bot: Herald,
) -> None:
    bot.notifier.is_down = True
    request = await ask(bot)
    await seconds_pass(bot, FIVE_MINUTES)
    assert await click(bot, request, LEAD) is None
    bot.notifier.is_down = False
    await seconds_pass(bot, SOON_S)
    (card,) = bot.notifier.cards.values()
    assert card.agreement.is_reached
