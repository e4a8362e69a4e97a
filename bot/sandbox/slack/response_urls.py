"""response_url: up to five answers in half an hour to one interaction."""

import time

from aiohttp import web

from bot.sandbox.slack.contents import Contents, note_habits, read_contents
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import BOT_ID, BOT_USER_ID, Json
from bot.sandbox.slack.web_api import RateLimitedError, meet_faults, too_many_requests
from bot.sandbox.slack.workspace import ResponseUrl, Workspace

METHOD = "response_url"


async def answer(workspace: Workspace, request: web.Request) -> web.Response:
    """Take one answer of the app; Slack says plain `ok`."""
    workspace.report.calls[METHOD] += 1
    try:
        await meet_faults(workspace, METHOD)
        target = _target(workspace, request.match_info["token"])
        _apply(workspace, target, await _body_of(request))
    except RateLimitedError as limited:
        return too_many_requests(limited.seconds)
    except SlackError as error:
        if error.rule:
            workspace.report.violate(error.rule, error.detail, METHOD)
        refusal = {"ok": False, "error": error.error, **error.extra}
        return web.json_response(refusal, status=404 if "url" in error.error else 400)
    return web.Response(text="ok")


async def _body_of(request: web.Request) -> Json:
    try:
        body = await request.json()
    except ValueError:
        raise SlackError.breach("invalid_payload", "not JSON") from None
    if not isinstance(body, dict):
        raise SlackError.breach("invalid_payload", "not an object")
    return body


def _target(workspace: Workspace, token: str) -> ResponseUrl:
    target = workspace.state.response_urls.get(token)
    if target is None:
        raise SlackError("invalid_url")
    if time.time() > target.expires_at:
        raise SlackError.breach("expired_url", "response_url used after its time")
    if target.uses >= workspace.timings.response_url_uses:
        raise SlackError.breach("used_url", "response_url used more than it allows")
    target.uses += 1
    return target


def _apply(workspace: Workspace, target: ResponseUrl, body: Json) -> None:
    original = workspace.find(target.channel, target.message_ts) if target.message_ts else None
    if body.get("delete_original"):
        _delete(workspace, original)
        return
    contents = read_contents(workspace, body, target.channel)
    note_habits(workspace, contents, METHOD)
    if body.get("replace_original") and original is not None:
        _replace(workspace, original, contents)
        return
    _post(workspace, target, contents, is_public=body.get("response_type") == "in_channel")


def _delete(workspace: Workspace, original: Message | None) -> None:
    if original is None:
        raise SlackError("message_not_found")
    original.is_deleted = True
    workspace.announce("message_deleted", original)


def _replace(workspace: Workspace, original: Message, contents: Contents) -> None:
    original.text = contents.text
    original.edited = {"user": BOT_ID, "ts": workspace.next_ts()}
    original.show(contents.blocks or [])
    workspace.announce("message_changed", original)


def _post(
    workspace: Workspace, target: ResponseUrl, contents: Contents, *, is_public: bool
) -> None:
    message = Message(
        ts=workspace.next_ts(),
        channel=target.channel,
        user=BOT_USER_ID,
        text=contents.text,
        thread_ts=target.thread_ts,
        metadata=contents.metadata,
        addressee=None if is_public else target.user,
    )
    workspace.post(message, contents.blocks)
    if target.message_ts is None:
        target.message_ts = message.ts
