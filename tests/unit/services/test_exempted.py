"""A request under an exemption says so, and rests on it no longer than it holds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.change_request import RequestState
from bot.domain.exemptions import Exemption
from bot.domain.messages import Comparison
from bot.domain.names import SlackUserId
from bot.domain.policy import OutcomeKind, PolicySet
from bot.domain.verdict import OWN_WORD
from bot.services.compare import Pair
from bot.services.targets import Target
from bot.views.render import render
from tests.fakes.world import (
    ADMIN,
    CHAMPION,
    CHANNEL,
    LEAD,
    MODEL,
    REQUESTER,
    VIEWER,
    Herald,
    RecallCheck,
    policy_set,
)
from tests.unit.domain.checks import Scripted
from tests.unit.services.asking import ask, click, now
from tests.unit.views.reading import words_of

EXEMPTED_FOR = timedelta(hours=2)


def exempting(bot: Herald, reason: str = "INC-4411", approver: SlackUserId = ADMIN) -> PolicySet:
    """Return policies that exempt the scorer from its recall for two hours."""
    lifted = Exemption(
        policy="baseline",
        rules=frozenset({"recall"}),
        models=("prod.*",),
        reason=reason,
        requested_by=LEAD,
        approved_by=(approver,),
        expires_at=bot.clock.now() + EXEMPTED_FOR,
    )
    checks = (RecallCheck(), Scripted(id="present", policy="baseline"))
    return policy_set(checks=checks, exemptions=(lifted,), content="{}")


def with_checks(policies: PolicySet, check: Scripted) -> PolicySet:
    (first, *others) = policies.policies
    both = (check, Scripted(id="present", policy="baseline"))
    return replace(policies, policies=(replace(first, checks=both), *others))


def without_exemption(policies: PolicySet) -> PolicySet:
    (first, *others) = policies.policies
    return replace(policies, policies=(replace(first, exemptions=()), *others))


async def test_exempted_version_may_be_asked_for_and_the_card_says_why(bot: Herald) -> None:
    bot.policies.policies = exempting(bot)
    request = await ask(bot, version=8)
    assert request.state is RequestState.PENDING
    assert request.evidence.verdict.outcomes[0].kind is OutcomeKind.EXEMPT
    await bot.core.deliver.deliver()
    (card,) = bot.notifier.cards.values()
    said = words_of(render(card))
    assert "1 exempt: recall" in said
    assert "recall is exempt until " in said
    assert "(INC-4411); asked for by " in said


async def test_check_shows_the_exemption(bot: Herald) -> None:
    bot.policies.policies = exempting(bot)
    report = await bot.core.services.propose.check(
        Target(model="scorer", selector=8), REQUESTER, CHANNEL
    )
    assert "recall is exempt until " in words_of(render(report))


async def test_requester_who_alone_approved_the_exemption_is_told_that_it_does_not_count(
    bot: Herald,
) -> None:
    bot.policies.policies = exempting(bot, approver=REQUESTER)
    report = await bot.core.services.propose.check(
        Target(model="scorer", selector=8), REQUESTER, CHANNEL
    )
    assert "its exemption does not count: only the requester approved it" in words_of(
        render(report)
    )
    assert (await ask(bot, version=8)).state is RequestState.DENIED


@pytest.mark.parametrize(
    ("asker", "kind"), [(REQUESTER, OutcomeKind.FAILED), (VIEWER, OutcomeKind.EXEMPT)]
)
async def test_a_comparison_counts_an_exemption_as_a_request_of_its_asker_would(
    bot: Herald, asker: SlackUserId, kind: OutcomeKind
) -> None:
    bot.policies.policies = exempting(bot, approver=REQUESTER)
    seen = await bot.core.services.compare.compare(Pair(model="scorer", first=8), asker, CHANNEL)
    assert isinstance(seen, Comparison)
    (recall,) = [row for row in seen.metrics if row.key == "recall"]
    assert [outcome.kind for outcome in recall.outcomes] == [kind]


async def test_the_same_exemption_counts_when_somebody_else_asks(bot: Herald) -> None:
    bot.policies.policies = exempting(bot, approver=LEAD)
    assert (await ask(bot, version=8)).state is RequestState.PENDING


async def test_withdrawn_exemption_lets_no_approval_count(bot: Herald) -> None:
    bot.policies.policies = exempting(bot)
    request = await ask(bot, version=8)
    bot.policies.policies = without_exemption(bot.policies.policies)
    await click(bot, request, LEAD)
    assert (await now(bot, request.id)).state is RequestState.DENIED


async def test_renewed_exemption_asks_people_again(bot: Herald) -> None:
    bot.policies.policies = exempting(bot)
    request = await ask(bot, version=8)
    bot.policies.policies = exempting(bot, reason="INC-4412")
    await click(bot, request, LEAD)
    renewed = await now(bot, request.id)
    assert (renewed.state, renewed.evidence.revision) == (RequestState.PENDING, 2)
    assert "policy baseline changed: exemptions: " in (told := str(renewed.evidence.differences))
    assert "→ " in told
    assert "(INC-4412), asked for by" in told


async def test_exemption_that_ends_while_a_request_waits_is_not_carried_out(bot: Herald) -> None:
    bot.policies.policies = exempting(bot)
    request = await ask(bot, version=8)
    assert await click(bot, request, LEAD) is None
    bot.clock.ahead = timedelta(hours=3)
    await bot.execute()
    ended = await now(bot, request.id)
    assert ended.state is not RequestState.SUCCEEDED
    assert bot.registry.known[MODEL].aliases[CHAMPION] == 6


async def test_an_exemption_of_the_requesters_other_account_does_not_count_for_him(
    bot: Herald,
) -> None:
    bot.policies.policies = exempting(bot, approver=ADMIN)
    for user in (REQUESTER, ADMIN):
        person = bot.directory.people[user]
        bot.directory.people[user] = replace(person, email="lee@example.com")
    request = await ask(bot, version=8)
    assert request.state is RequestState.DENIED
    assert OWN_WORD in request.evidence.verdict.outcomes[0].message


async def test_exemption_that_ends_while_people_think_is_told_within_minutes(bot: Herald) -> None:
    bot.policies.policies = exempting(bot)
    request = await ask(bot, version=8)
    bot.clock.ahead += EXEMPTED_FOR
    assert [await bot.core.rejudge.look(), await bot.core.rejudge.look()] == [1, 0]
    ended = await now(bot, request.id)
    assert ended.state is RequestState.DENIED
    assert ended.note.startswith("the evidence moved: check baseline/recall: exempt until ")
    assert "(INC-4411); asked for by " in ended.note
    assert "→ failed" in ended.note


async def test_what_people_agreed_to_under_an_exemption_does_not_outlive_it(bot: Herald) -> None:
    check = Scripted(id="recall", policy="baseline", kind=OutcomeKind.FAILED)
    policies = exempting(bot)
    bot.policies.policies = with_checks(policies, check)
    request = await ask(bot)
    bot.policies.policies = with_checks(policies, replace(check, kind=OutcomeKind.PASSED))
    bot.clock.ahead += EXEMPTED_FOR / 2
    assert await bot.core.rejudge.look() == 0
    bot.clock.ahead += EXEMPTED_FOR / 2
    assert await bot.core.rejudge.look() == 1
    renewed = await now(bot, request.id)
    assert (renewed.state, renewed.evidence.revision) == (RequestState.PENDING, 2)
