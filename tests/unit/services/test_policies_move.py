"""What becomes of waiting requests when policies, or what they look at, move meanwhile."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.change_request import RequestState
from bot.domain.errors import BackEndUnavailableError
from bot.domain.messages import Filed, Note
from bot.domain.names import RoleName
from bot.domain.policy import ApprovalRequirement
from bot.domain.verdict import VerdictKind
from tests.fakes.world import (
    ADMIN,
    ADMINS,
    LEAD,
    MODEL,
    Herald,
    herald_on,
    policy_set,
)
from tests.unit.services.asking import ask, click, now, promoted, roll_back

HOUR = timedelta(hours=1)


def by_admins(bot: Herald) -> None:
    """Let the policy ask others than before."""
    approvals = (ApprovalRequirement(role=ADMINS),)
    bot.policies.policies = policy_set(approvals=approvals, content="baseline 2")


async def test_an_allowed_change_whose_evidence_moves_goes_on_by_itself(bot: Herald) -> None:
    await promoted(bot)
    filed = await roll_back(bot, user=LEAD)
    assert isinstance(filed, Filed)
    assert filed.request.state is RequestState.APPROVED
    version = bot.registry.numbered[MODEL, 6]
    bot.registry.numbered[MODEL, 6] = replace(version, description="a typo mended")
    await bot.execute()
    ended = await now(bot, filed.request.id)
    assert (ended.state, ended.evidence.revision) == (RequestState.SUCCEEDED, 2)


async def test_a_change_that_needs_nobody_any_more_is_approved(bot: Herald) -> None:
    request = await ask(bot)
    bot.policies.policies = policy_set(approvals=(), content="baseline 2")
    assert await bot.core.rejudge.look() == 1
    renewed = await now(bot, request.id)
    assert renewed.evidence.verdict.kind is VerdictKind.ALLOWED
    await bot.execute()
    await bot.core.deliver.deliver_due()
    assert (await now(bot, request.id)).state is RequestState.SUCCEEDED
    assert "It needs no approval now." in str(bot.notifier.replies)


async def test_waiting_requests_are_asked_about_anew_once_policies_change(bot: Herald) -> None:
    request = await ask(bot)
    assert await bot.core.rejudge.look() == 0
    by_admins(bot)
    assert [await bot.core.rejudge.look(), await bot.core.rejudge.look()] == [1, 0]
    renewed = await now(bot, request.id)
    assert (renewed.state, renewed.evidence.revision) == (RequestState.PENDING, 2)
    assert [part.role for part in renewed.evidence.verdict.requirements] == [ADMINS]


async def test_what_cannot_be_read_is_judged_anew_later(bot: Herald) -> None:
    async def down(call: str, subject: str) -> None:
        raise BackEndUnavailableError("The registry", f"no answer to {call} {subject}")

    await ask(bot)
    by_admins(bot)
    bot.registry.before = down
    assert await bot.core.rejudge.look() == 0
    bot.registry.before = None
    assert await bot.core.rejudge.look() == 1


async def test_replicas_that_read_different_files_end_their_quarrel(bot: Herald) -> None:
    other = herald_on(bot.store, bot.clock, bot.registry, bot.serving)
    request = await ask(bot)
    by_admins(bot)
    for _ in range(4):
        await bot.core.rejudge.look()
        await other.core.rejudge.look()
    assert (await now(bot, request.id)).evidence.revision <= 3


async def test_a_click_is_judged_by_the_policies_in_force(bot: Herald) -> None:
    request = await ask(bot)
    by_admins(bot)
    answer = await click(bot, request, ADMIN)
    assert isinstance(answer, Note)
    assert "policy baseline changed" in answer.text
    assert await click(bot, request, ADMIN, revision=2) is None


async def test_a_role_that_no_file_names_any_more_locks_nobody_out(bot: Herald) -> None:
    request = await ask(bot)
    policies = policy_set(approvals=(ApprovalRequirement(role=RoleName("lead")),), content="new")
    members = next(iter(policies.roles.values()))
    bot.policies.policies = replace(policies, roles={RoleName("lead"): members})
    await bot.core.rejudge.look()
    assert await click(bot, request, LEAD, revision=2) is None


async def test_a_click_after_the_time_is_over_counts_nothing(bot: Herald) -> None:
    request = await ask(bot)
    bot.clock.ahead += 24 * HOUR
    answer = await click(bot, request, LEAD)
    assert isinstance(answer, Note)
    assert "expired" in answer.text
    assert (await now(bot, request.id)).state is RequestState.EXPIRED
