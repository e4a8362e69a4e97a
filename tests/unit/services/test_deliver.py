"""Cards reach the channel once, show the last state, and outlive every trouble of Slack."""

from datetime import timedelta

from bot.domain.change_request import RequestState
from bot.domain.names import MessageTs
from tests.fakes.world import LEAD, Herald
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


async def test_an_expiry_is_told_to_the_requester_in_the_thread_once(bot: Herald) -> None:
    await ask(bot)
    await deliver(bot)
    bot.clock.ahead += timedelta(hours=25)
    await bot.core.expire.expire_due()
    await deliver(bot)
    await deliver(bot, ahead_s=5)
    assert list(bot.notifier.replies.values()) == [
        "<@U0REQUESTER> CR-1 expired without enough approvals."
    ]
    assert bot.notifier.cards[MessageTs("1.0")].request.state is RequestState.EXPIRED
