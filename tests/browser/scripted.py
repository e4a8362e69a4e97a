"""A Slack double with a small Bolt app whose every answer is known, and a truth to set by hand."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.hanging_up import hang_up
from bot.sandbox.slack.app import slack_app
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.seed import SANDBOX_TOKENS, demo_workspace
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.world import PAGE
from tests.contract.slack_double.double import CALM, time_runs_out

Json = dict[str, Any]
ROOM = "C0RELEASES"


@dataclass(slots=True, kw_only=True)
class Scripted:
    """The world, and what reached the app.

    Attributes:
        truth: What the back ends hold; None while they are down.
        sent: What modals handed in.
        touched: The actions that arrived.
        heard: The texts of mentions and direct messages.
    """

    address: str
    workspace: Workspace
    client: AsyncWebClient
    link: AsyncSocketModeHandler | None = None
    truth: Json | None = field(default_factory=lambda: {"models": {}, "endpoints": {}})
    sent: list[Json] = field(default_factory=list)
    touched: list[Json] = field(default_factory=list)
    heard: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def post(self, *blocks: Json, text: str = "words", **more: object) -> str:
        """Post as the bot, and return the message's time stamp."""
        answer = await self.client.chat_postMessage(
            channel=ROOM,
            text=text,
            blocks=list(blocks) or None,
            **more,  # type: ignore[arg-type]  # whatever Slack takes
        )
        return str(answer["ts"])

    async def die(self) -> None:
        """End the app, as a crash would."""
        assert self.link is not None
        await self.link.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    async def redraw(self, ts: str, *blocks: Json) -> None:
        """Edit a message in place."""
        await self.client.chat_update(channel=ROOM, ts=ts, text="redrawn", blocks=list(blocks))


@asynccontextmanager
async def scripted_world() -> AsyncIterator[Scripted]:
    """Serve the double, connect the app, and end both with the block."""
    workspace = demo_workspace(timings=CALM, limits=Limits.loose())
    held: list[Scripted] = []

    async def truth() -> Json:
        if held[0].truth is None:
            raise web.HTTPServiceUnavailable
        return held[0].truth

    runner = web.AppRunner(slack_app(workspace, page_dir=PAGE, truth=truth), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    client = AsyncWebClient(token=SANDBOX_TOKENS.bot, base_url=f"{address}api/")
    world = Scripted(address=address, workspace=workspace, client=client)
    held.append(world)
    world.link = link = AsyncSocketModeHandler(_app(world), SANDBOX_TOKENS.app)
    try:
        await link.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        yield world
    finally:
        await link.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        await hang_up(runner)


def words(text: str) -> Json:
    """Return plain text as Slack takes it."""
    return {"type": "plain_text", "text": text}


def section(text: str) -> Json:
    """Return a section of marked-up text."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action: str, text: str, **more: object) -> Json:
    """Return a button."""
    return {"type": "button", "action_id": action, "text": words(text), **more}


def actions(*elements: Json) -> Json:
    """Return a row of things to touch."""
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def _form(says: str) -> Json:
    why = {"type": "plain_text_input", "action_id": "v", "multiline": True}
    model = {"type": "external_select", "action_id": "offers", "min_query_length": 1}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": words("Ask for it"),
        "submit": words("Ask"),
        "close": words("Cancel"),
        "blocks": [
            section(says),
            {"type": "alert", "level": "warning", "text": words("It moves at once.")},
            {"type": "input", "block_id": "why", "label": words("Why?"), "element": why},
            {"type": "input", "block_id": "model", "label": words("Model"), "element": model},
            actions(button("renew", "Look again"), button("push", "Details")),
        ],
    }


def _app(world: Scripted) -> AsyncApp:
    app = AsyncApp(token=SANDBOX_TOKENS.bot, client=world.client)
    _answer_commands(app, world)
    _answer_modals(app, world)

    @app.event("app_mention")
    @app.event("message")
    async def heard(event: Json) -> None:
        world.heard.put_nowait(event["text"])

    @app.action(re.compile(".*"))
    async def touched(ack: AsyncAck, action: Json) -> None:
        world.touched.append(action)
        await ack()

    return app


def _answer_commands(app: AsyncApp, world: Scripted) -> None:
    @app.command("/model")
    async def command(ack: AsyncAck, command: Json, respond: AsyncRespond) -> None:
        if command["text"] == "slow":
            time_runs_out(world.workspace)
            return
        await ack()
        await respond(text=f"heard {command['text']}")


def _answer_modals(app: AsyncApp, world: Scripted) -> None:
    @app.action("open")
    async def opened(ack: AsyncAck, body: Json) -> None:
        await ack()
        await world.client.views_open(trigger_id=body["trigger_id"], view=_form("first words"))

    @app.action("renew")
    async def renewed(ack: AsyncAck, body: Json) -> None:
        await ack()
        await world.client.views_update(view_id=body["view"]["id"], view=_form("second words"))

    @app.action("push")
    async def pushed(ack: AsyncAck, body: Json) -> None:
        await ack()
        details = {"type": "modal", "title": words("Details"), "blocks": [section("all of it")]}
        await world.client.views_push(trigger_id=body["trigger_id"], view=details)

    @app.options("offers")
    async def offers(ack: AsyncAck, body: Json) -> None:
        names = [f"{body['value']}-{number}" for number in (1, 2, 3)]
        await ack(options=[{"text": words(name), "value": name} for name in names])

    @app.view("form")
    async def submitted(ack: AsyncAck, view: Json) -> None:
        values = view["state"]["values"]
        if values["why"]["v"]["value"] == "short":
            await ack(response_action="errors", errors={"why": "Say more than that."})
            return
        world.sent.append(values)
        await ack()
