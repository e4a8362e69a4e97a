"""A chat for tests of listeners: it types and clicks as Slack does, and keeps what is said."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.messages import Addressee
from bot.domain.names import ChannelId, SlackUserId
from bot.views.ids import ActionId, BlockId, CallbackId, MoreOption
from bot.views.message import Message
from handlers.commands import ANYTHING, register
from handlers.desk import Desk
from handlers.lines import Lines, Naming
from handlers.listening import Homes, Listener, Listeners
from tests.fakes.world import CHANNEL, Herald

Json = dict[str, Any]
DIRECT = ChannelId("D0REQUESTER")
BOT = "U0HERALD"


@dataclass
class PrivateAnswers:
    """Answers to single people, as they came."""

    sent: list[tuple[Addressee, Message]] = field(default_factory=list)
    is_down: bool = False
    trouble: Exception | None = None

    async def answer(self, to: Addressee, message: Message) -> None:
        if self.trouble is not None:
            raise self.trouble
        if self.is_down:
            raise ConnectionError("Slack is down")
        self.sent.append((to, message))


@dataclass
class RecordingApp:
    """What was registered under which name, in place of Bolt's app."""

    listeners: dict[object, Listener] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    shortcuts: list[str] = field(default_factory=list)

    def _register(self, name: object) -> Callable[[Listener], None]:
        return lambda listener: self.listeners.update({name: listener})

    action = _register

    def command(self, name: str) -> Callable[[Listener], None]:
        self.commands.append(name)
        return self._register(name)

    def event(self, name: str) -> Callable[[Listener], None]:
        self.events.append(name)
        return self._register(name)

    def shortcut(self, name: str) -> Callable[[Listener], None]:
        self.shortcuts.append(name)
        return self._register(name)

    def options(self, name: object) -> Callable[[Listener], None]:
        return self._register(("options", name))

    def view(self, name: object) -> Callable[[Listener], None]:
        return self._register(("view", name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A Herald that hears and answers."""

    bot: Herald
    desk: Desk
    answers: PrivateAnswers
    app: RecordingApp

    async def type(self, text: str, user: SlackUserId, channel: ChannelId = CHANNEL) -> str:
        """Type a line behind the slash command; return what the one who typed is told."""
        before = len(self.answers.sent)
        ack = await self.acked(text, user, channel)
        if ack:
            return ack
        await self.desk.drain(60)
        return "\n".join(message.text for _, message in self.answers.sent[before:])

    async def acked(self, text: str, user: SlackUserId, channel: ChannelId = CHANNEL) -> str:
        """Type a line and return what the acknowledgement itself says."""
        typed = {
            "user_id": user,
            "channel_id": channel,
            "command": "/model",
            "text": text,
            "response_url": "https://hooks.example/1",
        }
        return str(said_by(await self._hear("/model", typed)).get("text", ""))

    async def say(
        self, text: str, user: SlackUserId, channel: ChannelId = DIRECT, more: Json | None = None
    ) -> str:
        """Say something, in private or with a mention; return what the one who said it is told."""
        before = len(self.answers.sent)
        kind = {"channel_type": "im"} if channel == DIRECT else {}
        event: Json = {"user": user, "text": text, "channel": channel, **kind, **(more or {})}
        body = {"event": event, "authorizations": [{"user_id": BOT}]}
        await self.app.listeners["message" if kind else "app_mention"](body=body)
        await self.desk.drain(60)
        return "\n".join(message.text for _, message in self.answers.sent[before:])

    async def click(self, action: ActionId | str, key: str, user: SlackUserId) -> str:
        """Click a button; return what the one who clicked is told."""
        return await self._click(user, {"action_id": action, "block_id": "b", "value": key})

    async def choose(self, choice: MoreOption | str, key: str, user: SlackUserId) -> str:
        """Choose from a card's menu; return what the one who chose is told."""
        menu = {"action_id": ActionId.MORE, "block_id": key, "selected_option": {"value": choice}}
        return await self._click(user, menu)

    async def send(
        self, modal: CallbackId, key: str, user: SlackUserId, reason: str | None
    ) -> tuple[Json, str]:
        """Send a modal; return the acknowledgement and what the sender is told."""
        before = len(self.answers.sent)
        values = {BlockId.REASON: {ActionId.REASON: {"type": "plain_text_input", "value": reason}}}
        body = {
            "user": {"id": user},
            "view": {"private_metadata": key, "state": {"values": values}},
        }
        ack = await self._hear(("view", modal), body)
        await self.desk.drain(60)
        return said_by(ack), "\n".join(m.text for _, m in self.answers.sent[before:])

    async def _click(self, user: SlackUserId, action: Json) -> str:
        before = len(self.answers.sent)
        body = {
            "user": {"id": user},
            "channel": {"id": CHANNEL},
            "trigger_id": "trigger",
            "actions": [action],
        }
        ack = await self._hear(action["action_id"], body)
        assert ack.response is not None
        await self.desk.drain(60)
        return "\n".join(message.text for _, message in self.answers.sent[before:])

    async def _hear(self, name: object, body: Json) -> AsyncAck:
        fallback = ("view", ANYTHING) if isinstance(name, tuple) else ANYTHING
        listener = self.app.listeners.get(name) or self.app.listeners[fallback]
        return await acked_by(listener, body)


async def acked_by(listener: object, body: Json) -> AsyncAck:
    """Let a listener hear a payload; return its acknowledgement."""
    ack: AsyncAck = AsyncAck()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    await listener(ack=ack, body=body)  # type: ignore[operator]  # whatever was registered
    return ack


def said_by(ack: AsyncAck) -> Json:
    """Return the body of an acknowledgement; there has to be one."""
    assert ack.response is not None, "nothing was acknowledged"
    said = ack.response.body or "{}"
    body: Json = json.loads(said) if said.startswith("{") else {"text": said}
    return body


def chat_with(bot: Herald, places: int = 200) -> Chat:
    """Return a chat in which a Herald on fakes listens."""
    app, answers = RecordingApp(), PrivateAnswers()
    desk = Desk(answers, bot.core.ids, places)
    services, homes = bot.core.services, Homes(releases_channel=CHANNEL)
    lines = Lines(services, desk, Naming(slash="/model", homes=homes))
    listeners = Listeners(services, desk, homes)
    register(cast("AsyncApp", app), listeners, lines, bot.core.ids, "/model")
    return Chat(bot=bot, desk=desk, answers=answers, app=app)


def registered() -> RecordingApp:
    """Return everything that Herald registers, without a Herald behind it."""
    app = RecordingApp()
    nobody: Any = None
    listeners = Listeners(nobody, nobody, Homes(releases_channel=CHANNEL))
    register(cast("AsyncApp", app), listeners, nobody, nobody, "/model")
    return app


class Gate:
    """A back end that hangs until it is let go."""

    def __init__(self) -> None:
        self.waiting = 0
        self._open = asyncio.Event()

    async def hang(self, call: str, subject: str) -> None:
        del call, subject
        self.waiting += 1
        await self._open.wait()

    def let_go(self) -> None:
        self._open.set()
