"""The Slack double as one web application on loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from aiohttp import ClientError, web

from bot.sandbox.slack.api_files import receive_upload, send_file
from bot.sandbox.slack.deliveries import Sender
from bot.sandbox.slack.human import Handler, Truth, human_errors, human_routes
from bot.sandbox.slack.response_urls import answer
from bot.sandbox.slack.web_api import WebApi
from bot.sandbox.slack.workspace import Workspace

# Slack's own limit is not published; a view may have 250 KB, a picture a few MB.
BODY_LIMIT = 32 * 1024**2
SAVE_EVERY_S = 2.0
TRUTH_EVERY_S = 1.0


def slack_app(
    workspace: Workspace,
    *,
    truth: Truth | None = None,
    page_dir: Path | None = None,
    state_file: Path | None = None,
) -> web.Application:
    """Return Web API, Socket Mode, human side, response URLs, uploads and page in one.

    Args:
        workspace: The state that it shows and changes.
        truth: Tells what the back ends hold, for `GET /human/truth`.
        page_dir: Where the page's files are: `index.html` is served at `/`, all at `/page/`.
        state_file: Where the state is kept over restarts, saved as it changes and at the end.
    """
    app = web.Application(
        client_max_size=BODY_LIMIT, middlewares=[_note_origin(workspace), human_errors]
    )
    app.add_routes(human_routes(workspace, truth))
    app.add_routes(_app_routes(workspace))
    if page_dir is not None:
        app.add_routes(_page_routes(page_dir))
    if state_file is not None:
        app.cleanup_ctx.append(_kept(workspace, state_file))
    if truth is not None:
        app.cleanup_ctx.append(_watched(workspace, truth))
    if workspace.hub.sender is not None:
        app.on_startup.append(_opened(workspace.hub.sender))
    app.on_shutdown.append(_closed(workspace))
    return app


def _app_routes(workspace: Workspace) -> list[web.RouteDef]:
    async def upload(request: web.Request) -> web.Response:
        return await receive_upload(workspace, request)

    async def file(request: web.Request) -> web.Response:
        return await send_file(workspace, request)

    async def respond(request: web.Request) -> web.Response:
        return await answer(workspace, request)

    return [
        web.route("*", "/api/{method}", WebApi(workspace).handle),
        web.get("/link/", workspace.hub.serve),
        web.post("/response/{token}", respond),
        web.post("/upload/v1/{token}", upload),
        web.get("/files/{file_id}/{name}", file),
        web.get("/archives/{channel}/{message}", _to_page),
    ]


def _page_routes(page_dir: Path) -> list[web.AbstractRouteDef]:
    async def index(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(page_dir / "index.html")

    return [web.get("/", index), web.static("/page", page_dir)]


async def _to_page(request: web.Request) -> web.Response:
    place = request.match_info
    raise web.HTTPFound(f"/#/archives/{place['channel']}/{place['message']}")


def _note_origin(workspace: Workspace) -> Callable[..., Awaitable[web.StreamResponse]]:
    """Learn under which address the double is reached; links that it gives out start with it."""

    @web.middleware
    async def noted(request: web.Request, handler: Handler) -> web.StreamResponse:
        workspace.origin = str(request.url.origin())
        return await handler(request)

    return noted


def _kept(
    workspace: Workspace, state_file: Path
) -> Callable[[web.Application], AsyncIterator[None]]:
    async def keep(_app: web.Application) -> AsyncIterator[None]:
        workspace.load(state_file)
        task = asyncio.create_task(_save_often(workspace, state_file))
        yield
        task.cancel()
        workspace.save(state_file)

    return keep


async def _save_often(workspace: Workspace, state_file: Path) -> None:
    saved = -1
    while True:
        if saved != workspace.feed.published:
            saved = workspace.feed.published
            workspace.save(state_file)
        await asyncio.sleep(SAVE_EVERY_S)


def _watched(
    workspace: Workspace, truth: Truth
) -> Callable[[web.Application], AsyncIterator[None]]:
    async def watch(_app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(_hint_at_changes(workspace, truth))
        yield
        task.cancel()

    return watch


async def _hint_at_changes(workspace: Workspace, truth: Truth) -> None:
    """Tell the page when what the back ends hold has changed, as long as somebody listens."""
    last: dict[str, object] | None = None
    while True:
        await asyncio.sleep(TRUTH_EVERY_S)
        if not workspace.feed.listeners:
            continue
        try:
            now = await truth()
        except (ClientError, OSError, TimeoutError, ValueError):
            continue
        if now != last:
            last = now
            workspace.feed.publish("truth")


def _opened(sender: Sender) -> Callable[[web.Application], Awaitable[None]]:
    async def begin(_app: web.Application) -> None:
        await sender.open()

    return begin


def _closed(workspace: Workspace) -> Callable[[web.Application], Awaitable[None]]:
    async def close(_app: web.Application) -> None:
        workspace.feed.close()
        await workspace.hub.close()

    return close
