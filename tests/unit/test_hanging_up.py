"""A server that ends closes every connection, also one that came just now."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.meter import Meter
from bot.adapters.metrics_page import MetricsPage, Vitals
from bot.adapters.slack_http import SlackHttp
from bot.hanging_up import TURNS, hang_up
from handlers.entrance import Entrance
from tests.latecomers import HOST, assert_hung_up, latecomer
from tests.unit.adapters.test_meter import NoStore

Serving = Callable[[], AbstractAsyncContextManager[str]]


@asynccontextmanager
async def bare() -> AsyncIterator[str]:
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    yield f"http://{HOST}:{runner.addresses[0][1]}"
    await hang_up(runner)


@asynccontextmanager
async def slack_http() -> AsyncIterator[str]:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None)

    app = Entrance(AsyncWebClient(), authorize, logging.getLogger("herald.bolt"))
    way_in = SlackHttp(app, "secret", HOST, 0)
    await way_in.open(lambda: None)
    yield way_in.address
    await way_in.close()


@asynccontextmanager
async def metrics_page() -> AsyncIterator[str]:
    async def up() -> int:
        return 1

    page = MetricsPage(Meter(), Vitals(NoStore(), up, lambda: 0, lambda: True), HOST, 0)
    await page.open()
    yield page.address
    await page.close()


@pytest.mark.parametrize("turns", range(TURNS + 1))
@pytest.mark.parametrize("serving", [bare, slack_http, metrics_page])
async def test_who_comes_while_a_server_ends_is_hung_up_on(serving: Serving, turns: int) -> None:
    async with serving() as address:
        late = await latecomer(urlsplit(address).port or 0, turns)
    await assert_hung_up(late)
