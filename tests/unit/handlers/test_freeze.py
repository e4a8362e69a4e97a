"""What people type about freezes, and what they are told."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.people import Action
from tests.fakes.world import LEAD, LEADS, REQUESTER, VIEWER, Herald
from tests.unit.handlers.chat import Chat


@pytest.fixture(autouse=True)
def _leads_may_freeze(bot: Herald) -> None:
    policies = bot.policies.policies
    leads = policies.may[LEADS] | {Action.FREEZE}
    bot.policies.policies = replace(policies, may={**policies.may, LEADS: leads})


async def said(chat: Chat, *lines: str) -> Sequence[str]:
    return [await chat.type(line, LEAD) for line in lines]


async def test_a_model_is_frozen_and_unfrozen_by_its_short_name(chat: Chat) -> None:
    frozen, listed, lifted, after = await said(
        chat,
        "freeze scorer for 2h because we migrate",
        "freezes",
        "unfreeze scorer because done",
        "freezes",
    )
    assert frozen.startswith("🔒 prod.fraud.scorer: frozen until 20")
    assert listed == "🔒 1 freeze in force"
    assert lifted == "✅ prod.fraud.scorer: no longer frozen"
    assert after == "Nothing is frozen now"


async def test_everything_is_frozen_when_no_model_is_named(chat: Chat) -> None:
    assert await said(chat, "freeze because incident 4411", "unfreeze") == [
        "🔒 all models: frozen until somebody lifts it",
        "✅ all models: no longer frozen",
    ]


async def test_words_of_a_time_come_in_any_case_and_with_a_zone(chat: Chat) -> None:
    (frozen,) = await said(chat, "FREEZE prod.* UNTIL 09:00 Europe/Berlin because why")
    assert frozen.startswith("🔒 prod.*: frozen until 20")
    (refused,) = await said(chat, "freeze prod.* until christmas because why")
    assert "Nothing was frozen: 'until christmas' is no time that Herald can read." in refused


async def test_who_asks_for_a_frozen_promotion_is_told_until_when_and_what_to_do(
    chat: Chat,
) -> None:
    await said(chat, "freeze prod.* for 2h because we migrate")
    told = await chat.type("promote scorer 7", REQUESTER)
    assert told.startswith("🔒 scorer is frozen until 20")
    assert "nothing was proposed. we migrate" in told
    blocks = str(chat.answers.sent[-1][1].blocks)
    assert "/model unfreeze prod.*" in blocks
    assert "Somebody of ml-leads may lift it" in blocks
    await chat.type("check scorer 7", REQUESTER)
    assert "🔒 Frozen " in str(chat.answers.sent[-1][1].blocks)
    assert "Promote v7" not in str(chat.answers.sent[-1][1].blocks)


async def test_others_may_look_but_not_freeze(chat: Chat) -> None:
    refused = await chat.type("freeze because I can", VIEWER)
    assert refused.startswith("❌ Nothing was frozen: none of your roles may freeze.")
    assert await chat.type("freezes", VIEWER) == "Nothing is frozen now"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("freeze prod.* for 2h", "say why with `because …`; others have to wait for it"),
        ("freeze prod.* until because x", "until when?"),
        ("freeze for because x", "for when?"),
        ("freeze scorer rules for 2h because x", "too much: rules"),
        ("freeze scorer 7 because x", "too much: 7"),
        ("freeze scorer to champion because x", "too much: to champion"),
        ("unfreeze scorer rules", "too much: rules"),
        ("freezes scorer", "too much: scorer"),
    ],
)
async def test_a_misused_line_is_told_how_it_is_used(chat: Chat, line: str, why: str) -> None:
    command = line.split(maxsplit=1)[0]
    assert (await chat.acked(line, LEAD)).startswith(f"❌ `/model {command}`: {why}")
