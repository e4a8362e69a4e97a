"""The human side: everything a person can do and see in the client, as JSON under `/human/`."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from typing import TypeVar

from aiohttp import ClientError, web
from pydantic import BaseModel, ValidationError

from bot.sandbox.slack.changes import change_workspace
from bot.sandbox.slack.errors import HumanError
from bot.sandbox.slack.faulting import heal, inject
from bot.sandbox.slack.faults import KINDS
from bot.sandbox.slack.human_bodies import (
    ActionBody,
    CloseBody,
    CommandBody,
    FaultBody,
    HomeBody,
    MessageBody,
    RawBody,
    ShortcutBody,
    SubmitBody,
    SuggestBody,
    WorkspaceBody,
)
from bot.sandbox.slack.interactions import (
    act,
    look_at_home,
    send_raw,
    suggest,
    type_command,
    use_shortcut,
)
from bot.sandbox.slack.people import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID, Json
from bot.sandbox.slack.places import open_channel, person
from bot.sandbox.slack.stacks import open_views
from bot.sandbox.slack.submissions import close, submit
from bot.sandbox.slack.talk import say
from bot.sandbox.slack.workspace import Workspace

Truth = Callable[[], Awaitable[dict[str, object]]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


B = TypeVar("B", bound=BaseModel)


def human_routes(workspace: Workspace, truth: Truth | None) -> list[web.RouteDef]:
    """Return all routes of the human side."""
    posts: list[web.RouteDef] = [
        _post(workspace, "command", CommandBody, type_command),
        _post(workspace, "message", MessageBody, say),
        _post(workspace, "action", ActionBody, act),
        _post(workspace, "submit", SubmitBody, submit),
        _post(workspace, "close", CloseBody, close),
        _post(workspace, "shortcut", ShortcutBody, use_shortcut),
        _post(workspace, "suggest", SuggestBody, suggest),
        _post(workspace, "home", HomeBody, look_at_home),
        _post(workspace, "faults", FaultBody, inject),
        _post(workspace, "raw", RawBody, send_raw),
    ]
    shown = Shown(workspace, truth)
    return [
        *posts,
        web.patch("/human/workspace", _handler(workspace, WorkspaceBody, change_workspace)),
        web.get("/human/faults", shown.faults),
        web.delete("/human/faults", shown.healed),
        web.get("/human/workspace", shown.workspace),
        web.get("/human/messages", shown.messages),
        web.get("/human/views", shown.views),
        web.get("/human/home", shown.home),
        web.get("/human/truth", shown.truth),
        web.get("/human/events", shown.events),
        web.get("/human/report", shown.report),
    ]


class Shown:
    """What the client shows to people."""

    def __init__(self, workspace: Workspace, truth: Truth | None) -> None:
        self._workspace = workspace
        self._truth = truth

    async def workspace(self, request: web.Request) -> web.Response:
        """Show users, groups, channels and the bot; the conversations of `user` if given."""
        state, user = self._workspace.state, request.query.get("user")
        channels = [
            asdict(channel)
            for channel in state.channels.values()
            if user is None or self._workspace.can_see(user, channel)
        ]
        return web.json_response(
            {
                "users": [asdict(each) for each in state.users.values()],
                "groups": [asdict(each) for each in state.groups.values()],
                "channels": channels,
                "bot": {
                    "id": BOT_ID,
                    "user_id": BOT_USER_ID,
                    "app_id": APP_ID,
                    "team_id": TEAM_ID,
                    "name": state.users[BOT_USER_ID].name,
                    "is_connected": self._workspace.hub.is_up,
                    "links": len(self._workspace.hub.live),
                },
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """Show a channel, or one thread of it, as one person sees it; oldest first."""
        user, thread = request.query.get("user", ""), request.query.get("thread_ts")
        channel = open_channel(self._workspace, user, request.query.get("channel", ""))
        messages = [
            self._workspace.shown(message)
            for message in self._workspace.visible(user, channel.id)
            if (thread in (message.ts, message.thread_ts) if thread else not message.is_reply)
        ]
        return web.json_response({"messages": messages})

    async def views(self, request: web.Request) -> web.Response:
        """Show a person's stack of modals, top last."""
        user = person(self._workspace, request.query.get("user", ""))
        stack = open_views(self._workspace, user)
        return web.json_response({"views": [view.to_slack() for view in stack]})

    async def home(self, request: web.Request) -> web.Response:
        """Show a person's home tab as it is, without telling the app of a look at it."""
        user = person(self._workspace, request.query.get("user", ""))
        home = self._workspace.state.homes.get(user)
        return web.json_response({"view": home.to_slack() if home else None})

    async def truth(self, _request: web.Request) -> web.Response:
        """Show what the back ends hold."""
        try:
            return web.json_response(await self._truth() if self._truth else {})
        except (ClientError, OSError, TimeoutError, ValueError):
            raise HumanError("databricks_down", status=503) from None

    async def report(self, _request: web.Request) -> web.Response:
        """Show calls, acknowledgement times and violations."""
        return web.json_response(self._workspace.report.to_json())

    async def faults(self, _request: web.Request) -> web.Response:
        """Show the faults that stand, and all kinds that there are."""
        return web.json_response({"active": self._workspace.faults.listed(), "kinds": KINDS})

    async def healed(self, _request: web.Request) -> web.Response:
        """Take all injected faults back."""
        heal(self._workspace)
        return web.json_response({"ok": True})

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Stream every visible change; only what `user` can see, if given."""
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await stream.prepare(request)
        wanted = self._filter(request.query.get("user"))
        with suppress(ConnectionError):
            async for frame in self._workspace.feed.listen(wanted):
                await stream.write(frame)
        return stream

    def _filter(self, user: str | None) -> Callable[[Json], bool]:
        def is_visible(event: Json) -> bool:
            channel = self._workspace.state.channels.get(event.get("channel", ""))
            if user is None or event.get("user") not in (None, user):
                return user is None
            return channel is None or self._workspace.can_see(user, channel)

        return is_visible


def _post(
    workspace: Workspace,
    name: str,
    body_type: type[B],
    serve: Callable[[Workspace, B], Awaitable[Json]],
) -> web.RouteDef:
    return web.post(f"/human/{name}", _handler(workspace, body_type, serve))


def _handler(
    workspace: Workspace, body_type: type[B], serve: Callable[[Workspace, B], Awaitable[Json]]
) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        try:
            body = body_type.model_validate_json(await request.read())
        except ValidationError as error:
            detail = error.errors(include_url=False, include_context=False, include_input=False)
            refusal = {"ok": False, "error": "invalid_body", "detail": detail}
            return web.json_response(refusal, status=400)
        return web.json_response(await serve(workspace, body))

    return handle


@web.middleware
async def human_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what nobody could do in the client as a JSON error; refuse foreign pages."""
    if request.path.startswith("/human/"):
        origin = request.headers.get("Origin")
        if origin not in (None, str(request.url.origin())):
            return web.json_response({"ok": False, "error": "foreign_origin"}, status=403)
    try:
        return await handler(request)
    except HumanError as error:
        return web.json_response({"ok": False, "error": error.error}, status=error.status)
