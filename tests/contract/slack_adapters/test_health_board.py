"""Reports on endpoints in channels, through Slack's Web API."""

from bot.adapters.slack_notifier import SlackNotifier
from bot.domain.names import ChannelId
from bot.domain.ports import HealthBoard
from tests.contract.slack_double.double import Double
from tests.unit.views.health_samples import REPORT

CHANNEL = ChannelId("C0HEALTH")
SLOT = "2026-11-23T09:00:00+00:00"


async def test_a_report_appears_in_its_channel(double: Double, notifier: SlackNotifier) -> None:
    board: HealthBoard = notifier
    message = await board.post_health(CHANNEL, REPORT, SLOT)
    (shown,) = await double.messages("U0MLLEAD", CHANNEL)
    assert shown["ts"] == message.ts
    assert shown["text"] == "Model health: 3 need a look, 2 changed, 1 well, 1 without data"
    assert double.rules_broken() == []


async def test_a_lost_report_is_found_by_its_slot(notifier: SlackNotifier) -> None:
    message = await notifier.post_health(CHANNEL, REPORT, SLOT)
    await notifier.post_health(CHANNEL, REPORT, "2026-11-24T09:00:00+00:00")
    await notifier.post_health(CHANNEL, REPORT, "")
    assert await notifier.find_health(CHANNEL, SLOT) == message


async def test_a_report_that_never_arrived_is_not_found(notifier: SlackNotifier) -> None:
    await notifier.post_health(CHANNEL, REPORT, "")
    assert await notifier.find_health(CHANNEL, SLOT) is None
