from typing import Any, cast

import pytest

from bot.domain.errors import BackEndUnavailableError
from bot.domain.names import ModelName, SlackUserId
from bot.domain.picking import OPTION_VALUE, choice_of
from bot.domain.registry import ModelVersion, RegisteredModel
from bot.views.ids import ActionId, BlockId, CallbackId, Shortcut
from bot.views.pick_modal import base_block, version_block
from tests.fakes.world import CHANNEL, GUEST, LEAD, MODEL, REQUESTER, VIEWER
from tests.unit.handlers.chat import Chat, Json, acked_by, said_by

PROMOTE, COMPARE = CallbackId.PICK_PROMOTE, CallbackId.PICK_COMPARE


async def unavailable(call: str, subject: str) -> None:
    raise BackEndUnavailableError("The registry", f"no answer to {call} {subject}")


async def used(chat: Chat, shortcut: Shortcut, user: SlackUserId) -> Json:
    """Use a shortcut and return the modal that it leads to."""
    body = {"user": {"id": user}, "trigger_id": "t1"}
    assert said_by(await acked_by(chat.app.listeners[shortcut], body)) == {}
    await chat.desk.drain(60)
    return chat.bot.modals.opened["t1"]


async def chosen(chat: Chat, form: CallbackId, choice: str, user: SlackUserId) -> Json:
    """Choose a model on a form and return the form as it is then."""
    action = {"action_id": ActionId.PICK_MODEL, "selected_option": {"value": choice}}
    view = {"id": "t1", "callback_id": form}
    body = {"user": {"id": user}, "view": view, "actions": [action], "trigger_id": "t2"}
    await acked_by(chat.app.listeners[ActionId.PICK_MODEL], body)
    await chat.desk.drain(60)
    return chat.bot.modals.opened["t1"]


async def sent(
    chat: Chat, form: CallbackId, values: dict[str, dict[str, Any]], user: SlackUserId
) -> tuple[Json, str]:
    """Send a form; return the acknowledgement and what the sender is told."""
    before = len(chat.answers.sent)
    state = {"values": {block: dict([picked]) for block, picked in _pairs(values)}}
    body = {"user": {"id": user}, "view": {"private_metadata": "", "state": state}}
    ack = await acked_by(chat.app.listeners["view", form], body)
    await chat.desk.drain(60)
    return said_by(ack), "\n".join(message.text for _, message in chat.answers.sent[before:])


def _pairs(values: dict[str, dict[str, Any]]) -> list[tuple[str, tuple[str, Any]]]:
    return [(block, pair) for block, picked in values.items() for pair in picked.items()]


def picked(action: ActionId, value: str) -> dict[str, Any]:
    return {action: {"type": "static_select", "selected_option": {"value": value}}}


def complete(version: int = 7, alias: str = "champion") -> dict[str, dict[str, Any]]:
    return {
        BlockId.MODEL: picked(ActionId.PICK_MODEL, choice_of(MODEL)),
        version_block(MODEL): picked(ActionId.PICK_VERSION, str(version)),
        BlockId.ALIAS: picked(ActionId.PICK_ALIAS, alias),
        BlockId.REASON: {ActionId.REASON: {"value": "better recall"}},
    }


def menus(view: Json) -> dict[str, Json]:
    return {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}


async def suggested(chat: Chat, body: Json) -> list[str]:
    ack = await acked_by(chat.app.listeners["options", ActionId.PICK_MODEL], body)
    return [option["value"] for option in said_by(ack)["options"]]


@pytest.mark.parametrize(
    ("shortcut", "form"), [(Shortcut.PROMOTE, PROMOTE), (Shortcut.COMPARE, COMPARE)]
)
async def test_a_shortcut_opens_its_form(chat: Chat, shortcut: Shortcut, form: CallbackId) -> None:
    view = await used(chat, shortcut, REQUESTER)
    assert view["callback_id"] == form
    assert list(menus(view)) == [BlockId.MODEL]


@pytest.mark.parametrize(
    ("shortcut", "user"), [(Shortcut.PROMOTE, VIEWER), (Shortcut.COMPARE, GUEST)]
)
async def test_who_may_not_is_told_in_the_modal(
    chat: Chat, shortcut: Shortcut, user: SlackUserId
) -> None:
    view = await used(chat, shortcut, user)
    assert menus(view) == {}
    assert "Nothing " in str(view["blocks"])


async def test_a_directory_that_does_not_answer_is_told_in_the_modal(chat: Chat) -> None:
    chat.bot.directory.is_down = True
    view = await used(chat, Shortcut.PROMOTE, REQUESTER)
    assert "does not answer" in str(view["blocks"])


async def test_models_are_suggested_from_memory(chat: Chat) -> None:
    await chat.bot.core.catalog.refresh()
    chat.bot.registry.before = unavailable
    assert await suggested(chat, {"value": "SCOR"}) == [MODEL]
    assert await suggested(chat, {"value": "nothing like it"}) == []
    assert await suggested(chat, {"value": None}) == [MODEL]


async def test_a_form_is_shown_once_there_are_models_to_suggest(chat: Chat) -> None:
    assert await suggested(chat, {"value": ""}) == []
    await used(chat, Shortcut.COMPARE, VIEWER)
    assert await suggested(chat, {"value": ""}) == [MODEL]


async def test_a_name_too_long_for_a_menu_is_found_again(chat: Chat) -> None:
    name = ModelName(f"prod.fraud.{'x' * 200}")
    chat.bot.registry.known[name] = RegisteredModel(name=name)
    chat.bot.registry.numbered[name, 1] = ModelVersion(name=name, version=1)
    await chat.bot.core.catalog.refresh()
    (choice,) = await suggested(chat, {"value": "xxx"})
    assert len(choice) <= OPTION_VALUE
    view = await chosen(chat, COMPARE, choice, VIEWER)
    assert list(menus(view)) == [BlockId.MODEL, version_block(name), base_block(name)]


async def test_choosing_a_model_offers_its_versions_newest_first(chat: Chat) -> None:
    await chat.bot.core.catalog.refresh()
    view = await chosen(chat, PROMOTE, MODEL, REQUESTER)
    menu = menus(view)[version_block(MODEL)]
    assert [option["value"] for option in menu["options"]] == ["8", "7", "6", "5"]
    assert menu["initial_option"]["text"]["text"] == "v7 · challenger"
    aliases = menus(view)[BlockId.ALIAS]["options"]
    assert [option["value"] for option in aliases] == ["champion", "challenger"]


async def test_a_comparison_is_offered_against_the_champion(chat: Chat) -> None:
    await chat.bot.core.catalog.refresh()
    view = await chosen(chat, COMPARE, MODEL, VIEWER)
    assert menus(view)[base_block(MODEL)]["initial_option"]["value"] == "6"


async def test_a_model_that_is_gone_or_empty_is_said_on_the_form(chat: Chat) -> None:
    await chat.bot.core.catalog.refresh()
    assert "No model" in str(await chosen(chat, PROMOTE, "prod.gone", REQUESTER))
    empty = ModelName("prod.fraud.empty")
    chat.bot.registry.known[empty] = RegisteredModel(name=empty)
    assert "no version yet" in str(await chosen(chat, PROMOTE, empty, REQUESTER))


async def test_a_registry_that_does_not_answer_is_said_on_the_form(chat: Chat) -> None:
    await chat.bot.core.catalog.refresh()
    chat.bot.registry.before = unavailable
    view = await chosen(chat, PROMOTE, MODEL, REQUESTER)
    assert "does not answer" in str(view["blocks"])
    assert list(menus(view)) == [BlockId.MODEL]


async def test_nobody_sees_versions_who_may_not(chat: Chat) -> None:
    await chat.bot.core.catalog.refresh()
    view = await chosen(chat, COMPARE, MODEL, GUEST)
    assert menus(view) == {}


async def test_a_choice_on_a_form_of_another_herald_changes_nothing(chat: Chat) -> None:
    action = {"action_id": ActionId.PICK_MODEL, "selected_option": {"value": MODEL}}
    body = {"user": {"id": VIEWER}, "actions": [action]}
    await acked_by(chat.app.listeners[ActionId.PICK_MODEL], body)
    await chat.desk.drain(60)
    assert "does not know this form" in chat.answers.sent[0][1].text


async def test_a_complete_form_asks_for_the_promotion(chat: Chat) -> None:
    await chat.bot.core.catalog.refresh()
    ack, told = await sent(chat, PROMOTE, complete(), REQUESTER)
    assert ack == {}
    assert "CR-1" in told
    (to, _) = chat.answers.sent[0]
    assert (to.user, to.channel) == (REQUESTER, "")
    request = cast("Any", chat.bot.core.services.requests)
    listed = await request.listed("all", LEAD)
    assert (listed.requests[0].channel, listed.requests[0].reason) == (CHANNEL, "better recall")


async def test_a_promotion_to_another_alias_is_asked_for_as_chosen(chat: Chat) -> None:
    await chat.bot.core.catalog.refresh()
    _, told = await sent(chat, PROMOTE, complete(8, "challenger"), REQUESTER)
    assert "challenger" in told


async def test_a_complete_form_compares_what_was_chosen(chat: Chat) -> None:
    await chat.bot.core.catalog.refresh()
    values = complete(8) | {base_block(MODEL): picked(ActionId.PICK_BASE, "5")}
    _, told = await sent(chat, COMPARE, values, VIEWER)
    assert "scorer v8 against v5" in told


async def test_without_a_base_the_champion_is_compared_with(chat: Chat) -> None:
    await chat.bot.core.catalog.refresh()
    _, told = await sent(chat, COMPARE, complete(8), VIEWER)
    assert "scorer v8 against v6 (champion)" in told


@pytest.mark.parametrize("left_out", [BlockId.MODEL, version_block(MODEL)])
async def test_a_form_that_misses_something_stays_open(chat: Chat, left_out: str) -> None:
    await chat.bot.core.catalog.refresh()
    values = {block: value for block, value in complete().items() if block != left_out}
    ack, told = await sent(chat, PROMOTE, values, REQUESTER)
    assert ack["response_action"] == "errors"
    assert list(ack["errors"]) == [BlockId.MODEL]
    assert told == ""


async def test_versions_of_another_model_are_not_taken_for_this_ones(chat: Chat) -> None:
    other = ModelName("prod.fraud.rules")
    chat.bot.registry.known[other] = RegisteredModel(name=other)
    await chat.bot.core.catalog.refresh()
    values = complete() | {BlockId.MODEL: picked(ActionId.PICK_MODEL, other)}
    ack, _ = await sent(chat, PROMOTE, values, REQUESTER)
    assert ack["response_action"] == "errors"


async def test_a_shortcut_of_unknown_shape_is_acknowledged(chat: Chat) -> None:
    ack = await acked_by(chat.app.listeners[Shortcut.PROMOTE], {"user": "U1"})
    assert said_by(ack) == {}
