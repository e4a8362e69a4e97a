"""Rules about what is live decide on requests, and once more when they are carried out."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.change_request import RequestState
from bot.domain.messages import CheckReport
from bot.domain.policy import CheckOutcome, OutcomeKind, PolicyCheck, Severity
from bot.services.targets import Target
from policies.platform_privilege import PlatformPrivilegeCheck, Privilege
from policies.soak import SoakCheck
from tests.fakes.world import CHALLENGER, CHANNEL, LEAD, REQUESTER, Herald, policy_set
from tests.unit.services.asking import ask, click, now

POWER = PlatformPrivilegeCheck(
    id="power", policy="baseline", severity=Severity.ENFORCE, privilege=Privilege.EXECUTE
)
SOAK = SoakCheck(
    id="soak",
    policy="baseline",
    severity=Severity.ENFORCE,
    alias=CHALLENGER,
    minimum=timedelta(hours=1),
)
ADA = "ada@acme.example"


def asks_for(bot: Herald, check: PolicyCheck) -> None:
    bot.policies.policies = policy_set(checks=(check,))
    requester = replace(bot.directory.people[REQUESTER], email=ADA)
    bot.directory.people[REQUESTER] = requester


async def checked(bot: Herald) -> CheckOutcome:
    target = Target(model="scorer", selector=7)
    report = await bot.core.services.propose.check(target, REQUESTER, CHANNEL)
    assert isinstance(report, CheckReport)
    (outcome,) = report.verdict.outcomes
    return outcome


async def test_privileges_are_those_of_the_requester(bot: Herald) -> None:
    asks_for(bot, POWER)
    bot.registry.held["lead@acme.example"] = frozenset({"EXECUTE"})
    assert (await checked(bot)).kind is OutcomeKind.MISSING
    bot.registry.held[ADA] = frozenset()
    assert (await checked(bot)).kind is OutcomeKind.FAILED
    bot.registry.held[ADA] = frozenset({"EXECUTE"})
    assert (await checked(bot)).kind is OutcomeKind.PASSED


async def test_privilege_that_is_taken_away_meanwhile_stops_the_change(bot: Herald) -> None:
    asks_for(bot, POWER)
    bot.registry.held[ADA] = frozenset({"EXECUTE"})
    request = await ask(bot)
    assert await click(bot, request, LEAD) is None
    bot.registry.held[ADA] = frozenset()
    await bot.execute()
    assert (await now(bot, request.id)).state is not RequestState.SUCCEEDED
    assert bot.registry.writes == []


async def test_time_as_challenger_counts_from_when_herald_saw_it(bot: Herald) -> None:
    asks_for(bot, SOAK)
    assert (await checked(bot)).kind is OutcomeKind.MISSING
    await bot.core.watch_aliases.look()
    assert (await checked(bot)).kind is OutcomeKind.FAILED
    bot.clock.ahead += timedelta(hours=1)
    assert (await checked(bot)).kind is OutcomeKind.PASSED
