"""What one asker reads: comparisons, models, requests, himself."""

from dataclasses import replace

import pytest

from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError
from bot.domain.messages import (
    Better,
    CheckReport,
    Comparison,
    ModelList,
    ModelSheet,
    RequestDetails,
    RequestList,
)
from bot.domain.names import AliasName, CardKey, RequestId, SlackUserId
from bot.domain.policy import ApprovalRequirement, OutcomeKind
from bot.domain.refusal import Refusal
from bot.domain.verdict import VerdictKind
from bot.services.compare import Pair
from bot.services.targets import Target
from tests.fakes.world import (
    ADMIN,
    ADMINS,
    CHALLENGER,
    CHANNEL,
    GUEST,
    LEAD,
    LEAD2,
    LEADS,
    MODEL,
    REQUESTER,
    VIEWER,
    Herald,
    policy_set,
)
from tests.unit.services.asking import ask, click, promoted


async def compare(bot: Herald, *selectors: int | AliasName) -> Comparison | Refusal:
    first, second = (*selectors, None, None)[:2]
    pair = Pair(model="scorer", first=first, second=second)
    return await bot.core.services.compare.compare(pair, VIEWER, CHANNEL)


async def test_by_default_the_challenger_is_set_against_the_champion(bot: Herald) -> None:
    seen = await compare(bot)
    assert isinstance(seen, Comparison)
    assert (seen.base.version.version, seen.other.version.version) == (6, 7)
    (row,) = seen.metrics
    assert (row.key, row.base, row.other, row.better) == ("recall", 0.87, 0.91, Better.BETTER)
    assert row.is_same_dataset
    assert [o.kind for o in row.outcomes] == [OutcomeKind.PASSED]
    assert [(p.key, p.base, p.other) for p in seen.parameters] == [("depth", "6", "7")]
    assert seen.other.aliases == (CHALLENGER,)


async def test_one_version_is_set_against_the_champion(bot: Herald) -> None:
    seen = await compare(bot, 8)
    assert isinstance(seen, Comparison)
    assert (seen.base.version.version, seen.other.version.version) == (6, 8)
    assert seen.metrics[0].better is Better.WORSE


async def test_of_two_versions_the_first_is_the_base(bot: Herald) -> None:
    seen = await compare(bot, 5, 8)
    assert isinstance(seen, Comparison)
    assert (seen.base.version.version, seen.other.version.version) == (5, 8)


async def test_a_card_shows_the_same_comparison_again(bot: Herald) -> None:
    seen = await compare(bot, 5, 8)
    assert isinstance(seen, Comparison)
    assert seen.key is not None
    again = await bot.core.services.compare.again(seen.key, VIEWER, CHANNEL)
    assert isinstance(again, Comparison)
    assert again.other.version.version == 8
    unknown = await bot.core.services.compare.again(CardKey("x"), VIEWER, CHANNEL)
    assert isinstance(unknown, Refusal)


@pytest.mark.parametrize(
    ("selectors", "said"),
    [
        ((6,), "Both sides are scorer v6: there is nothing to compare"),
        ((99,), "scorer has no version 99"),
        ((AliasName("Challenger"),), "scorer has no alias @Challenger. Did you mean @challenger?"),
    ],
)
async def test_what_cannot_be_compared_is_said(
    bot: Herald, selectors: tuple[int | AliasName, ...], said: str
) -> None:
    answer = await compare(bot, *selectors)
    assert isinstance(answer, Refusal)
    assert answer.what == said


async def test_without_a_challenger_a_version_is_asked_for(bot: Herald) -> None:
    bot.registry.move(MODEL, CHALLENGER, None)
    answer = await compare(bot)
    assert isinstance(answer, Refusal)
    assert answer.remedies == ("Name a version: `/model compare scorer VERSION`",)


async def test_a_refused_file_is_unreadable_and_an_outage_is_raised(bot: Herald) -> None:
    async def refuse(call: str, subject: str) -> None:
        del subject
        if call == "contents":
            raise BackEndRefusedError("The artifact store", "access denied")

    bot.registry.before = refuse
    seen = await compare(bot)
    assert isinstance(seen, Comparison)
    assert seen.unreadable == ("v6: contents (access denied)", "v7: contents (access denied)")
    assert not seen.is_signature_known

    async def dead(call: str, subject: str) -> None:
        del call, subject
        raise BackEndUnavailableError("The registry", "no answer within 10 s")

    bot.registry.before = dead
    with pytest.raises(BackEndUnavailableError):
        await compare(bot)


async def test_test_evidence_of_another_shape_is_unreadable(bot: Herald) -> None:
    bot.registry.files["run7", "validation/tests.json"] = b'{"passed": true}'
    seen = await compare(bot)
    assert isinstance(seen, Comparison)
    assert seen.unreadable[0].startswith("v7: tests (validation/tests.json is not the file")


async def test_a_dry_run_files_nothing(bot: Herald) -> None:
    report = await bot.core.services.propose.check(
        Target(model="scorer", selector=7), VIEWER, CHANNEL
    )
    assert isinstance(report, CheckReport)
    assert report.verdict.kind is VerdictKind.NEEDS_APPROVAL
    listed = await bot.core.services.requests.listed("all", VIEWER)
    assert isinstance(listed, RequestList)
    assert listed.total == 0


async def test_a_model_is_shown_with_its_way_back_and_open_request(bot: Herald) -> None:
    await promoted(bot)
    request = await ask(bot, version=5)
    sheet = await bot.core.services.browse.model("scorer", None, VIEWER)
    assert isinstance(sheet, ModelSheet)
    assert (sheet.rollback_to, sheet.open_request) == (6, request.id)
    assert [v.version for v in sheet.versions] == [8, 7, 6, 5]
    one = await bot.core.services.browse.model("scorer", 6, VIEWER)
    assert isinstance(one, ModelSheet)
    assert one.selected is not None
    assert one.selected.version == 6


async def test_a_silent_serving_platform_hides_no_model(bot: Herald) -> None:
    async def dead(call: str, subject: str) -> None:
        del call, subject
        raise BackEndUnavailableError("The serving platform", "no answer within 10 s")

    bot.serving.before = dead
    sheet = await bot.core.services.browse.model("scorer", None, VIEWER)
    assert isinstance(sheet, ModelSheet)
    assert sheet.endpoints is None


async def test_lists_match_every_word_in_name_or_description(bot: Herald) -> None:
    found = await bot.core.services.browse.models(("FRAUD", "payments"), VIEWER)
    assert isinstance(found, ModelList)
    assert [model.name for model in found.models] == [MODEL]
    none = await bot.core.services.browse.models(("weather",), VIEWER)
    assert isinstance(none, ModelList)
    assert (none.models, none.total) == ((), 0)


async def test_a_guest_reads_nothing(bot: Herald) -> None:
    for answer in (
        await bot.core.services.browse.models((), GUEST),
        await bot.core.services.browse.model("scorer", None, GUEST),
        await bot.core.services.requests.listed("all", GUEST),
        await bot.core.services.compare.compare(Pair(model="scorer"), GUEST, CHANNEL),
    ):
        assert isinstance(answer, Refusal)
        assert answer.reasons == ("guest accounts cannot do this",)


async def test_requests_are_listed_by_scope(bot: Herald) -> None:
    request = await ask(bot)
    listing = bot.core.services.requests.listed
    for scope, user, count in (
        ("mine", REQUESTER, 1),
        ("mine", LEAD, 0),
        ("waiting", LEAD, 1),
        ("waiting", REQUESTER, 0),
        ("waiting", VIEWER, 0),
        ("all", VIEWER, 1),
    ):
        found = await listing(scope, user)
        assert isinstance(found, RequestList)
        assert found.total == count, (scope, user)
    details = await bot.core.services.requests.details(request.id, VIEWER)
    assert isinstance(details, RequestDetails)
    missing = await bot.core.services.requests.details(RequestId(99), VIEWER)
    assert isinstance(missing, Refusal)
    assert missing.what == "There is no CR-99"


async def test_what_somebody_has_decided_waits_for_him_no_more(bot: Herald) -> None:
    two = ApprovalRequirement(role=LEADS, count=2)
    bot.policies.policies = policy_set(approvals=(two,))
    assert await click(bot, await ask(bot), LEAD) is None
    assert await waiting_for(bot, LEAD) == 0
    assert await waiting_for(bot, LEAD2) == 1


async def test_a_part_of_an_agreement_that_is_reached_waits_for_nobody(bot: Herald) -> None:
    bot.policies.policies = policy_set(
        approvals=(ApprovalRequirement(role=LEADS), ApprovalRequirement(role=ADMINS))
    )
    assert await click(bot, await ask(bot), LEAD) is None
    assert await waiting_for(bot, LEAD2) == 0
    assert await waiting_for(bot, ADMIN) == 1


async def waiting_for(bot: Herald, user: SlackUserId) -> int:
    found = await bot.core.services.requests.listed("waiting", user)
    assert isinstance(found, RequestList)
    return found.total


async def test_details_hold_the_journal_of_the_execution(bot: Herald) -> None:
    request = await promoted(bot)
    details = await bot.core.services.requests.details(request.id, VIEWER)
    assert isinstance(details, RequestDetails)
    assert [entry.step for entry in details.journal][:2] == ["confirm", "read"]
    assert all(step.state == "complete" for step in details.card.steps)
    assert all(step.seconds is not None for step in details.card.steps)


async def test_everybody_learns_his_roles(bot: Herald) -> None:
    lead = await bot.core.services.introduce.who_am_i(LEAD)
    assert lead.approves_as == ("ml-leads",)
    guest = await bot.core.services.introduce.who_am_i(GUEST)
    assert guest.approves_as == ()
    assert guest.standing.actions == frozenset()


async def test_an_email_gives_a_role_and_a_deactivated_account_none(bot: Herald) -> None:
    policies = bot.policies.policies
    leads = replace(policies.roles[LEADS], emails=frozenset({"vera@acme.example"}))
    bot.policies.policies = replace(policies, roles={**policies.roles, LEADS: leads})
    vera = bot.directory.people[VIEWER]
    bot.directory.people[VIEWER] = replace(vera, email="Vera@acme.example")
    request = await ask(bot)
    bot.directory.people[VIEWER] = replace(bot.directory.people[VIEWER], is_deactivated=True)
    refused = await click(bot, request, VIEWER)
    assert isinstance(refused, Refusal)
    assert refused.reasons == ("this account is deactivated",)
    bot.directory.people[VIEWER] = replace(vera, email="Vera@acme.example")
    assert await click(bot, request, VIEWER) is None
