"""Rollbacks lead to former champions only, are lighter, and give way to nothing."""

from bot.domain.change_request import RequestState
from bot.domain.messages import Filed
from bot.domain.refusal import Refusal
from tests.fakes.world import ARCHIVED, CHAMPION, LEAD, MODEL, VIEWER, Herald
from tests.unit.services.asking import ask, click, now, promoted, roll_back


async def test_a_rollback_returns_to_the_champion_before(bot: Herald) -> None:
    await promoted(bot)
    filed = await roll_back(bot)
    assert isinstance(filed, Filed)
    assert (filed.request.version, filed.request.state) == (6, RequestState.PENDING)
    assert await click(bot, filed.request, LEAD) is None
    await bot.execute()
    assert (await now(bot, filed.request.id)).state is RequestState.SUCCEEDED
    aliases = bot.registry.known[MODEL].aliases
    assert (aliases[CHAMPION], aliases[ARCHIVED]) == (6, 7)
    assert bot.serving.writes == ["serve fraud-scorer 7", "serve fraud-scorer 6"]


async def test_a_lead_needs_nobody_else(bot: Herald) -> None:
    await promoted(bot)
    filed = await roll_back(bot, user=LEAD)
    assert isinstance(filed, Filed)
    assert filed.request.state is RequestState.APPROVED
    await bot.execute()
    assert bot.registry.known[MODEL].aliases[CHAMPION] == 6


async def test_without_history_there_is_nothing_to_roll_back_to(bot: Herald) -> None:
    answer = await roll_back(bot)
    assert isinstance(answer, Refusal)
    assert answer.reasons == ("v6 is the first champion that Herald has seen",)


async def test_a_version_that_never_was_champion_does_not_come_in_by_this_door(
    bot: Herald,
) -> None:
    await promoted(bot)
    answer = await roll_back(bot, version=5)
    assert isinstance(answer, Refusal)
    assert answer.reasons == (
        "a rollback leads only to a former champion",
        "former champions: v6",
    )


async def test_the_present_champion_is_no_target(bot: Herald) -> None:
    await promoted(bot)
    answer = await roll_back(bot, version=7)
    assert isinstance(answer, Refusal)
    assert answer.reasons[0] == "it is champion now"


async def test_without_a_champion_nothing_is_rolled_back(bot: Herald) -> None:
    bot.registry.move(MODEL, CHAMPION, None)
    answer = await roll_back(bot)
    assert isinstance(answer, Refusal)
    assert answer.reasons == ("it has no champion",)


async def test_an_undone_promotion_is_no_history(bot: Herald) -> None:
    bot.serving.failing[7] = "no"
    await promoted(bot)
    answer = await roll_back(bot)
    assert isinstance(answer, Refusal)


async def test_a_rollback_takes_the_place_of_what_has_not_begun(bot: Herald) -> None:
    await promoted(bot)
    waiting = await ask(bot, version=5)
    filed = await roll_back(bot)
    assert isinstance(filed, Filed)
    overtaken = await now(bot, waiting.id)
    assert overtaken.state is RequestState.SUPERSEDED
    assert overtaken.note == f"overtaken by {filed.request.label}"


async def test_what_has_begun_is_to_be_undone_on_its_card(bot: Herald) -> None:
    await promoted(bot)
    bot.serving.slow_looks = 1000
    begun = await ask(bot, version=5)
    await click(bot, begun, LEAD)
    await bot.execute(rounds=1)
    answer = await roll_back(bot)
    assert isinstance(answer, Refusal)
    assert answer.remedies == ("To take it back: Undo, on its card in the channel",)


async def test_only_those_who_may_roll_back(bot: Herald) -> None:
    await promoted(bot)
    answer = await roll_back(bot, user=VIEWER)
    assert isinstance(answer, Refusal)
    assert answer.what == "Nothing was rolled back"
    assert answer.reasons == ("none of your roles may rollback",)


async def test_a_move_from_outside_counts_as_history(bot: Herald) -> None:
    await promoted(bot)
    bot.registry.move(MODEL, CHAMPION, 5)
    filed = await roll_back(bot)
    assert isinstance(filed, Filed)
    assert filed.request.version == 7
