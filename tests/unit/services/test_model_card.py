"""A missing model card is filed as a file of the run, and nothing that it said is lost."""

from dataclasses import replace

import pytest
import yaml

from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError
from bot.domain.messages import CheckReport
from bot.domain.model_card import MODEL_CARD_PATH, REQUIRED_FIELDS, CardField, CardForm
from bot.domain.names import CardKey, ModelName, SlackUserId
from bot.domain.policy import Severity
from bot.domain.refusal import Refusal
from bot.persistence.audit_log import SqlAuditLog
from bot.services.targets import Target
from tests.fakes.world import CARD_CHECK, CHANNEL, MODEL, REQUESTER, VIEWER, Herald, policy_set
from tests.unit.services.asking import ask, now
from tests.unit.services.kept_files import disk_full, failing_writes, recorded

SAID = dict.fromkeys(REQUIRED_FIELDS, "It says enough")


async def checked(bot: Herald) -> CheckReport:
    bot.policies.policies = policy_set(checks=(*policy_set().policies[0].checks, CARD_CHECK))
    report = await bot.core.services.propose.check(
        Target(model="scorer", selector=7), REQUESTER, CHANNEL
    )
    assert isinstance(report, CheckReport), report
    return report


async def key(bot: Herald) -> CardKey:
    found = (await checked(bot)).key
    assert found is not None
    return found


def place(bot: Herald) -> tuple[str, str]:
    run = bot.registry.numbered[MODEL, 7].run_id
    assert run is not None
    return run, MODEL_CARD_PATH


async def form(bot: Herald, user: SlackUserId = REQUESTER) -> CardForm | Refusal:
    return await bot.core.services.file_card.form(await key(bot), user)


async def test_a_filed_card_makes_its_check_pass(bot: Herald) -> None:
    before = await checked(bot)
    assert [outcome.check for outcome in before.verdict.blocking] == ["model_card"]
    assert before.key is not None
    said = {**SAID, CardField.AUTHORS: "  Ada  ", CardField.USE_CASES: " "}
    assert await bot.core.services.file_card.file(before.key, REQUESTER, said) is None
    card = yaml.safe_load(bot.registry.files[place(bot)])
    assert (card["authors"], "use_cases" in card) == ("Ada", False)
    assert (await checked(bot)).verdict.blocking == ()


async def test_the_form_shows_what_the_card_says(bot: Herald) -> None:
    bot.registry.files[place(bot)] = b"purpose: Fraud\ninput_schema: [a, b]\nowner: x\n"
    shown = await form(bot)
    assert isinstance(shown, CardForm)
    assert shown.said == {
        CardField.PURPOSE: "Fraud",
        CardField.INPUT_SCHEMA: "- a\n- b",
    }


async def test_what_the_form_does_not_know_stays(bot: Herald) -> None:
    bot.registry.files[place(bot)] = b"purpose: Fraud\nowner: risk team\n"
    assert await bot.core.services.file_card.file(await key(bot), REQUESTER, SAID) is None
    card = yaml.safe_load(bot.registry.files[place(bot)])
    assert (card["owner"], card["purpose"]) == ("risk team", "It says enough")


async def test_what_the_form_only_showed_stays_whole(bot: Herald) -> None:
    long = "x" * 4000
    bot.registry.files[place(bot)] = f"purpose: {long}\ninput_schema: [a, b]\n".encode()
    shown = await form(bot)
    assert isinstance(shown, CardForm)
    said = {**SAID, **shown.said, CardField.PURPOSE: shown.said[CardField.PURPOSE][:3000]}
    assert await bot.core.services.file_card.file(await key(bot), REQUESTER, said) is None
    card = yaml.safe_load(bot.registry.files[place(bot)])
    assert (card["purpose"], card["input_schema"]) == (long, ["a", "b"])


@pytest.mark.parametrize(
    ("whole", "typed", "kept"),
    [
        ("x" * 4000, "y" * 5, "y" * 5 + "x" * 1000),
        (f"{'x' * 2999} {'z' * 9}", "y", f"y {'z' * 9}"),
        ("x" * 3000, "y", "y"),
    ],
)
async def test_what_the_form_had_no_room_for_stays_when_the_rest_is_edited(
    bot: Herald, whole: str, typed: str, kept: str
) -> None:
    bot.registry.files[place(bot)] = f"purpose: {whole}\n".encode()
    said = {**SAID, CardField.PURPOSE: typed}
    assert await bot.core.services.file_card.file(await key(bot), REQUESTER, said) is None
    assert yaml.safe_load(bot.registry.files[place(bot)])["purpose"] == kept


async def test_a_blank_field_is_named(bot: Herald) -> None:
    said = {**SAID, CardField.LIMITATIONS: " \u200b "}
    answer = await bot.core.services.file_card.file(await key(bot), REQUESTER, said)
    assert isinstance(answer, Refusal)
    assert answer.reasons == ("it does not say limitations",)


async def test_who_may_not_promote_files_nothing(bot: Herald) -> None:
    assert isinstance(await form(bot, VIEWER), Refusal)
    answer = await bot.core.services.file_card.file(await key(bot), VIEWER, SAID)
    assert isinstance(answer, Refusal)
    assert place(bot) not in bot.registry.files


async def test_a_version_without_a_run_can_have_no_card(bot: Herald) -> None:
    shown = await key(bot)
    bot.registry.numbered[MODEL, 7] = replace(bot.registry.numbered[MODEL, 7], run_id=None)
    answer = await bot.core.services.file_card.form(shown, REQUESTER)
    assert isinstance(answer, Refusal)
    assert answer.what == "scorer v7 can have no model card"


async def test_a_key_that_leads_nowhere_is_told(bot: Herald) -> None:
    answer = await bot.core.services.file_card.form(CardKey("nowhere"), REQUESTER)
    assert isinstance(answer, Refusal)


async def test_a_store_that_refuses_says_where_to_log_it(bot: Herald) -> None:
    shown = await key(bot)
    bot.registry.before = failing_writes(BackEndRefusedError("The artifact store", "access denied"))
    answer = await bot.core.services.file_card.file(shown, REQUESTER, SAID)
    assert isinstance(answer, Refusal)
    assert answer.reasons == ("The artifact store: access denied",)
    assert await recorded(bot) == ["model_card.asked", "model_card.refused"]
    assert "documentation/model_card.yaml" in answer.remedies[0]


async def test_a_card_that_nobody_can_read_is_not_written_over(bot: Herald) -> None:
    asked = await key(bot)
    bot.registry.files[place(bot)] = b"purpose: [unclosed\nowner: risk team\n"
    answer = await bot.core.services.file_card.file(asked, REQUESTER, SAID)
    assert isinstance(answer, Refusal)
    assert answer.what == "The model card of scorer v7 is there, and Herald cannot read it"
    assert b"risk team" in bot.registry.files[place(bot)]
    assert await form(bot) == answer


async def test_who_filed_a_card_is_on_record(bot: Herald) -> None:
    await bot.core.services.file_card.file(await key(bot), REQUESTER, SAID)
    async with bot.store.transaction() as work:
        asked, filed = await work.audit.of(MODEL)
    assert (asked.event.action, asked.event.actor) == ("model_card.asked", REQUESTER)
    assert (filed.event.action, filed.event.actor) == ("model_card.filed", REQUESTER)
    assert filed.event.details["version"] == 7


async def test_nothing_is_written_that_cannot_be_put_on_record(
    bot: Herald, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await key(bot)
    monkeypatch.setattr(SqlAuditLog, "append", disk_full)
    with pytest.raises(BackEndUnavailableError):
        await bot.core.services.file_card.file(shown, REQUESTER, SAID)
    assert place(bot) not in bot.registry.files


async def test_a_card_of_which_nobody_knows_whether_it_was_written_is_told_so(bot: Herald) -> None:
    shown = await key(bot)
    silent = BackEndUnavailableError("The artifact store", "no answer in time")
    bot.registry.before = failing_writes(silent)
    answer = await bot.core.services.file_card.file(shown, REQUESTER, SAID)
    assert isinstance(answer, Refusal)
    assert answer.what == "The model card of scorer v7 is perhaps filed, and perhaps not"
    assert answer.remedies[1] == "Look again: `/model check prod.fraud.scorer 7 to champion`"
    assert await recorded(bot) == ["model_card.asked", "model_card.unproven"]


async def test_the_form_knows_how_much_the_policy_asks_for(bot: Herald) -> None:
    opened = await key(bot)
    fields = (CardField.PURPOSE, CardField.AUTHORS)
    rule = replace(CARD_CHECK, fields=fields, min_chars=10)
    bot.policies.policies = policy_set(checks=(rule,))
    shown = await bot.core.services.file_card.form(opened, REQUESTER)
    assert isinstance(shown, CardForm)
    assert shown.least == dict.fromkeys(fields, 10)


async def test_a_version_that_was_deleted_has_no_form(bot: Herald) -> None:
    opened = await key(bot)
    del bot.registry.numbered[MODEL, 7]
    told = await bot.core.services.file_card.form(opened, REQUESTER)
    assert isinstance(told, Refusal)
    assert told.what == "scorer v7 is not in the registry any more"


async def test_a_request_that_waits_is_asked_about_anew_as_soon_as_its_card_is_filed(
    bot: Herald,
) -> None:
    check = replace(CARD_CHECK, severity=Severity.WARN)
    bot.policies.policies = policy_set(checks=(*policy_set().policies[0].checks, check))
    request = await ask(bot)
    report = await bot.core.services.propose.check(
        Target(model="scorer", selector=7), REQUESTER, CHANNEL
    )
    assert isinstance(report, CheckReport)
    assert report.key is not None
    assert await bot.core.services.file_card.file(report.key, REQUESTER, SAID) is None
    renewed = await now(bot, request.id)
    assert renewed.evidence.revision == 2
    file, card = renewed.evidence.differences
    assert file.startswith(f"candidate v7: file {MODEL_CARD_PATH}: not there → ")
    assert card.startswith("check compliance/model_card: missing → passed (")


async def test_requests_of_other_models_are_not_read_again(bot: Herald) -> None:
    request = await ask(bot)
    version = bot.registry.numbered[MODEL, 7]
    bot.registry.numbered[MODEL, 7] = replace(version, description="other words")
    assert await bot.core.rejudge.at_once(ModelName("prod.fraud.rules")) == frozenset()
    assert await bot.core.rejudge.at_once(MODEL) == {request.id}
    assert await bot.core.rejudge.at_once(MODEL) == frozenset()
