"""What becomes of waiting requests when policies, or what they look at, move meanwhile."""

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.change_request import RequestState
from bot.domain.errors import BackEndUnavailableError
from bot.domain.evidence import NOTHING_MORE, Needs, PolicyFacts
from bot.domain.messages import Filed, Note
from bot.domain.names import ModelName, RoleName
from bot.domain.policy import ApprovalRequirement, CheckOutcome, OutcomeKind, Severity
from bot.domain.told_state import told_state
from bot.domain.verdict import VerdictKind
from bot.services.rejudge import AT_A_LOOK, EACH_EVERY
from bot.services.targets import Target
from tests.builders import make_outcome
from tests.fakes.world import (
    ADMIN,
    ADMINS,
    CHAMPION,
    CHANNEL,
    LEAD,
    LEADS,
    MODEL,
    REQUESTER,
    Herald,
    herald_on,
    policy_set,
)
from tests.unit.services.asking import ask, click, now, promoted, roll_back

HOUR = timedelta(hours=1)


@dataclass
class LiveCheck:
    """Looks at something that the content hash does not cover."""

    is_well: bool = True
    id: str = "live"
    severity: Severity = Severity.ENFORCE
    needs: Needs = NOTHING_MORE

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        del facts
        kind = OutcomeKind.PASSED if self.is_well else OutcomeKind.FAILED
        return make_outcome(kind)


def add_model(bot: Herald, name: ModelName) -> None:
    """Register one more model like the one that is there."""
    known = bot.registry.known[MODEL]
    bot.registry.known[name] = replace(known, name=name)
    for (model, number), version in list(bot.registry.numbered.items()):
        if model == MODEL:
            bot.registry.numbered[name, number] = replace(version, name=name)


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


async def test_policies_that_come_back_are_judged_by_each_time(bot: Herald) -> None:
    request, first = await ask(bot), bot.policies.policies
    by_admins(bot)
    others = bot.policies.policies
    wanted = []
    for bot.policies.policies in (others, first, others, first):
        assert await bot.core.rejudge.look() == 1
        renewed = await now(bot, request.id)
        wanted += [part.role for part in renewed.evidence.verdict.requirements]
    assert wanted == [ADMINS, LEADS, ADMINS, LEADS]


async def test_policies_that_come_back_after_a_click_are_judged_by_again(bot: Herald) -> None:
    request, first = await ask(bot), bot.policies.policies
    by_admins(bot)
    others = bot.policies.policies
    assert await bot.core.rejudge.look() == 1
    bot.policies.policies = first
    await click(bot, request, LEAD, revision=2)
    assert await bot.core.rejudge.look() == 0
    bot.policies.policies = others
    assert await bot.core.rejudge.look() == 1
    assert (await now(bot, request.id)).evidence.revision == 4


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


async def test_a_request_whose_time_is_over_is_in_nobodys_way(bot: Herald) -> None:
    first = await ask(bot)
    bot.clock.ahead += 24 * HOUR
    second = await ask(bot, version=5)
    assert second.state is RequestState.PENDING
    assert (await now(bot, first.id)).state is RequestState.EXPIRED


async def test_a_click_after_the_time_is_over_counts_nothing(bot: Herald) -> None:
    request = await ask(bot)
    bot.clock.ahead += 24 * HOUR
    answer = await click(bot, request, LEAD)
    assert isinstance(answer, Note)
    assert "expired" in answer.text
    assert (await now(bot, request.id)).state is RequestState.EXPIRED


async def test_evidence_that_moves_while_people_think_is_told_within_minutes(bot: Herald) -> None:
    request = await ask(bot)
    version = bot.registry.numbered[MODEL, 7]
    bot.registry.numbered[MODEL, 7] = replace(version, description="other words")
    assert await bot.core.rejudge.look() == 0
    bot.clock.ahead += EACH_EVERY
    assert [await bot.core.rejudge.look(), await bot.core.rejudge.look()] == [1, 0]
    renewed = await now(bot, request.id)
    assert renewed.evidence.differences == ("candidate v7: description: Version 7 → other words",)


async def test_an_outage_while_people_think_changes_nothing(bot: Herald) -> None:
    request = await ask(bot)
    bot.clock.ahead += EACH_EVERY

    async def down(call: str, subject: str) -> None:
        raise BackEndUnavailableError("The registry", f"no answer to {call} {subject}")

    bot.registry.before = down
    assert await bot.core.rejudge.look() == 0
    assert (await now(bot, request.id)).evidence.revision == 1


async def test_a_rule_that_comes_out_otherwise_while_people_think_asks_nobody_anew(
    bot: Herald,
) -> None:
    check = LiveCheck()
    bot.policies.policies = policy_set(checks=(check,))
    request = await ask(bot)
    check.is_well = False
    bot.clock.ahead += EACH_EVERY
    assert await bot.core.rejudge.look() == 0
    assert (await now(bot, request.id)).evidence.revision == 1


async def test_only_a_few_are_read_again_at_a_time_each_in_its_turn(bot: Herald) -> None:
    reads: list[str] = []

    async def note(call: str, subject: str) -> None:
        if call == "model":
            reads.append(subject)

    names = [ModelName(f"prod.fraud.m{number}") for number in range(AT_A_LOOK + 1)]
    for name in names:
        add_model(bot, name)
        await bot.core.services.propose.promote(
            Target(model=name, selector=7), REQUESTER, CHANNEL, "better"
        )
    bot.clock.ahead += EACH_EVERY
    bot.registry.before = note
    for _ in range(3):
        await bot.core.rejudge.look()
    assert sorted(set(reads)) == names


async def test_what_somebody_else_has_done_meanwhile_is_overtaken(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    bot.registry.move(MODEL, CHAMPION, 7)
    bot.serving.endpoints.clear()
    await bot.execute()
    ended = await now(bot, request.id)
    assert (ended.state, ended.note) == (RequestState.SUPERSEDED, "it is champion already")
    assert told_state(ended) == "CR-1 is closed: it is champion already"


async def test_what_can_not_be_done_any_more_is_not_called_denied_by_policy(bot: Herald) -> None:
    request = await ask(bot)
    await click(bot, request, LEAD)
    version = bot.registry.numbered[MODEL, 7]
    bot.registry.numbered[MODEL, 7] = replace(version, is_ready=False)
    await bot.execute()
    ended = await now(bot, request.id)
    assert ended.state is RequestState.DENIED
    assert told_state(ended) == "CR-1 is closed: it cannot be carried out any more"


async def test_new_policies_give_no_new_time_to_what_is_over(bot: Herald) -> None:
    request = await ask(bot)
    bot.clock.ahead += request.expires_at - request.created_at
    bot.policies.policies = policy_set(approvals=(), content="baseline 2")
    assert await bot.core.rejudge.look() == 1
    assert (await now(bot, request.id)).state is RequestState.EXPIRED


async def test_a_click_under_new_policies_hears_that_the_time_is_over(bot: Herald) -> None:
    request = await ask(bot)
    bot.clock.ahead += request.expires_at - request.created_at
    by_admins(bot)
    answer = await click(bot, request, LEAD)
    assert isinstance(answer, Note)
    assert answer.text.startswith(f"{request.label} is closed: it expired")


async def test_moved_evidence_gives_no_new_time_to_what_is_over(bot: Herald) -> None:
    request = await ask(bot)
    bot.clock.ahead += request.expires_at - request.created_at
    version = bot.registry.numbered[MODEL, 7]
    bot.registry.numbered[MODEL, 7] = replace(version, description="a typo mended")
    assert await bot.core.rejudge.look() == 0
    assert (await now(bot, request.id)).evidence.revision == 1
