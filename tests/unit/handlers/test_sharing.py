"""Who shares something is told what is known of it, and nothing more."""

import pytest

from bot.views.ids import ActionId
from tests.fakes.world import CHANNEL, VIEWER
from tests.unit.handlers.chat import Chat

SHARES = [("compare scorer", ActionId.SHARE), ("health", ActionId.SHARE_HEALTH)]

pytestmark = pytest.mark.parametrize(("line", "action"), SHARES)


async def share(chat: Chat, line: str, action: ActionId) -> str:
    await chat.type(line, VIEWER)
    _, message = chat.answers.sent[-1]
    buttons = [element for block in message.blocks for element in block.get("elements", [])]
    (key,) = [button["value"] for button in buttons if button.get("action_id") == action]
    return await chat.click(action, key, VIEWER)


async def test_a_channel_that_is_closed_to_herald_is_told_with_what_to_do(
    chat: Chat, line: str, action: ActionId
) -> None:
    chat.bot.notifier.closed[CHANNEL] = "not_in_channel"
    assert await share(chat, line, action) == (
        "❌ It was not shared: Herald cannot post in this channel: not_in_channel. "
        "Type `/invite @Herald` there, then share it again."
    )


async def test_without_an_answer_nobody_claims_that_nothing_was_shared(
    chat: Chat, line: str, action: ActionId
) -> None:
    chat.bot.notifier.is_down = True
    told = await share(chat, line, action)
    assert "Nobody knows whether it was shared: Slack did not answer: no answer" in told
    assert "Nothing was" not in told


async def test_a_slack_that_asks_to_wait_has_taken_nothing(
    chat: Chat, line: str, action: ActionId
) -> None:
    chat.bot.notifier.says_wait_s = 5
    assert "Slack does not answer. Nothing was changed." in await share(chat, line, action)
