"""Questions about endpoints as people type them, and the report for everybody."""

import pytest

from bot.views.ids import ActionId
from tests.fakes.world import CHANNEL, GUEST, VIEWER
from tests.unit.handlers.chat import DIRECT, Chat

UNMEASURED = "Model health: 1 without data"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("endpoints", "1 endpoint on the platform"),
        ("ENDPOINTS fraud", "1 endpoint matches 'fraud'"),
        ("endpoints iris", "No endpoint matches 'iris'"),
        ("endpoint scorer", "fraud-scorer: ready, 1 served entity"),
        ("endpoint “fraud–scorer”", "fraud-scorer: ready, 1 served entity"),
        ("endpoint fraud-scorr", "No endpoint 'fraud-scorr'. Did you mean fraud-scorer?"),
        ("endpoint", "`/model endpoint`: which endpoint?"),
        ("endpoint scorer please", "`/model endpoint`: too much: please"),
        ("health", UNMEASURED),
        ("health fraud", UNMEASURED),
        ("health 7", "Model health: no endpoint matches '7'"),
        ("healht", "Herald does not know 'healht'. Did you mean health?"),
    ],
)
async def test_a_line_gets_its_answer(chat: Chat, line: str, told: str) -> None:
    assert told in await chat.type(line, VIEWER)


async def test_a_guest_is_told_nothing(chat: Chat) -> None:
    for line in ("endpoints", "endpoint scorer", "health"):
        assert "Nothing is" in await chat.type(line, GUEST)


async def test_a_report_is_shared_without_a_button(chat: Chat) -> None:
    await chat.type("health", VIEWER)
    assert await share(chat) == "Shared in the channel."
    ((slot, report),) = chat.bot.notifier.health
    assert (slot, report.key, report.shared_by) == ("", None, VIEWER)


async def test_what_was_asked_in_private_is_shared_with_the_team(chat: Chat) -> None:
    await chat.type("health", VIEWER, DIRECT)
    assert await share(chat) == "Shared in the channel."
    assert chat.bot.notifier.health_channels == [CHANNEL]


async def test_a_guest_shares_nothing(chat: Chat) -> None:
    await chat.type("health", VIEWER)
    _, message = chat.answers.sent[-1]
    key = message.blocks[-1]["elements"][0]["value"]
    assert "Nothing was shared" in await chat.click(ActionId.SHARE_HEALTH, key, GUEST)
    assert chat.bot.notifier.health == []


async def share(chat: Chat) -> str:
    _, message = chat.answers.sent[-1]
    key = message.blocks[-1]["elements"][0]["value"]
    return await chat.click(ActionId.SHARE_HEALTH, key, VIEWER)
