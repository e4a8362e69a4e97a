"""Web API: the three steps of an upload."""

import base64
import mimetypes
import secrets
from collections.abc import Mapping

from aiohttp import web

from bot.sandbox.slack.call import Call, Method
from bot.sandbox.slack.checks import check_blocks
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.limits import Tier
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import BOT_USER_ID, Channel, Json
from bot.sandbox.slack.workspace import StoredFile, Workspace

# Shown in place; anything else, SVG with its scripts included, is only handed out.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def get_upload_url(call: Call) -> Json:
    """Serve files.getUploadURLExternal."""
    name, length = call.text("filename"), call.number("length", 0)
    if not name or length <= 0:
        raise SlackError.breach("invalid_arguments", "filename and length are required")
    file = StoredFile(
        id=f"F{secrets.token_hex(5).upper()}",
        name=name,
        title=name,
        length=length,
        upload_token=secrets.token_urlsafe(18),
        mimetype=mimetypes.guess_type(name)[0] or "application/octet-stream",
    )
    call.workspace.state.files[file.id] = file
    url = f"{call.workspace.origin}/upload/v1/{file.upload_token}"
    return {"upload_url": url, "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """Serve files.completeUploadExternal; sharing needs the bot in the channel.

    Blocks show below the files, unless there is a comment: then Slack leaves them out.
    """
    files = [_finished(call, entry) for entry in call.args.get("files") or []]
    if not files:
        raise SlackError.breach("invalid_arguments", "no files")
    for channel in _targets(call):
        _share(call, channel, files)
    return {"files": [file.to_slack(call.workspace.origin) for file in files]}


async def receive_upload(workspace: Workspace, request: web.Request) -> web.Response:
    """Take the bytes that an upload URL was given out for."""
    token = request.match_info["token"]
    file = next((f for f in workspace.state.files.values() if f.upload_token == token), None)
    if file is None:
        raise web.HTTPNotFound(text="no such upload")
    body = await _body_of(request)
    if len(body) != file.length:
        raise web.HTTPBadRequest(text=f"expected {file.length} bytes, got {len(body)}")
    file.content = base64.b64encode(body).decode()
    return web.Response(text=f"OK - {len(body)}")


async def send_file(workspace: Workspace, request: web.Request) -> web.Response:
    """Show a file to the page."""
    file = workspace.state.files.get(request.match_info["file_id"])
    if file is None or not file.content:
        raise web.HTTPNotFound(text="no such file")
    shown = "inline" if file.mimetype in PICTURES else "attachment"
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": shown}
    return web.Response(body=file.body, content_type=file.mimetype, headers=headers)


async def _body_of(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    form = await request.post()
    for part in form.values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""


def _finished(call: Call, entry: Json) -> StoredFile:
    file = call.workspace.state.files.get(str(entry.get("id")))
    if file is None or not file.content:
        raise SlackError("file_not_found")
    file.title = str(entry.get("title") or file.name)
    return file


def _targets(call: Call) -> list[Channel]:
    names = [call.text("channel_id"), *call.text("channels").split(",")]
    channels = [call.workspace.channel(name) for name in names if name]
    if any(BOT_USER_ID not in channel.members for channel in channels):
        raise SlackError("not_in_channel")
    if any(channel.is_archived for channel in channels):
        raise SlackError("is_archived")
    return channels


def _share(call: Call, channel: Channel, files: list[StoredFile]) -> None:
    for file in files:
        file.channels.append(channel.id)
    message = Message(
        ts=call.workspace.next_ts(),
        channel=channel.id,
        user=BOT_USER_ID,
        text=call.text("initial_comment"),
        thread_ts=call.text("thread_ts") or None,
        files=[file.id for file in files],
    )
    blocks = None if message.text else call.args.get("blocks")
    if blocks is not None:
        check_blocks(call.workspace, blocks, channel.id)
    call.workspace.post(message, blocks)


FILES: Mapping[str, Method] = {
    "files.getUploadURLExternal": Method(
        serve=get_upload_url, tier=Tier.FOUR, scopes=("files:write",)
    ),
    "files.completeUploadExternal": Method(
        serve=complete_upload, tier=Tier.FOUR, scopes=("files:write",)
    ),
}
