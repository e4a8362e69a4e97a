"""Names, versions and people that do not exist, twice the same, and too much at once."""

from dataclasses import replace

import pytest

from bot.domain.change_request import RequestState
from bot.domain.errors import NotFoundError
from bot.domain.freezing import Frozen
from bot.domain.messages import Filed, ModelList, ModelSheet
from bot.domain.names import AliasName, ModelName, RoleName, SlackUserId
from bot.domain.people import RoleMembers
from bot.domain.refusal import Refusal
from bot.domain.registry import RegisteredModel
from bot.services.compare import Pair
from bot.services.targets import Target
from bot.views.refusals import plain_text
from tests.fakes.world import (
    ARCHIVED,
    CHALLENGER,
    CHAMPION,
    CHANNEL,
    GUEST,
    LEAD,
    LEADS,
    MODEL,
    REQUESTER,
    VIEWER,
    Herald,
)
from tests.unit.services.asking import ask, click, now, promoted, roll_back

EU = ModelName("prod.eu_fraud.scorer")


async def show(bot: Herald, text: str) -> ModelSheet | Refusal:
    return await bot.core.services.browse.model(text, None, VIEWER)


async def promote(bot: Herald, target: Target) -> Filed | Refusal | Frozen:
    return await bot.core.services.propose.promote(target, REQUESTER, CHANNEL, "")


def _add(bot: Herald, name: str) -> None:
    bot.registry.known[ModelName(name)] = RegisteredModel(name=ModelName(name))


async def test_a_name_that_several_models_share_is_not_guessed(bot: Herald) -> None:
    _add(bot, EU)
    answer = await show(bot, "Scorer")
    assert isinstance(answer, Refusal)
    assert plain_text(answer) == (
        "'Scorer' could be 2 models: prod.eu_fraud.scorer; prod.fraud.scorer. "
        "Write more of the name. Example: `/model show prod.eu_fraud.scorer`."
    )
    found = await show(bot, "eu_fraud.scorer")
    assert isinstance(found, ModelSheet)
    assert found.model.name == EU


async def test_a_name_that_differs_only_by_case_is_told_apart_where_needed(bot: Herald) -> None:
    _add(bot, "prod.fraud.Scorer")
    for text in ("scorer", "Scorer"):
        found = await show(bot, text)
        assert isinstance(found, ModelSheet)
        assert found.model.name == f"prod.fraud.{text}"
    assert isinstance(await show(bot, "SCORER"), Refusal)


@pytest.mark.parametrize("text", ["scorr", "SCORRER", "fraud", "prod.fraud.scor"])
async def test_what_comes_near_is_offered(bot: Herald, text: str) -> None:
    answer = await show(bot, text)
    assert isinstance(answer, Refusal)
    assert answer.what == f"No model '{text}'. Did you mean scorer?"
    assert answer.remedies[0] == "Example: `/model compare scorer`"


async def test_what_is_far_from_everything_is_not_guessed(bot: Herald) -> None:
    answer = await show(bot, "weather")
    assert isinstance(answer, Refusal)
    assert answer.what == "No model 'weather'."
    assert answer.remedies[0] == "Example: `/model show scorer`"


async def test_an_empty_registry_still_gives_an_example(bot: Herald) -> None:
    bot.registry.known.clear()
    answer = await show(bot, "scorer")
    assert isinstance(answer, Refusal)
    assert answer.remedies[0] == "Example: `/model show NAME`"


async def test_a_model_that_is_new_since_the_last_look_is_found(bot: Herald) -> None:
    await bot.core.catalog.refresh()
    _add(bot, EU)
    assert isinstance(await show(bot, "eu_fraud.scorer"), ModelSheet)


async def test_a_model_that_was_deleted_since_the_last_look_is_not_shown(bot: Herald) -> None:
    _add(bot, EU)
    await bot.core.catalog.refresh()
    del bot.registry.known[EU]
    answer = await show(bot, EU)
    assert isinstance(answer, Refusal)
    assert answer.what == "prod.eu_fraud.scorer is not in the registry any more"
    listed = await bot.core.services.browse.models((), VIEWER)
    assert isinstance(listed, ModelList)
    assert ([model.name for model in listed.models], listed.total) == ([MODEL], 1)


@pytest.mark.parametrize(
    ("alias", "hint"),
    [
        ("Champion", " Did you mean champion?"),
        ("cham pion", ""),
        ("cham/pion", ""),
        ("latest", ""),
        ("Latest", ""),
        ("v7", ""),
        ("ünder", ""),
        ("x" * 65, ""),
        ("<!channel>", ""),
    ],
)
async def test_an_alias_that_herald_does_not_move_is_refused_with_the_rule(
    bot: Herald, alias: str, hint: str
) -> None:
    answer = await promote(bot, Target(model="scorer", selector=7, alias=AliasName(alias)))
    assert isinstance(answer, Refusal)
    assert answer.what.endswith(f"is no alias that Herald moves.{hint}")
    assert answer.reasons[0].startswith("an alias is 1 to 64 lower-case letters")
    assert answer.remedies == ("Example: `/model promote scorer 7 to champion`",)


async def test_a_case_variant_is_explained_wherever_the_champion_is_needed(bot: Herald) -> None:
    aliases = {ARCHIVED: 5, AliasName("Champion"): 6, CHALLENGER: 7}
    bot.registry.known[MODEL] = replace(bot.registry.known[MODEL], aliases=aliases)
    told = "the model has an alias `Champion`, Herald moves `champion`"
    for answer in (
        await promote(bot, Target(model="scorer", selector=7)),
        await bot.core.services.compare.compare(Pair(model="scorer"), VIEWER, CHANNEL),
        await roll_back(bot),
    ):
        assert isinstance(answer, Refusal)
        assert told in plain_text(answer)


async def test_the_champion_of_now_is_not_promoted_again(bot: Herald) -> None:
    for selector in (6, CHAMPION):
        answer = await promote(bot, Target(model="scorer", selector=selector))
        assert isinstance(answer, Refusal)
        assert plain_text(answer) == (
            "scorer v6 cannot be proposed: it is champion already. "
            "See what stands: `/model show scorer`."
        )


async def test_the_same_rollback_asked_for_twice_keeps_its_approvals(bot: Herald) -> None:
    await promoted(bot)
    first = await roll_back(bot)
    assert isinstance(first, Filed)
    again = await roll_back(bot, user=LEAD)
    assert isinstance(again, Refusal)
    assert again.reasons == (f"{first.request.label} waits for approval (v6 as champion)",)
    assert (await now(bot, first.request.id)).state is RequestState.PENDING


async def test_a_rollback_to_another_version_takes_the_place_of_the_first(bot: Herald) -> None:
    await promoted(bot)
    await promoted(bot, version=5)
    first = await roll_back(bot)
    second = await roll_back(bot, version=6)
    assert isinstance(first, Filed)
    assert isinstance(second, Filed)
    assert (first.request.version, second.request.version) == (7, 6)
    assert (await now(bot, first.request.id)).state is RequestState.SUPERSEDED


async def test_a_group_that_slack_does_not_have_has_nobody_in_it(
    bot: Herald, caplog: pytest.LogCaptureFixture
) -> None:
    policies = bot.policies.policies
    typo = {**policies.roles, RoleName("typo"): RoleMembers(groups=frozenset({"ml-laeds"}))}
    bot.policies.policies = replace(policies, roles=typo)
    request = await ask(bot)
    assert await click(bot, request, LEAD) is None
    assert caplog.text.count("a user group that Slack does not have: ml-laeds") == 1


async def test_somebody_whom_slack_does_not_know_stops_no_refusal(bot: Herald) -> None:
    policies, gone = bot.policies.policies, SlackUserId("U0GONE")
    leads = replace(policies.roles[LEADS], users=frozenset({gone}))
    bot.policies.policies = replace(policies, roles={**policies.roles, LEADS: leads})
    request = await ask(bot)
    answer = await click(bot, request, VIEWER)
    assert isinstance(answer, Refusal)
    assert answer.reasons[0] == "those who can: @u0mllead, @u0mllead2"


async def test_a_stranger_to_slack_is_no_member(bot: Herald) -> None:
    with pytest.raises(NotFoundError):
        await bot.core.services.browse.models((), SlackUserId("U0NOBODY"))


async def test_a_check_of_what_does_not_exist_is_told_as_a_promotion_of_it_is(bot: Herald) -> None:
    for target in (
        Target(model="scorer", selector=99),
        Target(model="scorer", selector=6),
        Target(model="weather", selector=1),
    ):
        checked = await bot.core.services.propose.check(target, VIEWER, CHANNEL)
        assert isinstance(checked, Refusal)
        assert checked == await promote(bot, target)
    assert isinstance(
        await bot.core.services.propose.check(Target(model="scorer", selector=7), GUEST, CHANNEL),
        Refusal,
    )


async def test_every_refusal_reads_as_sentences(bot: Herald) -> None:
    request = await ask(bot)
    services = bot.core.services
    answers = (
        await show(bot, "weather"),
        await promote(bot, Target(model="scorer", selector=99)),
        await promote(bot, Target(model="scorer", selector=AliasName("Challenger"))),
        await promote(bot, Target(model="scorer", selector=5)),
        await promote(bot, Target(model="scorer", selector=5, alias=AliasName("Oops"))),
        await services.compare.compare(Pair(model="scorer", first=6), VIEWER, CHANNEL),
        await services.browse.models((), GUEST),
        await services.resolve.resolve(request.id, LEAD, "it is fine"),
        await roll_back(bot),
        await roll_back(bot, version=3),
    )
    for answer in answers:
        assert isinstance(answer, Refusal)
        for reason in answer.reasons:
            assert not reason.endswith("."), reason
            assert reason[0].islower() or reason.startswith("CR-"), reason
        for remedy in answer.remedies:
            assert remedy[0].isupper(), remedy
        assert ".." not in plain_text(answer)
        assert ". :" not in plain_text(answer)
