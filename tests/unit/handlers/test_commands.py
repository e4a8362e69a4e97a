"""What people type: the table of commands, its misuse, and what each line is told."""

import json
from dataclasses import replace

import pytest

from bot.domain.change_request import ChangeRequest
from bot.domain.errors import BackEndUnavailableError
from bot.domain.names import AliasName, RequestId, SlackUserId
from bot.views.render import render
from handlers.table import BY_NAME, TABLE
from tests.fakes.world import CHANNEL, GUEST, LEAD, MODEL, REQUESTER, VIEWER
from tests.unit.handlers.chat import DIRECT, Chat
from tests.unit.services.asking import now

FIRST = RequestId(1)


async def filed(chat: Chat) -> ChangeRequest:
    return await now(chat.bot, FIRST)


def test_the_table_names_every_command_once_with_help_and_a_working_example() -> None:
    assert len(BY_NAME) == len(TABLE)
    for row in TABLE:
        assert row.command.help.endswith(".")
        assert row.command.example.startswith(row.command.name)


async def test_every_example_of_the_help_is_understood(chat: Chat) -> None:
    for row in TABLE:
        said = await chat.type(row.command.example, REQUESTER)
        assert f"❌ `/model {row.command.name}`" not in said, said
        assert said


@pytest.mark.parametrize("line", ["", "   ", "help", "HELP", "help 7", "\u00a0"])
async def test_help_is_acknowledged_at_once(chat: Chat, line: str) -> None:
    said = await chat.acked(line, VIEWER)
    assert all(name in said for name in ("compare", "promote", "rollback")), said


async def test_help_tells_everything_about_one_command(chat: Chat) -> None:
    assert "promote NAME VERSION|@ALIAS" in await chat.acked("help Promote", VIEWER)


PROMOTE = BY_NAME["promote"].command.example
COMPARE = BY_NAME["compare"].command.example


@pytest.mark.parametrize(
    ("line", "told", "example"),
    [
        ("promot scorer 7", "'promot'. Did you mean promote?", PROMOTE),
        ("help promoet", "'promoet'. Did you mean promote?", PROMOTE),
        ("prom scorer 7", "'prom'. Did you mean promote?", PROMOTE),
        ("nothing", "'nothing'.", COMPARE),
        ("xyzzy", "'xyzzy'.", COMPARE),
        ("/model list", "'/model'.", COMPARE),
    ],
)
async def test_a_word_that_is_no_command_gets_the_nearest_one(
    chat: Chat, line: str, told: str, example: str
) -> None:
    assert await chat.acked(line, VIEWER) == (
        f"❌ Herald does not know {told} Example: `/model {example}`. All commands: `/model help`."
    )


async def test_an_endless_word_is_cut_in_the_answer(chat: Chat) -> None:
    said = await chat.acked("x" * 3000, VIEWER)
    assert said.startswith(f"❌ Herald does not know '{'x' * 60}…'.")
    said = await chat.type(f"show {'y' * 3000}", VIEWER)
    assert said.startswith(f"❌ No model '{'y' * 60}…'.")
    said = await chat.acked(f"promote scorer 7 {'z' * 3000}", VIEWER)
    assert len(said) < 400


async def test_what_slack_would_act_on_is_escaped_in_the_answer(chat: Chat) -> None:
    assert "'&lt;!channel&gt;'" in await chat.acked("<!channel> now", VIEWER)
    said = await chat.type("show &lt;!here&gt;", VIEWER)
    assert "No model '&lt;!here&gt;'." in said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("promote", "which model?"),
        ("promote because reasons", "which model?"),
        ("promote 7", "which model?"),
        ("promote scorer", "which version?"),
        ("promote scorer 7.0", "'7.0' is no version; which version?"),
        ("promote scorer 7 to", "to which alias?"),
        ("promote scorer 7 to champion to challenger", "too much: to challenger"),
        ("promote scorer 7 better recall", "too much: better recall"),
        ("promote scorer@challenger 7", "too much: 7"),
        ("promote scorer 7 @challenger", "too much: @challenger"),
        ("promote scorer rules 7", "too much: rules"),
        ("check", "which model?"),
        ("check scorer", "which version?"),
        ("check scorer 7 to", "to which alias?"),
        ("compare", "which model?"),
        ("compare 6 7", "which model?"),
        ("compare scorer 5 6 7", "too much: 7"),
        ("compare scorer 6 to 7", "too much: to 7"),
        ("compare scorer 6 with 7", "too much: with"),
        ("show", "which model?"),
        ("show scorer rules", "too much: rules"),
        ("show scorer to champion", "too much: to champion"),
        ("rollback", "which model?"),
        ("rollback scorer rules", "too much: rules"),
        ("rollback scorer to 5 to 6", "too much: to 6"),
        ("rollback scorer to 5 6", "to which version number?"),
        ("rollback scorer @champion", "to which version number?"),
        ("rollback scorer to champion", "to which version number?"),
        ("rollback scorer to", "to which version number?"),
        ("requests everything", "only one of mine, waiting, all may follow"),
        ("requests CR-7", "only one of mine, waiting, all may follow"),
        ("requests 7", "only one of mine, waiting, all may follow"),
        ("requests mine waiting", "only one of mine, waiting, all may follow"),
        ("request", "which request?"),
        ("request scorer", "'scorer' is no request; which request?"),
        ("request CR-7 CR-8", "which request?"),
        ("request CR-seven", "'CR-seven' is no request; which request?"),
        ("resolve", "which request?"),
        ("resolve because it is fine", "which request?"),
        ("resolve @champion", "'@champion' is no request; which request?"),
    ],
)
async def test_a_misused_command_is_told_how_it_is_used_before_any_work(
    chat: Chat, line: str, said: str
) -> None:
    answer = await chat.acked(line, REQUESTER)
    command = line.split(maxsplit=1)[0]
    assert answer.startswith(f"❌ `/model {command}`: {said}"), answer
    assert f"sage: `/model {command}" in answer
    assert f"Example: `/model {command}" in answer


@pytest.mark.parametrize(
    "line",
    [
        "promote scorer 7",
        "promote 7 scorer",
        "PROMOTE Scorer V7 TO champion BECAUSE better recall",
        "promote scorer@challenger because better recall",
        "promote to @champion @challenger PROD.Fraud.Scorer",
        "Promote “scorer” v7 because better recall",
        "\u00a0promote\u00a0\u00a0scorer\u00a07",
        "`promote` `scorer` `7`",
        "promote prod.fraud.scorer/7",
        "promote fraud.scorer v7 to champion",
    ],
)
async def test_options_stand_in_any_case_and_order(chat: Chat, line: str) -> None:
    said = await chat.type(line, REQUESTER)
    assert said == "⏳ scorer v7 → champion: CR-1 waits for 1 approval"
    request = await filed(chat)
    assert (request.model, request.version, request.alias) == (MODEL, 7, "champion")


NASTY = (
    "<!channel> & <@U0MLLEAD> *bold* `code` “quoted” — dash\u00a0nbsp\n"
    "bell \x07 escape \x1b[31m family 👩‍👩‍👧‍👦 " + "x" * 2850
)


async def test_a_reason_is_stored_whole_and_rings_nobody_where_it_is_shown(chat: Chat) -> None:
    typed = NASTY.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    await chat.type(f"promote scorer 7 because {typed}", REQUESTER)
    request = await filed(chat)
    assert request.reason == NASTY
    await chat.bot.core.deliver.deliver_due()
    (card,) = chat.bot.notifier.cards.values()
    message = render(card)
    shown = f"{message.text} {json.dumps(message.blocks, ensure_ascii=False)}"
    assert "<!channel>" not in shown
    assert "\x07" not in shown
    assert "\x1b" not in shown
    assert "␇" in shown
    assert "👩‍👩‍👧‍👦" in shown


async def test_what_is_asked_in_a_direct_message_gets_its_card_in_the_channel(chat: Chat) -> None:
    await chat.type("promote scorer 7", REQUESTER, DIRECT)
    assert (await filed(chat)).channel == CHANNEL


async def test_reads_answer_the_asker_alone(chat: Chat) -> None:
    for line in ("list", "list FRAUD payments", "show scorer", "check scorer 7", "compare scorer"):
        assert await chat.type(line, VIEWER)
    assert {to.user for to, _ in chat.answers.sent} == {VIEWER}
    assert chat.bot.notifier.cards == {}


async def test_a_list_takes_every_word(chat: Chat) -> None:
    assert await chat.type("list FRAUD payments", VIEWER) == "1 model matches 'FRAUD payments'"
    assert "No model" in await chat.type("list to fraud to mars", VIEWER)


@pytest.mark.parametrize("user", [GUEST, VIEWER])
async def test_those_who_may_not_are_told_why_and_whom_to_ask(
    chat: Chat, user: SlackUserId
) -> None:
    said = await chat.type("promote scorer 7", user)
    why = "guest accounts cannot do this" if user == GUEST else "none of your roles may promote"
    assert said == (
        f"❌ Nothing was proposed: {why}. Ask somebody of admins, data-scientists, ml-leads."
    )


async def test_a_resolution_needs_a_reason_and_something_to_resolve(chat: Chat) -> None:
    assert await chat.type("resolve CR-1 because fine", VIEWER) == (
        "❌ CR-1 was not resolved: none of your roles may resolve. "
        "Ask somebody of admins, ml-leads."
    )
    assert await chat.type("resolve cr1", LEAD) == (
        "❌ CR-1 was not resolved: a reason is needed. "
        "Example: `/model resolve CR-1 because the endpoint was mended`."
    )
    assert await chat.type("resolve CR-1 because fine", LEAD) == (
        "❌ There is no CR-1. See what there is: `/model requests all`."
    )
    await chat.type("promote scorer 7", REQUESTER)
    assert await chat.type("resolve 1 because fine", LEAD) == (
        "❌ CR-1 was not resolved: there is nothing to resolve; CR-1 waits for approval. "
        "See how it stands: `/model request CR-1`."
    )


async def test_a_silent_back_end_is_named_and_nothing_was_changed(chat: Chat) -> None:
    async def dead(call: str, subject: str) -> None:
        del call, subject
        raise BackEndUnavailableError("The registry", "no answer within 10 s")

    chat.bot.registry.before = dead
    assert await chat.type("promote scorer 7", REQUESTER) == (
        "⚠️ The registry does not answer. Nothing was changed. No answer within 10 s. "
        "Ask again in a minute; what is under way goes on by itself."
    )


async def test_a_fault_of_herald_gets_a_number(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(call: str, subject: str) -> None:
        raise ZeroDivisionError(call, subject)

    chat.bot.registry.before = broken
    said = await chat.type("show scorer", VIEWER)
    assert said.startswith("⚠️ Herald broke on this (incident ")
    number = said.split("incident ")[1][:8]
    assert f"incident {number}" in caplog.text


async def test_an_alias_that_differs_by_case_is_explained(chat: Chat) -> None:
    chat.bot.registry.move(MODEL, AliasName("Champion"), 5)
    said = await chat.type("promote scorer 7", REQUESTER)
    assert "the model has an alias `Champion`, Herald moves `champion`" in said
    assert "In the registry, delete `Champion` or name it `champion`." in said


@pytest.mark.parametrize(
    "line",
    [
        "access U0MLLEAD",
        "access <@U0MLLEAD|lee>",
        "access @u0mllead",
        "access Lee  Marsh",
        "access lee@acme.example",
        "access <mailto:lee@acme.example|lee@acme.example>",
    ],
)
async def test_access_takes_a_person_as_people_and_slack_write_him(chat: Chat, line: str) -> None:
    lee = chat.bot.directory.people[LEAD]
    chat.bot.directory.people[LEAD] = replace(lee, name="Lee Marsh", email="lee@acme.example")
    assert "Can approve as: ml-leads" in await chat.type(line, VIEWER)


@pytest.mark.parametrize(("line", "said"), [("access", "who?"), ("access a b c d e f", "much: f")])
async def test_access_wants_a_name(chat: Chat, line: str, said: str) -> None:
    assert said in await chat.type(line, VIEWER)
