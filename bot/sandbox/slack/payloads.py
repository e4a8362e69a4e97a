"""The payloads that Slack sends to an app, built from what the workspace holds."""

import secrets
import time

from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.modals import View, initial_values
from bot.sandbox.slack.people import (
    APP_ID,
    BOT_USER_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    Channel,
    Json,
)
from bot.sandbox.slack.workspace import Workspace

# Slack still sends the field, and says to rely on signatures instead.
VERIFICATION = "deprecated"


def slash_command(workspace: Workspace, user: str, channel: Channel, *, typed: Json) -> Json:
    """Return the payload of a slash command; `typed` adds command, text and ids."""
    return {
        "token": VERIFICATION,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": _name_of(channel),
        "user_id": user,
        "user_name": workspace.state.users[user].name,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        **typed,
    }


def interaction(workspace: Workspace, user: str, kind: str) -> Json:
    """Return what all interactive payloads have in common."""
    person = workspace.state.users[user]
    return {
        "type": kind,
        "user": {
            "id": user,
            "username": person.name,
            "name": person.name,
            "team_id": person.team_id,
        },
        "api_app_id": APP_ID,
        "token": VERIFICATION,
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def message_place(channel: Channel, message: Message) -> Json:
    """Return where in the client an element of a message was touched."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.addressee is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    place: Json = {"container": container, "channel": shown_channel(channel)}
    if message.addressee is None:
        place["message"] = message.to_slack()
    return place


def view_place(view: View) -> Json:
    """Return where in the client an element of a view was touched."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view.to_slack()}


def touched_values(blocks: list[Json], block: Json, element: Json, touch: Json) -> Json:
    """Return `state` of a message's payload after one element was touched."""
    values = initial_values(blocks)
    held = values.get(block["block_id"], {})
    if element["action_id"] in held:
        held[element["action_id"]] = {"type": element["type"], **touch}
    return {"values": values}


def event(workspace: Workspace, inner: Json) -> Json:
    """Wrap an event as the Events API does."""
    return {
        "token": VERIFICATION,
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": {**inner, "event_ts": inner.get("ts") or workspace.next_ts()},
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_urlsafe(24)}",
    }


def said(message: Message, kind: str, channel_type: str | None = None) -> Json:
    """Return the inner event for a message; `kind` is app_mention or message."""
    inner: Json = {"channel": message.channel, **message.to_slack(), "type": kind}
    if not message.is_by_bot:
        inner["client_msg_id"] = secrets.token_hex(16)
    return inner | ({"channel_type": channel_type} if channel_type else {})


def shown_channel(channel: Channel) -> Json:
    """Return a conversation as payloads name it."""
    return {"id": channel.id, "name": _name_of(channel)}


def _name_of(channel: Channel) -> str:
    return "directmessage" if channel.is_im else channel.name
