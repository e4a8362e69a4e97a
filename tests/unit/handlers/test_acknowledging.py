"""Acknowledgements come before any work, whatever is broken, full or slow."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.commands import Help
from bot.domain.errors import (
    BackEndRefusedError,
    BackEndUnavailableError,
    NotFoundError,
    StaleWriteError,
    TooLateError,
)
from bot.domain.messages import Addressee
from bot.domain.names import ChannelId
from bot.domain.refusal import Refusal
from bot.views.ids import ActionId, CallbackId, MoreOption
from handlers import settled, table
from handlers.asked import Asked, Prepared
from handlers.desk import BEFORE_THE_DESK, BUSY, Desk
from handlers.errors import told
from handlers.listening import Homes
from handlers.payloads import ButtonClick, Submission
from handlers.services import Services
from tests.fakes.world import LEAD, VIEWER, Herald
from tests.unit.handlers.chat import Chat, Gate, Json, PrivateAnswers, acked_by, chat_with, said_by
from tests.unit.services.asking import ask, now

SOMEBODY = Addressee(user=VIEWER, channel=ChannelId("C1"))
FULL = (
    "⚠️ Herald is busy. Nothing was done. Too many questions wait for back ends that do not "
    "answer. Ask again in a minute."
)


async def test_a_line_is_acknowledged_while_its_back_end_hangs(chat: Chat) -> None:
    gate = Gate()
    chat.bot.registry.before = gate.hang
    assert await chat.acked("show scorer", VIEWER) == ""
    assert chat.answers.sent == []
    gate.let_go()
    await chat.desk.drain(60)
    assert len(chat.answers.sent) == 1


async def test_a_decision_is_stored_before_it_is_acknowledged(chat: Chat) -> None:
    request = await ask(chat.bot)
    await acked_by(chat.app.listeners[ActionId.APPROVE], await _approval(chat, request))
    assert (await now(chat.bot, request.id)).state is RequestState.APPROVED


async def test_a_decision_that_takes_too_long_is_acknowledged_first(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settled, "SETTLE_S", 0.01)
    request = await ask(chat.bot)
    chat.bot.directory.hangs = asyncio.Event()
    ack = await acked_by(chat.app.listeners[ActionId.APPROVE], await _approval(chat, request))
    assert said_by(ack) == {}
    assert (await now(chat.bot, request.id)).state is RequestState.PENDING
    chat.bot.directory.hangs.set()
    await chat.desk.drain(60)
    assert (await now(chat.bot, request.id)).state is RequestState.APPROVED


async def test_a_form_that_closed_while_its_work_went_on_is_answered_by_a_message(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settled, "SETTLE_S", 0.01)
    request = await ask(chat.bot)
    key = await chat.bot.key(request.id)
    chat.bot.directory.hangs = asyncio.Event()
    body = {
        "user": {"id": VIEWER},
        "view": {
            "private_metadata": key,
            "state": {"values": {"reason": {"reason": {"value": "no"}}}},
        },
    }
    assert said_by(await acked_by(chat.app.listeners["view", CallbackId.REJECT], body)) == {}
    chat.bot.directory.hangs.set()
    await chat.desk.drain(60)
    ((_, message),) = chat.answers.sent
    assert "Only ml-leads can decide on CR-1" in message.text


async def _approval(chat: Chat, request: ChangeRequest) -> Json:
    value = await chat.bot.key(request.id)
    return {
        "user": {"id": LEAD},
        "channel": {"id": "C1"},
        "actions": [{"action_id": ActionId.APPROVE, "value": value}],
    }


async def test_a_full_desk_says_so_in_the_acknowledgement(bot: Herald) -> None:
    gate, chat = Gate(), chat_with(bot, places=3)
    bot.registry.before = gate.hang
    said = [await chat.acked("show scorer", VIEWER) for _ in range(5)]
    assert said == ["", "", "", FULL, FULL]
    assert "compare" in await chat.acked("help", VIEWER)
    gate.let_go()
    await chat.desk.drain(60)
    assert len(chat.answers.sent) == 3


async def test_a_click_at_a_full_desk_is_answered_all_the_same(bot: Herald) -> None:
    gate, chat = Gate(), chat_with(bot, places=1)
    bot.registry.before = gate.hang
    await chat.acked("show scorer", VIEWER)
    body = {
        "user": {"id": LEAD},
        "channel": {"id": "C1"},
        "actions": [{"action_id": ActionId.APPROVE, "value": "k"}],
    }
    assert said_by(await acked_by(chat.app.listeners[ActionId.APPROVE], body)) == {}
    gate.let_go()
    await chat.desk.drain(60)
    assert FULL in [message.text for _, message in chat.answers.sent]


async def test_what_was_typed_into_a_modal_is_kept_at_a_full_desk(bot: Herald) -> None:
    gate, chat = Gate(), chat_with(bot, places=1)
    bot.registry.before = gate.hang
    await chat.acked("show scorer", VIEWER)
    ack = await _rejection(chat)
    assert ack == {"response_action": "errors", "errors": {"reason": FULL.removeprefix("⚠️ ")}}
    gate.let_go()
    await chat.desk.drain(60)


async def _rejection(chat: Chat) -> Json:
    values = {"reason": {"reason": {"value": "a long story"}}}
    body = {"user": {"id": LEAD}, "view": {"private_metadata": "k", "state": {"values": values}}}
    return said_by(await acked_by(chat.app.listeners["view", CallbackId.REJECT], body))


async def test_the_desk_has_an_end_even_for_those_who_are_told_that_it_is_full() -> None:
    gate, answers = Gate(), PrivateAnswers()
    desk = Desk(answers, _Numbers(), places=1)

    async def hang() -> None:
        await gate.hang("", "")

    for _ in range(BEFORE_THE_DESK + 20):
        desk.take_or_tell(hang, SOMEBODY)
    gate.let_go()
    await desk.drain(60)
    assert len(answers.sent) == BEFORE_THE_DESK


class _Numbers:
    def new(self) -> str:
        return "0123456789abcdef"


async def test_a_fault_in_front_of_the_work_is_acknowledged_with_its_number(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(services: Services, asked: Asked) -> Prepared:
        raise ZeroDivisionError(services, asked)

    row = replace(table.BY_NAME["list"], prepare=broken)
    monkeypatch.setitem(table.BY_NAME, "list", row)
    said = await chat.acked("list", VIEWER)
    assert said.startswith("⚠️ Herald broke on this (incident ")
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize("body", [{}, {"text": "list"}, {"user_id": None, "channel_id": "C1"}])
async def test_a_command_of_unknown_shape_is_acknowledged(chat: Chat, body: Json) -> None:
    ack = said_by(await acked_by(chat.app.listeners["/model"], body))
    assert ack["text"] == "Herald did not understand what Slack sent. Nothing was done."


@pytest.mark.parametrize("body", [{}, {"user": {"id": "U1"}, "actions": []}, {"user": "U1"}])
async def test_a_click_or_submission_of_unknown_shape_is_acknowledged(
    chat: Chat, body: Json
) -> None:
    for name in (ActionId.APPROVE, ("view", CallbackId.REJECT)):
        assert said_by(await acked_by(chat.app.listeners[name], body)) == {}
    assert chat.answers.sent == []


async def test_an_answer_that_slack_does_not_take_ends_quietly(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    chat.answers.is_down = True
    assert await chat.type("list", VIEWER) == ""
    assert "Slack is down" in caplog.text


async def test_an_answer_that_slack_refuses_is_in_the_log_without_a_trace(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    chat.answers.trouble = BackEndUnavailableError("Slack", "too many calls")
    assert await chat.type("list", VIEWER) == ""
    assert caplog.messages == ["an answer reached nobody: Slack: too many calls"]


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (
            BackEndUnavailableError("The registry", "no answer within 10 s"),
            "The registry does not answer. Nothing was changed.",
        ),
        (
            BackEndRefusedError("The registry", "access denied"),
            "The registry refused. Nothing was changed.",
        ),
        (NotFoundError("The registry", "no run 7"), "That does not exist any more"),
        (TooLateError("Slack", "expired"), "The form was not opened. Nothing was changed."),
        (StaleWriteError("CR-1"), "Somebody else was faster. Nothing was changed by you."),
        (RuntimeError("boom"), "Herald broke on this (incident 01234567)"),
    ],
)
def test_every_error_has_its_words(error: Exception, what: str) -> None:
    refusal = told(error, _Numbers())
    assert refusal.what == what
    assert "boom" not in str(refusal)


def test_refusals_start_their_reasons_small_and_end_them_without_a_stop() -> None:
    for reason in BUSY.reasons:
        assert reason[0].islower()
        assert not reason.endswith(".")


def test_the_card_of_a_direct_message_goes_to_the_channel_of_releases() -> None:
    homes = Homes(releases_channel=ChannelId("C1"))
    assert homes.of(ChannelId("D9")) == "C1"
    assert homes.of(ChannelId("C2")) == "C2"
    assert homes.of(ChannelId("")) == "C1"
    assert Homes(releases_channel=ChannelId("")).of(ChannelId("D9")) == ""


def test_a_button_carries_its_key_in_its_value_and_a_menu_in_its_block() -> None:
    button = ButtonClick.model_validate(
        {"user": {"id": "U1"}, "actions": [{"action_id": "a", "block_id": "b", "value": "k"}]}
    )
    assert (button.key, button.choice, button.channel_id) == ("k", "", "")
    chosen = {"action_id": "a", "block_id": "k", "selected_option": {"value": MoreOption.CANCEL}}
    menu = ButtonClick.model_validate({"user": {"id": "U1"}, "actions": [chosen], "team": None})
    assert (menu.key, menu.choice) == ("k", "cancel")


@pytest.mark.parametrize(
    "state", [{}, {"values": {}}, {"values": {"b": {}}}, {"values": {"b": {"a": {"value": None}}}}]
)
def test_what_was_left_alone_in_a_modal_is_empty(state: Json) -> None:
    sent = Submission.model_validate({"user": {"id": "U1"}, "view": {"state": state}})
    assert sent.typed("b", "a") == ""


def test_help_and_refusals_need_no_work() -> None:
    assert isinstance(table.help_for(None, "/model"), Help)
    assert isinstance(table.help_for("nonsense", "/model"), Refusal)
