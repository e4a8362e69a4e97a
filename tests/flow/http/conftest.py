"""The real way in over HTTP, before a Herald on fakes."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack_http import PATH
from bot.front import links_of
from bot.persistence.database import open_store
from bot.settings import Mode, Settings
from handlers.desk import Desk
from tests.fakes.world import ShiftedClock, herald
from tests.flow.http.slack import SECRET, Slack
from tests.kept_port import kept_port
from tests.unit.handlers.chat import PrivateAnswers


@pytest.fixture
def http_port() -> Iterator[int]:
    with kept_port() as port:
        yield port


@pytest.fixture
def settings(http_port: int) -> Settings:
    return Settings(
        mode=Mode.HTTP,
        slack_bot_token=SecretStr("xoxb-1"),
        slack_signing_secret=SecretStr(SECRET),
        http_port=http_port,
        databricks_host="http://127.0.0.1:9",
        databricks_token=SecretStr("none"),
        policies=(Path("none.yml"),),
        releases_channel="C0RELEASES",
    )


@pytest.fixture
async def slack(tmp_path: Path, settings: Settings) -> AsyncIterator[Slack]:
    clock = ShiftedClock()
    store = await open_store(f"sqlite:///{tmp_path}/herald.db", clock)
    bot, answers = herald(store, clock), PrivateAnswers()
    desk = Desk(answers, bot.core.ids)
    way_in = links_of(settings, AsyncWebClient(token="xoxb-1"), bot.core, desk)  # noqa: S106 - no secret
    await way_in.open(lambda: None)
    async with aiohttp.ClientSession() as session:
        address = f"http://{settings.http_host}:{settings.http_port}{PATH}"
        yield Slack(session, address, bot, answers, desk, way_in)
    await way_in.close()
    await desk.drain(60)
    await store.close()
