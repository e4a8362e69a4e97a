"""What is deleted between the card and the click."""

from bot.domain.change_request import RequestState
from bot.domain.errors import NotFoundError
from bot.domain.messages import Note
from bot.services.rejudge import EACH_EVERY
from tests.fakes.world import CHAMPION, LEAD, MODEL, REQUESTER, Herald, policy_set
from tests.unit.services.asking import ask, click, now


async def nothing_there(call: str, subject: str) -> None:
    raise NotFoundError("The serving platform", f"{call}: nothing is called {subject}")


async def test_an_endpoint_deleted_after_the_card_voids_what_was_agreed(bot: Herald) -> None:
    request = await ask(bot)
    bot.serving.endpoints.clear()
    await click(bot, request, LEAD)
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.PENDING
    assert await bot.key(request.id, revision=2)
    assert (bot.registry.writes, bot.serving.writes) == ([], [])


async def test_a_request_about_a_deleted_model_is_closed_before_anybody_decides(
    bot: Herald,
) -> None:
    request = await ask(bot)
    del bot.registry.known[MODEL]
    assert await bot.core.renew.if_moved(request.id)
    ended = await now(bot, request.id)
    assert ended.state is RequestState.DENIED
    assert ended.note.startswith("scorer is not in the registry any more. To go on, ask anew")
    assert not await bot.core.renew.if_moved(request.id)


async def test_a_deleted_version_closes_its_request_when_policies_move(bot: Herald) -> None:
    request = await ask(bot)
    bot.policies.policies = policy_set(content="baseline 2")
    del bot.registry.numbered[MODEL, 7]
    ended = await bot.core.renew.under_present_policies(request.id)
    assert ended.state is RequestState.DENIED
    assert ended.note.startswith("v7 is not in the registry any more.")


async def test_a_champion_that_was_deleted_is_told_as_such(bot: Herald) -> None:
    request = await ask(bot)
    del bot.registry.numbered[MODEL, 6]
    assert await bot.core.renew.if_moved(request.id)
    told = (await now(bot, request.id)).note
    assert told.startswith("the version that champion names is not in the registry any more.")


async def test_whoever_asked_is_told_that_it_is_gone_and_not_that_a_policy_denied_it(
    bot: Herald,
) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    del bot.registry.known[MODEL]
    await bot.execute()
    await bot.core.deliver.deliver_due()
    await bot.core.reach.reach_due()
    told = [text for user, text in bot.notifier.told if user == REQUESTER]
    assert told[-1] == (
        "CR-1 (promote scorer v7 to champion) is closed: it cannot be carried out any more. "
        "Why: scorer is not in the registry any more. To go on, ask anew for one that is"
    )


async def test_what_is_not_found_while_all_that_counts_is_there_closes_nothing(
    bot: Herald,
) -> None:
    request = await ask(bot)
    bot.serving.before = nothing_there
    bot.clock.ahead += EACH_EVERY
    assert await bot.core.rejudge.look() == 0
    assert (await now(bot, request.id)).state is RequestState.PENDING


async def test_what_is_not_found_before_the_first_write_is_looked_for_again(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    bot.serving.before = nothing_there
    await bot.execute(rounds=2)
    waiting = await now(bot, request.id)
    assert waiting.state is RequestState.QUEUED
    assert waiting.note.startswith("nothing has begun: the evidence cannot be read")
    bot.serving.before = None
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED


async def test_what_failed_on_a_deleted_model_can_be_resolved(bot: Herald) -> None:
    async def delete(call: str, subject: str) -> None:
        if (call, subject) == ("set_alias done", CHAMPION):
            bot.registry.before = None
            del bot.registry.known[MODEL]

    bot.registry.before = delete
    request = await ask(bot)
    await click(bot, request, LEAD)
    await bot.execute()
    failed = await now(bot, request.id)
    assert failed.state is RequestState.FAILED
    assert "alias champion: the model does not exist, neither" in failed.standing
    resolved = await bot.core.services.resolve.resolve(request.id, LEAD, "it was deleted")
    assert isinstance(resolved, Note)
    assert not (await now(bot, request.id)).holds_locks
