"""One call of the Web API: its arguments, and what a method needs from its caller."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.limits import Tier
from bot.sandbox.slack.people import BOT_USER_ID, Channel, Json
from bot.sandbox.slack.workspace import Workspace

# Arguments that form-encoded calls carry as JSON text.
STRUCTURED = ("blocks", "view", "metadata", "attachments", "files", "message")
TRUTHS = (True, 1, "1", "true", "True")


class TokenKind(StrEnum):
    """Which token a method wants."""

    BOT = "bot"
    APP = "app"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that passed the gate."""

    workspace: Workspace
    method: str
    args: Json

    def text(self, name: str) -> str:
        """Return a string argument, empty when absent."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """Return a boolean argument, however it was encoded."""
        return self.args.get(name) in TRUTHS

    def number(self, name: str, default: int) -> int:
        """Return an integer argument."""
        try:
            return int(self.args.get(name) or default)
        except ValueError:
            raise SlackError.breach("invalid_arguments", f"{name} is not a number") from None

    def channel(self, name: str = "channel") -> Channel:
        """Return the conversation that an argument names."""
        return self.workspace.channel(self.text(name))

    def joined_channel(self, name: str = "channel") -> Channel:
        """Return the conversation that an argument names, if the bot is in it."""
        channel = self.channel(name)
        if BOT_USER_ID not in channel.members:
            raise SlackError("channel_not_found" if channel.is_private else "not_in_channel")
        return channel

    def page_of(self, items: list[Json]) -> tuple[list[Json], Json]:
        """Return one page of a list and the metadata that leads to the next."""
        start, limit = self.number("cursor", 0), self.number("limit", 1000)
        end = start + limit
        return items[start:end], {"next_cursor": str(end) if end < len(items) else ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How a method of the Web API is served."""

    serve: Callable[[Call], Json]
    tier: Tier
    scopes: tuple[str, ...] = ()
    token: TokenKind = TokenKind.BOT


async def read_arguments(request: web.Request) -> Json:
    """Return the arguments of query, form or JSON body as one object."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= await _json_body(request)
    elif request.can_read_body:
        args |= dict(await request.post())
    for name in STRUCTURED:
        if isinstance(args.get(name), str):
            args[name] = _decoded(name, args[name])
    return args


async def _json_body(request: web.Request) -> Json:
    try:
        body = await request.json()
    except ValueError:
        raise SlackError.breach("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError.breach("json_not_object")
    return {name: value for name, value in body.items() if value is not None}


def _decoded(name: str, text: str) -> object:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        error = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
        raise SlackError.breach(error, f"{name} is not JSON") from None
