"""A start that cannot listen says so; a stop leaves nothing in hand unanswered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack_http import SlackHttp
from bot.domain.errors import ConfigurationError
from handlers.entrance import Entrance
from tests.flow.http.slack import SECRET, Slack, command, signed

HOST = "127.0.0.1"


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="xoxb-1")  # noqa: S106 - no secret


def _way_in(listen: Callable[..., Awaitable[None]], port: int = 0) -> SlackHttp:
    client = AsyncWebClient(token="xoxb-1")  # noqa: S106 - no secret
    app = Entrance(client, _authorize, logging.getLogger("herald.bolt"))
    app.command("/model")(listen)
    return SlackHttp(app, SECRET, HOST, port)


async def _break() -> None:
    raise RuntimeError("broken")


async def test_what_is_in_hand_is_acknowledged_before_the_end() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def listen(ack: Callable[[str], Awaitable[None]]) -> None:
        begun.set()
        await go_on.wait()
        await ack("done")

    way_in = _way_in(listen)
    await way_in.open(lambda: None)
    body = command("list")
    async with aiohttp.ClientSession() as session:
        asked = asyncio.create_task(session.post(way_in.address, data=body, headers=signed(body)))
        await begun.wait()
        closing = asyncio.create_task(way_in.close())
        await asyncio.sleep(0)
        go_on.set()
        async with await asked as answer:
            assert (answer.status, await answer.text()) == (200, "done")
        await closing


async def test_after_the_end_nobody_listens(slack: Slack) -> None:
    await slack.way_in.close()
    with pytest.raises(aiohttp.ClientConnectionError):
        await slack.post(command("list"))


async def test_a_listener_that_breaks_is_no_acknowledgement() -> None:
    way_in = _way_in(_break)
    await way_in.open(lambda: None)
    body = command("list")
    async with (
        aiohttp.ClientSession() as session,
        session.post(way_in.address, data=body, headers=signed(body)) as answer,
    ):
        assert (answer.status, await answer.text()) == (500, "")
    await way_in.close()


async def test_what_a_broken_listener_was_to_hear_is_heard_when_it_comes_again() -> None:
    heard: list[str] = []

    async def listen(ack: Callable[[str], Awaitable[None]]) -> None:
        heard.append("list")
        if len(heard) == 1:
            raise RuntimeError("broken")
        await ack("done")

    way_in = _way_in(listen)
    await way_in.open(lambda: None)
    body, seen = command("list"), []
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.post(way_in.address, data=body, headers=signed(body)) as answer:
                seen.append((answer.status, await answer.text()))
    await way_in.close()
    assert seen == [(500, ""), (200, "done"), (200, "")]
    assert len(heard) == 2


async def test_an_address_of_another_machine_is_named() -> None:
    client = AsyncWebClient(token="xoxb-1")  # noqa: S106 - no secret
    app = Entrance(client, _authorize, logging.getLogger("herald.bolt"))
    with pytest.raises(ConfigurationError, match=r"at 192\.0\.2\.1, port 0: cannot assign"):
        await SlackHttp(app, SECRET, "192.0.2.1", 0).open(lambda: None)


async def test_a_port_that_is_taken_is_named(slack: Slack) -> None:
    port = int(slack.address.rpartition(":")[2].partition("/")[0])
    second = _way_in(_break, port)
    with pytest.raises(
        ConfigurationError, match=f"HERALD_HTTP_PORT: .*, port {port}: address already in use"
    ):
        await second.open(lambda: None)
