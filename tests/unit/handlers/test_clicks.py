"""Buttons, menus and modals: each leads to one flow, and nothing that is over is done again."""

import asyncio
from typing import Any, cast

import pytest

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.names import CardKey, RequestId, SlackUserId
from bot.domain.planning import AliasNames
from bot.domain.policy import ApprovalRequirement
from bot.domain.terms import AgreementTerms, ReasonFrom
from bot.services import decide
from bot.views.ids import ActionId, BlockId, CallbackId, MoreOption
from tests.fakes.world import (
    ADMIN,
    ARCHIVED,
    CHALLENGER,
    CHAMPION,
    GUEST,
    LEAD,
    LEAD2,
    LEADS,
    MODEL,
    REQUESTER,
    VIEWER,
    policy_set,
)
from tests.unit.handlers.chat import DIRECT, Chat, Json
from tests.unit.services.asking import now, promoted

FIRST = RequestId(1)
UNSEEN = "\u200b\u2060\ufeff" * 5
UNKNOWN = (
    "❌ Herald does not know this card. Your click changed nothing. It was made by another Herald, "
    "or its record was deleted. See what is open: `/model requests`."
)


async def asked(chat: Chat) -> str:
    """Ask for a promotion and return what its card's buttons carry."""
    await chat.type("promote scorer 7", REQUESTER)
    return await chat.bot.key(FIRST)


async def state(chat: Chat) -> RequestState:
    return (await now(chat.bot, FIRST)).state


async def test_an_approval_answers_with_the_redrawn_card_alone(chat: Chat) -> None:
    key = await asked(chat)
    assert await chat.click(ActionId.APPROVE, key, LEAD) == ""
    assert await state(chat) is RequestState.APPROVED


@pytest.mark.parametrize(
    ("user", "said"),
    [
        (
            REQUESTER,
            (
                "❌ You asked for CR-1, so your word does not count. Your click changed nothing. "
                "It waits for @u0mllead, @u0mllead2 (ml-leads). "
                "To withdraw it: Cancel, in the card's menu."
            ),
        ),
        (
            VIEWER,
            (
                "❌ Only ml-leads can decide on CR-1. Your click changed nothing. "
                "Those who can: @u0mllead, @u0mllead2."
            ),
        ),
        (
            GUEST,
            (
                "❌ CR-1 is not decided by you. Your click changed nothing. "
                "Guest accounts cannot do this."
            ),
        ),
    ],
)
async def test_who_may_not_decide_is_told_who_may(chat: Chat, user: SlackUserId, said: str) -> None:
    key = await asked(chat)
    assert await chat.click(ActionId.APPROVE, key, user) == said
    assert await state(chat) is RequestState.PENDING


async def test_the_same_click_twice_has_one_effect(chat: Chat) -> None:
    key = await asked(chat)
    said = await asyncio.gather(
        chat.click(ActionId.APPROVE, key, LEAD), chat.click(ActionId.APPROVE, key, LEAD)
    )
    told = (
        "CR-1 is approved, and begins as soon as nothing holds it up. Your click changed nothing."
    )
    assert sorted({*"\n".join(said).split("\n")} - {""}) == [told]


async def test_a_rejection_asks_for_its_reason_and_closes_the_request(chat: Chat) -> None:
    key = await asked(chat)
    assert await chat.click(ActionId.REJECT, key, LEAD) == ""
    modal = chat.bot.modals.opened["trigger"]
    assert modal["title"]["text"] == "Reject CR-1"
    assert await chat.send(CallbackId.REJECT, key, LEAD, "soak is too short") == ({}, "")
    request = await now(chat.bot, FIRST)
    assert (request.state, request.note) == (RequestState.REJECTED, "soak is too short")


@pytest.mark.parametrize("reason", ["", "  \n ", None, UNSEEN, "…!"])
async def test_a_rejection_without_a_reason_is_none(chat: Chat, reason: str | None) -> None:
    key = await asked(chat)
    ack, said = await chat.send(CallbackId.REJECT, key, LEAD, reason)
    assert (in_form(ack), said) == (
        (
            "CR-1 is not rejected: a rejection needs a reason: it is all that the requester can "
            "act on. Reject again, with a reason."
        ),
        "",
    )
    assert await state(chat) is RequestState.PENDING


def in_form(ack: Json) -> str:
    """Return what a form says that stays open."""
    assert ack["response_action"] == "errors"
    return str(ack["errors"][BlockId.REASON])


async def test_a_rejection_by_somebody_who_may_not_is_refused_in_the_form(chat: Chat) -> None:
    key = await asked(chat)
    ack, said = await chat.send(CallbackId.REJECT, key, VIEWER, "no")
    assert in_form(ack).startswith("Only ml-leads can decide on CR-1. Your click changed nothing.")
    assert said == ""


async def test_who_may_not_decide_is_not_asked_for_a_reason(chat: Chat) -> None:
    key = await asked(chat)
    said = await chat.click(ActionId.REJECT, key, VIEWER)
    assert said.startswith("❌ Only ml-leads can decide on CR-1. Your click changed nothing.")
    assert chat.bot.modals.opened == {}


async def test_a_form_opens_while_nobody_can_tell_who_may_decide(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decide, "TOLD_WITHIN_S", 0.01)
    key = await asked(chat)
    chat.bot.directory.hangs = asyncio.Event()
    await chat.click(ActionId.REJECT, key, LEAD)
    assert chat.bot.modals.opened["trigger"]["title"]["text"] == "Reject CR-1"


async def test_a_form_opens_when_roles_cannot_be_read(chat: Chat) -> None:
    key = await asked(chat)
    chat.bot.directory.is_down = True
    await chat.click(ActionId.REJECT, key, LEAD)
    assert chat.bot.modals.opened["trigger"]["title"]["text"] == "Reject CR-1"


async def test_no_reason_is_asked_for_when_there_is_nothing_left_to_reject(chat: Chat) -> None:
    key = await asked(chat)
    await chat.click(ActionId.APPROVE, key, LEAD)
    said = await chat.click(ActionId.REJECT, key, LEAD2)
    assert said == (
        "CR-1 is approved, and begins as soon as nothing holds it up. Your click changed nothing."
    )
    assert chat.bot.modals.opened == {}


async def test_a_rejection_that_comes_after_the_end_changes_nothing(chat: Chat) -> None:
    key = await asked(chat)
    await chat.click(ActionId.APPROVE, key, LEAD)
    await chat.bot.execute()
    _, said = await chat.send(CallbackId.REJECT, key, LEAD2, "too late")
    assert said == "CR-1 is closed: scorer v7 became champion. Your click changed nothing."


@pytest.mark.parametrize("user", [REQUESTER, ADMIN])
async def test_a_request_is_withdrawn_by_its_requester_or_an_admin(
    chat: Chat, user: SlackUserId
) -> None:
    key = await asked(chat)
    assert await chat.choose(MoreOption.CANCEL, key, user) == ""
    assert await state(chat) is RequestState.PENDING, "a menu's choice asks first"
    view = chat.bot.modals.opened["trigger"]
    assert (view["callback_id"], view["private_metadata"]) == (CallbackId.CANCEL, key)
    assert await chat.send(CallbackId.CANCEL, key, user, None) == ({}, "")
    request = await now(chat.bot, FIRST)
    assert (request.state, request.note) == (RequestState.CANCELLED, f"<@{user}> asked for it")
    again = await chat.choose(MoreOption.CANCEL, key, user)
    assert again == "CR-1 is closed: cancelled. Your click changed nothing."


@pytest.mark.parametrize(
    ("user", "why"),
    [
        (VIEWER, "None of your roles may cancel. Ask somebody of admins."),
        (GUEST, "Guest accounts cannot do this. Ask somebody of admins."),
    ],
)
async def test_a_request_is_not_withdrawn_by_others(
    chat: Chat, user: SlackUserId, why: str
) -> None:
    key = await asked(chat)
    said = await chat.choose(MoreOption.CANCEL, key, user)
    assert said == f"❌ CR-1 is not cancelled. Your click changed nothing. {why}"
    assert await state(chat) is RequestState.PENDING


@pytest.mark.parametrize(
    "action",
    [
        ActionId.APPROVE,
        ActionId.REJECT,
        ActionId.CANCEL,
        ActionId.UNDO,
        ActionId.RESUME,
        ActionId.COMPARE,
        ActionId.ROLL_BACK,
        "a.button.of.another.day",
    ],
)
@pytest.mark.parametrize("key", ["no-such-key", "", "x" * 2000])
async def test_a_button_that_leads_nowhere_says_so(chat: Chat, action: str, key: str) -> None:
    assert await chat.click(action, key, LEAD) == UNKNOWN


@pytest.mark.parametrize("action", [ActionId.PROMOTE, ActionId.CHECK, ActionId.SHARE])
async def test_a_button_of_a_forgotten_comparison_says_how_to_ask_again(
    chat: Chat, action: ActionId
) -> None:
    said = await chat.click(action, "no-such-key", LEAD)
    assert "any more" in said
    assert "Ask again: `/model compare NAME`." in said


async def test_a_comparisons_button_on_a_requests_card_is_no_way_in(chat: Chat) -> None:
    key = await asked(chat)
    assert "any more" in await chat.click(ActionId.PROMOTE, key, LEAD)
    assert "any more" in await chat.click(ActionId.SHARE, key, LEAD)


async def test_a_menu_choice_that_herald_does_not_have_does_nothing(chat: Chat) -> None:
    key = await asked(chat)
    said = await chat.choose("burn", key, LEAD)
    assert said == "Herald does not know this choice. Nothing was done."


async def test_details_open_at_once_and_are_filled(chat: Chat) -> None:
    key = await asked(chat)
    assert await chat.choose(MoreOption.DETAILS, key, VIEWER) == ""
    modal = chat.bot.modals.opened["trigger"]
    assert modal["title"]["text"] == "CR-1"
    assert "Reading …" not in str(modal)


async def test_details_of_an_unknown_card_say_why_they_stay_empty(chat: Chat) -> None:
    await chat.click(ActionId.DETAILS, "no-such-key", VIEWER)
    shown = str(chat.bot.modals.opened["trigger"])
    assert "Herald does not know this card" in shown
    assert "See what is open" in shown


async def test_a_silent_directory_does_not_leave_details_half_open(chat: Chat) -> None:
    key = await asked(chat)
    chat.bot.directory.is_down = True
    said = await chat.click(ActionId.DETAILS, key, VIEWER)
    assert said == ""
    assert "Slack does not answer" in str(chat.bot.modals.opened["trigger"])


async def test_the_menu_compares_what_leaves_with_what_comes(chat: Chat) -> None:
    key = await asked(chat)
    assert "v7" in await chat.choose(MoreOption.COMPARE, key, VIEWER)


async def test_a_first_release_has_nothing_to_compare_with(chat: Chat) -> None:
    champion = chat.bot.registry.known[MODEL].aliases
    for alias in tuple(champion):
        chat.bot.registry.move(MODEL, alias, None)
    key = await asked(chat)
    said = await chat.choose(MoreOption.COMPARE, key, VIEWER)
    assert said == "CR-1 is a first release: there is nothing to compare with."


async def test_a_finished_card_asks_for_the_rollback_that_it_names(chat: Chat) -> None:
    done = await promoted(chat.bot)
    key = await chat.bot.key(done.id)
    said = await chat.click(ActionId.ROLL_BACK, key, REQUESTER)
    assert said == "⏳ scorer back to v6 → champion: CR-2 waits for 1 approval"
    second: ChangeRequest = await now(chat.bot, RequestId(2))
    assert second.reason == "asked for on the card of CR-1"
    again = await chat.click(ActionId.ROLL_BACK, key, REQUESTER)
    assert again == (
        "❌ Nothing was filed while another request is open for this model: CR-2 waits for "
        "approval (v6 as champion). See it, decide or cancel there: `/model request CR-2`."
    )


async def test_a_promotion_is_asked_for_on_a_comparison_of_a_direct_message(chat: Chat) -> None:
    await chat.type("compare scorer", REQUESTER, DIRECT)
    key = _key_of_the_last_answer(chat)
    assert await chat.click(ActionId.PROMOTE, key, REQUESTER) == ""
    assert "scorer" in str(chat.bot.modals.opened["trigger"])
    _, said = await chat.send(CallbackId.PROMOTE, key, REQUESTER, "better")
    assert said == "⏳ scorer v7 → champion: CR-1 waits for 1 approval"
    assert (await now(chat.bot, FIRST)).channel == "C0RELEASES"
    assert chat.answers.sent[-1][0].channel == DIRECT


async def test_the_modal_names_the_alias_that_is_champion_in_this_installation(chat: Chat) -> None:
    live = AliasNames(champion=ARCHIVED, challenger=CHALLENGER, archived=CHAMPION)
    cast("Any", chat.bot.core.services.compare)._names = live
    await chat.type("compare scorer", REQUESTER)
    await chat.click(ActionId.PROMOTE, _key_of_the_last_answer(chat), REQUESTER)
    assert "v7 as archived" in str(chat.bot.modals.opened["trigger"])


async def test_a_comparison_is_shared_by_name_and_without_buttons(chat: Chat) -> None:
    await chat.type("compare scorer", REQUESTER)
    key = _key_of_the_last_answer(chat)
    assert await chat.click(ActionId.SHARE, key, VIEWER) == "Shared in the channel."
    (shared,) = chat.bot.notifier.shared
    assert (shared.key, shared.shared_by) == (None, VIEWER)


async def test_a_check_leads_from_a_comparison_to_a_promotion(chat: Chat) -> None:
    await chat.type("compare scorer", REQUESTER)
    said = await chat.click(ActionId.CHECK, _key_of_the_last_answer(chat), REQUESTER)
    assert "scorer v7" in said
    await chat.click(ActionId.PROMOTE, _key_of_the_last_answer(chat), REQUESTER)
    assert chat.bot.modals.opened["trigger"]["title"]["text"] == "Promote v7"


async def test_a_modal_that_herald_does_not_have_changes_nothing(chat: Chat) -> None:
    ack, said = await chat.send(CallbackId.DETAILS, "", LEAD, "x")
    assert (ack, said) == ({}, UNKNOWN)


def _key_of_the_last_answer(chat: Chat) -> str:
    _, message = chat.answers.sent[-1]
    buttons = [block for block in message.blocks if block["type"] == "actions"][-1]["elements"]
    return CardKey(next(e["value"] for e in buttons if e["action_id"] == ActionId.PROMOTE))


async def test_a_refused_cancellation_is_told_in_place_of_its_question(chat: Chat) -> None:
    key = await asked(chat)
    ack, said = await chat.send(CallbackId.CANCEL, key, VIEWER, None)
    assert (ack["response_action"], said) == ("update", "")
    assert "CR-1 is not cancelled. Your click changed nothing." in str(ack["view"]["blocks"])
    assert await state(chat) is RequestState.PENDING


async def test_who_has_rejected_already_is_told_at_the_click(chat: Chat) -> None:
    chat.bot.policies.policies = policy_set(rejections=2)
    key = await asked(chat)
    await chat.send(CallbackId.REJECT, key, LEAD, "soak is too short")
    said = await chat.click(ActionId.REJECT, key, LEAD)
    assert said == "You have rejected CR-1 already. Your click changed nothing."
    assert chat.bot.modals.opened == {}


async def test_who_has_approved_already_is_told_at_the_click(chat: Chat) -> None:
    wanted = AgreementTerms(reasons=frozenset({ReasonFrom.APPROVER}))
    two = (ApprovalRequirement(role=LEADS, count=2),)
    chat.bot.policies.policies = policy_set(terms=wanted, approvals=two)
    key = await asked(chat)
    await chat.send(CallbackId.APPROVE, key, LEAD, "I read the card")
    said = await chat.click(ActionId.APPROVE, key, LEAD)
    assert said == "You have approved CR-1 already. Your click changed nothing."
    assert chat.bot.modals.opened == {}


@pytest.mark.parametrize(
    ("needed", "given", "said"),
    [
        (1, 0, "Your rejection closes the request."),
        (2, 0, "After yours, 1 more rejection closes the request."),
        (2, 1, "Your rejection closes the request."),
        (3, 0, "After yours, 2 more rejections close the request."),
    ],
)
async def test_the_form_of_a_rejection_says_what_it_does(
    chat: Chat, needed: int, given: int, said: str
) -> None:
    chat.bot.policies.policies = policy_set(rejections=needed)
    key = await asked(chat)
    for user in (LEAD2,)[:given]:
        await chat.send(CallbackId.REJECT, key, user, "soak is too short")
    await chat.click(ActionId.REJECT, key, LEAD)
    assert said in str(chat.bot.modals.opened["trigger"]["blocks"])


@pytest.mark.parametrize("modal", [CallbackId.REJECT, CallbackId.APPROVE])
async def test_a_form_stays_open_with_its_words_while_nothing_can_be_stored(
    chat: Chat, modal: CallbackId
) -> None:
    key = await asked(chat)
    chat.bot.directory.is_down = True
    ack, said = await chat.send(modal, key, LEAD, "I read the card")
    assert in_form(ack).startswith("Slack does not answer. Nothing was changed.")
    assert said == ""


async def test_an_approval_asks_for_its_reason_where_the_policy_wants_one(chat: Chat) -> None:
    wanted = AgreementTerms(reasons=frozenset({ReasonFrom.APPROVER}))
    chat.bot.policies.policies = policy_set(terms=wanted)
    key = await asked(chat)
    assert await chat.click(ActionId.APPROVE, key, LEAD) == ""
    (view,) = chat.bot.modals.opened.values()
    assert (view["title"]["text"], view["callback_id"]) == ("Approve CR-1", CallbackId.APPROVE)
    assert await state(chat) is RequestState.PENDING
    assert await chat.send(CallbackId.APPROVE, key, LEAD, "I read the card") == ({}, "")
    assert await state(chat) is RequestState.APPROVED
