"""The floor: a bare Bolt app that echoes, on two links: ``python -m tests.bench.echo_bot``."""

import asyncio
import os
from typing import Any

from aiohttp import ClientSession, ClientTimeout
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

LINKS = 2


async def authorize() -> AuthorizeResult:
    """Authorize without asking Slack."""
    return AuthorizeResult(
        enterprise_id=None, team_id=None, bot_token=os.environ["SLACK_BOT_TOKEN"]
    )


async def echo(ack: AsyncAck, body: dict[str, Any]) -> None:
    """Answer with what was typed."""
    await ack(text=str(body.get("text", "")))


async def main() -> None:
    """Echo until a signal ends the process."""
    address = os.environ["HERALD_SLACK_API_URL"]
    async with ClientSession(timeout=ClientTimeout(total=10)) as session:
        client = AsyncWebClient(base_url=address, session=session)
        app = AsyncApp(client=client, authorize=authorize, process_before_response=True)
        app.command("/model")(echo)
        handlers = [
            AsyncSocketModeHandler(
                app,
                os.environ["SLACK_APP_TOKEN"],
                web_client=AsyncWebClient(base_url=address, session=session),
            )
            for _ in range(LINKS)
        ]
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt's is untyped
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
