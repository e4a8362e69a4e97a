"""Herald's Slack adapters, in front of the Slack double."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.adapters.slack_calls import slack_client
from bot.adapters.slack_directory import SlackDirectory
from bot.adapters.slack_notifier import SlackNotifier
from tests.builders import NOW
from tests.contract.slack_double.double import Double, running


@dataclass
class HandClock:
    """A clock that moves when told to."""

    at: datetime = field(default=NOW)

    def now(self) -> datetime:
        return self.at

    def move(self, span: timedelta) -> None:
        self.at += span


@pytest.fixture
async def double() -> AsyncIterator[Double]:
    async with running() as double:
        yield double


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def notifier(double: Double) -> SlackNotifier:
    client = slack_client(double.workspace.tokens.bot, f"{double.origin}/api/", double.session)
    return SlackNotifier(client, post_spacing_s=0, update_spacing_s=0)


@pytest.fixture
def directory(double: Double, clock: HandClock) -> SlackDirectory:
    client = slack_client(double.workspace.tokens.bot, f"{double.origin}/api/", double.session)
    return SlackDirectory(client, clock)
