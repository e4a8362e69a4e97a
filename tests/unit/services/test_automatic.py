"""What newly got its alias is proposed without a person, once, and so often a day."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.audit import verify_chain
from bot.domain.automatic import BY_POLICY, Automatic, AutomaticState
from bot.domain.change_request import ChangeRequest, Evidence, RequestState
from bot.domain.errors import BackEndUnavailableError, StaleWriteError
from bot.domain.evidence import Needs
from bot.domain.names import PersonKey
from bot.domain.people import Action
from bot.domain.policy import ChangeKind
from bot.domain.refusal import Refusal
from bot.domain.store import RequestQuery, UnitOfWork
from bot.services.filing import Ask
from bot.services.freeze import FreezeAsk
from bot.services.opened_card import Click
from bot.services.targets import Found
from tests.fakes.world import (
    ADMIN,
    ADMINS,
    CHALLENGER,
    CHAMPION,
    CHANNEL,
    LEAD,
    MODEL,
    REQUESTER,
    Herald,
    RecallCheck,
    herald_on,
    policy_set,
)
from tests.unit.services.asking import ask, click, now

AUTO = Automatic(on=CHALLENGER, per_day=2)


@pytest.fixture(autouse=True)
def proposes(bot: Herald) -> None:
    """Let the policy propose what becomes challenger; v7 was challenger before that."""
    use(bot)


def use(bot: Herald, **changes: Any) -> None:
    chosen = policy_set(automatic=AUTO, **changes)
    may = {**chosen.may, ADMINS: chosen.may[ADMINS] | {Action.AUTOMATE}}
    bot.policies.policies = replace(chosen, may=may)


async def look(bot: Herald) -> int:
    return await bot.core.auto_propose.look(CHANNEL)


async def requests(bot: Herald) -> tuple[ChangeRequest, ...]:
    async with bot.store.transaction() as work:
        return await work.requests.find(RequestQuery())


async def became(bot: Herald, version: int | None) -> int:
    """Let a version become challenger outside Herald, and look."""
    bot.registry.move(MODEL, CHALLENGER, version)
    bot.clock.ahead += timedelta(minutes=1)
    return await look(bot)


async def test_what_was_challenger_before_anybody_looked_is_not_proposed(bot: Herald) -> None:
    assert [await look(bot), await look(bot)] == [0, 0]


async def test_a_new_challenger_is_proposed_once_and_asks_people(bot: Herald) -> None:
    await look(bot)
    await became(bot, None)
    assert await became(bot, 7) == 1
    assert await look(bot) == 0
    (request,) = await requests(bot)
    assert (request.requester, request.channel) == (BY_POLICY, CHANNEL)
    assert request.reason == "policy baseline: scorer v7 became challenger"
    assert request.state is RequestState.PENDING
    await click(bot, request, LEAD)
    await bot.execute()
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED
    assert bot.registry.known[MODEL].aliases[CHAMPION] == 7
    async with bot.store.transaction() as work:
        assert verify_chain(await work.audit.all()) is None


async def test_without_approvals_it_is_carried_out_by_itself(bot: Herald) -> None:
    use(bot, approvals=())
    await look(bot)
    await became(bot, None)
    await became(bot, 7)
    await bot.execute()
    (request,) = await requests(bot)
    assert request.state is RequestState.SUCCEEDED
    tags = bot.registry.numbered[MODEL, 7].tags
    assert (tags["herald.requested_by"], tags["herald.approved_by"]) == ("policy", "policy")


async def test_a_bad_version_is_denied_in_public(bot: Herald) -> None:
    await look(bot)
    assert await became(bot, 8) == 1
    (request,) = await requests(bot)
    assert request.state is RequestState.DENIED
    await bot.core.deliver.deliver_due()
    assert [card.request.id for card in bot.notifier.cards.values()] == [request.id]


async def test_a_policy_proposes_only_so_many_a_day(
    bot: Herald, caplog: pytest.LogCaptureFixture
) -> None:
    use(bot, rejections=1)
    await look(bot)
    for version in (8, 5):
        await became(bot, version)
    assert await became(bot, 7) == 0
    assert await look(bot) == 0
    assert caplog.text.count("has proposed enough today") == 1
    bot.clock.ahead += timedelta(days=1)
    for request in await requests(bot):
        if request.state is RequestState.PENDING:
            await bot.core.expire.expire_due()
    assert await look(bot) == 1


async def test_what_moved_before_a_policy_proposed_is_left_alone(bot: Herald) -> None:
    check = RecallCheck(needs=Needs(held=frozenset({CHALLENGER})))
    bot.policies.policies = policy_set(checks=(check,))
    for version in (None, 7):
        bot.registry.move(MODEL, CHALLENGER, version)
        await bot.core.watch_aliases.look()
    use(bot)
    assert [await look(bot), await became(bot, 7)] == [0, 0]
    await became(bot, None)
    assert await became(bot, 7) == 1


async def test_a_policy_of_another_environment_proposes_nothing_here(bot: Herald) -> None:
    use(bot, environments=frozenset({"staging"}))
    bot.policies.policies = replace(bot.policies.policies, environment="production")
    await look(bot)
    await became(bot, None)
    assert await became(bot, 7) == 0
    bot.policies.policies = replace(bot.policies.policies, environment="staging")
    await look(bot)
    await became(bot, None)
    assert await became(bot, 7) == 1


async def test_a_policy_that_stops_and_begins_anew_looks_ahead_only(bot: Herald) -> None:
    await look(bot)
    await became(bot, None)
    bot.policies.policies = policy_set()
    await look(bot)
    bot.registry.move(MODEL, CHALLENGER, 7)
    use(bot)
    assert [await look(bot), await look(bot)] == [0, 0]


async def test_a_request_that_comes_first_holds_a_proposal_up(bot: Herald) -> None:
    await look(bot)
    await became(bot, None)
    filed: list[ChangeRequest] = []

    async def file_first(call: str, _: str) -> None:
        if call == "version":
            bot.registry.before = None
            filed.append(await ask(bot, 5))

    bot.registry.before = file_first
    assert await became(bot, 7) == 0
    card = await bot.key(filed[0].id)
    assert await bot.core.services.withdraw.cancel(Click(key=card, user=REQUESTER)) is None
    assert await look(bot) == 1


async def test_what_is_frozen_is_proposed_once_the_freeze_is_over(bot: Herald) -> None:
    policies = bot.policies.policies
    may = {**policies.may, ADMINS: policies.may[ADMINS] | {Action.FREEZE}}
    bot.policies.policies = replace(policies, may=may)
    frozen = FreezeAsk(by=ADMIN, models="scorer", reason="migration")
    await look(bot)
    await became(bot, None)
    await bot.core.services.freezing.freeze(frozen)
    assert (await became(bot, 7), await requests(bot)) == (0, ())
    await bot.core.services.freezing.unfreeze(frozen)
    assert await look(bot) == 1


async def test_what_belongs_to_a_request_is_kept_with_it_or_neither_is(bot: Herald) -> None:
    async def fail(work: UnitOfWork, request: ChangeRequest) -> None:
        del work, request
        raise StaleWriteError("somebody was faster")

    found = Found(model=MODEL, version=7, alias=CHAMPION)
    assessed = await bot.core.assessor.assess(ChangeKind.PROMOTE, found, REQUESTER)
    assert isinstance(assessed.outcome, Evidence)
    wanted = Ask(kind=ChangeKind.PROMOTE, requester=REQUESTER, channel=CHANNEL, reason="better")
    with pytest.raises(StaleWriteError):
        await bot.core.filing.file(wanted, assessed.facts, assessed.outcome, fail)
    assert await requests(bot) == ()


async def test_an_outage_leaves_it_for_the_next_look(bot: Herald) -> None:
    async def down(call: str, _: str) -> None:
        if call == "version":
            raise BackEndUnavailableError("The registry", "no answer")

    await look(bot)
    await became(bot, None)
    bot.registry.before = down
    assert await became(bot, 7) == 0
    bot.registry.before = None
    assert await look(bot) == 1


async def test_what_was_deleted_meanwhile_is_not_tried_again(
    bot: Herald, caplog: pytest.LogCaptureFixture
) -> None:
    await look(bot)
    await became(bot, None)
    del bot.registry.numbered[MODEL, 7]
    assert [await became(bot, 7), await look(bot), await look(bot)] == [0, 0, 0]
    told = [line for line in caplog.messages if "v7 is not in the registry any more" in line]
    assert len(told) == 1
    assert not any("not proposed yet" in line for line in caplog.messages)


async def test_what_cannot_be_planned_is_not_tried_again(bot: Herald) -> None:
    await look(bot)
    await became(bot, None)
    version = bot.registry.numbered[MODEL, 7]
    bot.registry.numbered[MODEL, 7] = replace(version, is_ready=False)
    assert await became(bot, 7) == 0
    bot.registry.numbered[MODEL, 7] = version
    assert await look(bot) == 0


async def test_another_replica_does_not_propose_it_again(bot: Herald) -> None:
    other = herald_on(bot.store, bot.clock, bot.registry, bot.serving)
    other.policies.policies = bot.policies.policies
    await look(bot)
    await became(bot, None)
    bot.registry.move(MODEL, CHALLENGER, 7)
    assert [await look(bot), await look(other)] == [1, 0]


async def test_without_such_a_policy_nothing_is_even_read(bot: Herald) -> None:
    bot.policies.policies = policy_set()
    await bot.core.catalog.refresh()

    async def fail(call: str, _: str) -> None:
        raise AssertionError(call)

    bot.registry.before = fail
    assert await look(bot) == 0


async def test_the_switch_stops_it_all_and_says_who_moved_it(bot: Herald) -> None:
    ask = bot.core.services.automatic
    await look(bot)
    await became(bot, None)
    off = await ask.switch(ADMIN, "broken training", is_on=False)
    assert isinstance(off, AutomaticState)
    assert (off.switch.is_on, off.switch.by, off.is_news) == (False, ADMIN, True)
    assert await became(bot, 7) == 0
    shown = await ask.shown(REQUESTER)
    assert isinstance(shown, AutomaticState)
    assert (shown.switch.reason, shown.policies[0].today) == ("broken training", 0)
    await ask.switch(ADMIN, "mended", is_on=True)
    assert await look(bot) == 1
    async with bot.store.transaction() as work:
        moved = await work.audit.of("automatic")
    assert [each.event.action for each in moved] == ["automatic.off", "automatic.on"]


async def test_the_switch_stops_what_is_being_weighed(bot: Herald) -> None:
    use(bot, approvals=())
    await look(bot)
    await became(bot, None)

    async def switch_off(call: str, _: str) -> None:
        if call == "version":
            bot.registry.before = None
            await bot.core.services.automatic.switch(ADMIN, "stop it all", is_on=False)

    bot.registry.before = switch_off
    assert await became(bot, 7) == 0
    assert await requests(bot) == ()
    await bot.core.services.automatic.switch(ADMIN, "go on", is_on=True)
    assert await look(bot) == 1


async def test_who_may_not_switch_is_refused(bot: Herald) -> None:
    answer = await bot.core.services.automatic.switch(REQUESTER, "no", is_on=False)
    assert isinstance(answer, Refusal)
    assert answer.reasons == ("none of your roles may automate",)


async def test_nobody_can_be_the_policy_that_asks(bot: Herald) -> None:
    standing = await bot.core.access.standing(BY_POLICY)
    assert (standing.roles, standing.may(Action.READ)) == (frozenset(), False)
    assert await bot.core.access.key_of(BY_POLICY) == PersonKey(BY_POLICY)
