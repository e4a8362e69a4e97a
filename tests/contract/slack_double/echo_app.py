"""A small app on the official clients: Bolt over Socket Mode, against the double."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, ClientTimeout
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack.seed import SANDBOX_TOKENS
from tests.contract.slack_double.double import PATIENCE_S, Double, Json, until


@dataclass(slots=True)
class Echo:
    """The app, what it was sent, and the links that carried it."""

    app: AsyncApp
    client: AsyncWebClient
    handlers: list[AsyncSocketModeHandler] = field(default_factory=list)
    received: list[Json] = field(default_factory=list)
    carried_by: list[int] = field(default_factory=list)


@asynccontextmanager
async def web_client(double: Double) -> AsyncIterator[AsyncWebClient]:
    """Yield the official client, pointed at the double."""
    async with ClientSession(timeout=ClientTimeout(total=PATIENCE_S)) as session:
        yield AsyncWebClient(
            token=double.workspace.tokens.bot, base_url=f"{double.origin}/api/", session=session
        )


@asynccontextmanager
async def connected(double: Double, *, links: int = 1) -> AsyncIterator[Echo]:
    """Yield an app that listens on as many links."""
    async with web_client(double) as client:
        echo = Echo(
            app=AsyncApp(client=client, authorize=authorize, process_before_response=True),
            client=client,
        )
        for number in range(links):
            echo.handlers.append(await _linked(double, echo, number))
        await until(lambda: len(double.workspace.hub.live) == links)
        try:
            yield echo
        finally:
            for handler in echo.handlers:
                await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped


async def authorize() -> AuthorizeResult:
    """Authorize without asking Slack."""
    return AuthorizeResult(
        enterprise_id=None,
        team_id="T0HERALD",
        bot_token=SANDBOX_TOKENS.bot,
        bot_id="B0HERALD",
        bot_user_id="U0HERALD",
    )


async def _linked(double: Double, echo: Echo, number: int) -> AsyncSocketModeHandler:
    handler = AsyncSocketModeHandler(
        echo.app,
        double.workspace.tokens.app,
        web_client=AsyncWebClient(
            token=double.workspace.tokens.app, base_url=f"{double.origin}/api/"
        ),
        ping_interval=1,
    )

    async def note(_client: AsyncBaseSocketModeClient, message: Json, _raw: str | None) -> None:
        if "envelope_id" in message:
            echo.received.append(message)
            echo.carried_by.append(number)

    handler.client.message_listeners.append(note)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    return handler
