"""A missing model card is filed from the check that misses it."""

from bot.domain.model_card import MODEL_CARD_PATH, REQUIRED_FIELDS
from bot.domain.names import SlackUserId
from bot.views.ids import ActionId, CallbackId
from handlers.model_card import SAY
from tests.fakes.world import CARD_CHECK, MODEL, REQUESTER, VIEWER, policy_set
from tests.unit.handlers.chat import Chat, Json, acked_by, said_by

SAID: Json = {
    field: {ActionId.CARD_FIELD: {"type": "plain_text_input", "value": "Enough"}}
    for field in REQUIRED_FIELDS
}


async def check(chat: Chat) -> str:
    """Check v7, which lacks a card, and return the key of what is shown."""
    checks = policy_set().policies[0].checks
    chat.bot.policies.policies = policy_set(checks=(*checks, CARD_CHECK))
    await chat.type("check scorer 7", REQUESTER)
    row = chat.answers.sent[-1][1].blocks[-1]
    assert [button["action_id"] for button in row["elements"]] == [ActionId.FILE_CARD]
    return str(row["block_id"])


async def file(chat: Chat, key: str, user: SlackUserId, values: Json) -> str:
    view = {"private_metadata": key, "state": {"values": values}}
    listener = chat.app.listeners["view", CallbackId.MODEL_CARD]
    assert said_by(await acked_by(listener, {"user": {"id": user}, "view": view})) == {}
    await chat.desk.drain(60)
    return chat.answers.sent[-1][1].text


async def test_the_form_opens_at_once_and_its_card_lets_the_version_pass(chat: Chat) -> None:
    key = await check(chat)
    await chat.click(ActionId.FILE_CARD, key, REQUESTER)
    (view,) = chat.bot.modals.opened.values()
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    assert [block["block_id"] for block in inputs[:6]] == list(REQUIRED_FIELDS)
    assert [block.get("optional", False) for block in inputs] == [False] * 6 + [True] * 3
    said = await file(chat, key, REQUESTER, SAID)
    assert said.startswith("✅ scorer v7 as champion may be asked for")
    run = chat.bot.registry.numbered[MODEL, 7].run_id
    assert run is not None
    assert (run, MODEL_CARD_PATH) in chat.bot.registry.files


async def test_fields_that_say_nothing_are_marked_and_the_form_stays_open(chat: Chat) -> None:
    key = await check(chat)
    sent = len(chat.answers.sent)
    values = {**SAID, "purpose": {ActionId.CARD_FIELD: {"value": " – … "}}}
    del values["limitations"]
    view = {"private_metadata": key, "state": {"values": values}}
    listener = chat.app.listeners["view", CallbackId.MODEL_CARD]
    answer = said_by(await acked_by(listener, {"user": {"id": REQUESTER}, "view": view}))
    assert answer == {
        "response_action": "errors",
        "errors": dict.fromkeys(("purpose", "limitations"), SAY),
    }
    await chat.desk.drain(60)
    assert len(chat.answers.sent) == sent


async def test_who_may_not_is_told_in_the_form(chat: Chat) -> None:
    key = await check(chat)
    await chat.click(ActionId.FILE_CARD, key, VIEWER)
    (view,) = chat.bot.modals.opened.values()
    assert "No model card is filed" in str(view["blocks"])
