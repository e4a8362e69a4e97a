"""An endpoint that is deleted between the card and the click."""

from bot.domain.change_request import RequestState
from tests.fakes.world import LEAD, Herald
from tests.unit.services.asking import ask, click, now


async def test_an_endpoint_deleted_after_the_card_voids_what_was_agreed(bot: Herald) -> None:
    request = await ask(bot)
    bot.serving.endpoints.clear()
    await click(bot, request, LEAD)
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.PENDING
    assert await bot.key(request.id, revision=2)
    assert (bot.registry.writes, bot.serving.writes) == ([], [])
