"""Herald sees aliases move, and remembers when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import BackEndUnavailableError
from bot.domain.evidence import Needs
from bot.domain.ledger import Cause, LedgerEntry, alias_place
from bot.domain.names import ModelName
from bot.domain.registry import RegisteredModel
from tests.fakes.world import CHALLENGER, LEAD, MODEL, Herald, RecallCheck, policy_set
from tests.unit.services.asking import ask, click

OTHER = ModelName("test.fraud.scorer")


@pytest.fixture(autouse=True)
def _soaking(bot: Herald) -> None:
    """Let the policy count time by the challenger's alias."""
    check = RecallCheck(needs=Needs(held=frozenset({CHALLENGER})))
    bot.policies.policies = policy_set(checks=(check,))


async def seen(bot: Herald, model: ModelName = MODEL) -> list[str | None]:
    async with bot.store.transaction() as work:
        entries = await work.ledger.of(model, alias_place(CHALLENGER))
    assert {entry.cause for entry in entries} <= {Cause.OUTSIDE}
    return [entry.value for entry in entries]


async def test_moves_are_written_down_once_each(bot: Herald) -> None:
    moved = []
    for version in (7, 7, 8, None, 7):
        bot.registry.move(MODEL, CHALLENGER, version)
        moved.append(await bot.core.watch_aliases.look())
    assert await seen(bot) == ["7", "8", None, "7"]
    assert moved == [1, 0, 1, 1, 1]


async def test_another_start_of_herald_repeats_nothing(bot: Herald) -> None:
    await bot.core.watch_aliases.look()
    bot.core.watch_aliases._seen.clear()
    await bot.core.watch_aliases.look()
    assert await seen(bot) == ["7"]


async def test_models_that_no_such_rule_covers_are_left_alone(bot: Herald) -> None:
    bot.registry.known[OTHER] = RegisteredModel(name=OTHER, aliases={CHALLENGER: 1})
    await bot.core.watch_aliases.look()
    assert await seen(bot, OTHER) == []


async def test_without_such_a_rule_nothing_is_read(bot: Herald) -> None:
    bot.policies.policies = policy_set()
    calls: list[str] = []

    async def note(call: str, subject: str) -> None:
        calls.append(f"{call} {subject}")

    bot.registry.before = note
    assert await bot.core.watch_aliases.look() == 0
    assert calls == []


async def test_model_that_cannot_be_read_is_looked_at_again(bot: Herald) -> None:
    async def dead(call: str, subject: str) -> None:
        del subject
        if call == "model":
            raise BackEndUnavailableError("The registry", "no answer within 10 s")

    bot.registry.before = dead
    assert await bot.core.watch_aliases.look() == 0
    bot.registry.before = None
    assert await bot.core.watch_aliases.look() == 1


async def test_moves_of_heralds_own_are_left_to_the_execution(bot: Herald) -> None:
    await bot.core.watch_aliases.look()
    request = await ask(bot)
    assert await click(bot, request, LEAD) is None
    bot.registry.move(MODEL, CHALLENGER, None)
    assert await bot.core.watch_aliases.look() == 0
    assert await seen(bot) == ["7"]


async def test_what_was_written_since_the_look_began_is_not_overwritten(bot: Herald) -> None:
    own = LedgerEntry(
        model=MODEL,
        place=alias_place(CHALLENGER),
        value="8",
        cause=Cause.OUTSIDE,
        at=bot.clock.now() + timedelta(minutes=1),
    )
    async with bot.store.transaction() as work:
        await work.ledger.append(own)
    assert await bot.core.watch_aliases.look() == 0
    assert await seen(bot) == ["8"]
    bot.clock.ahead += timedelta(minutes=2)
    assert await bot.core.watch_aliases.look() == 1
    assert await seen(bot) == ["8", "7"]


async def test_time_counts_from_when_it_was_seen(bot: Herald) -> None:
    before = bot.clock.now()
    await bot.core.watch_aliases.look()
    bot.clock.ahead += timedelta(hours=1)
    bot.registry.known[MODEL] = replace(bot.registry.known[MODEL], description="new words")
    await bot.core.watch_aliases.look()
    async with bot.store.transaction() as work:
        (entry,) = await work.ledger.of(MODEL, alias_place(CHALLENGER))
    assert before <= entry.at < before + timedelta(minutes=30)
