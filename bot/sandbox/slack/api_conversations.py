"""Web API: conversations, their members and their history."""

from collections.abc import Mapping

from bot.sandbox.slack.call import Call, Method
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.limits import Tier
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import BOT_USER_ID, Channel, Json


def conversations_info(call: Call) -> Json:
    """Serve conversations.info."""
    channel = _readable(call)
    return {"channel": channel.to_slack(num_members=call.flag("include_num_members"))}


def conversations_list(call: Call) -> Json:
    """Serve conversations.list."""
    types = (call.text("types") or "public_channel").split(",")
    channels = [
        channel.to_slack(num_members=True)
        for channel in call.workspace.state.channels.values()
        if _kind(channel) in types and _bot_sees(channel)
        if not (call.flag("exclude_archived") and channel.is_archived)
    ]
    page, metadata = call.page_of(channels)
    return {"channels": page, "response_metadata": metadata}


def conversations_members(call: Call) -> Json:
    """Serve conversations.members."""
    members = [{"id": member} for member in _readable(call).members]
    page, metadata = call.page_of(members)
    return {"members": [each["id"] for each in page], "response_metadata": metadata}


def conversations_open(call: Call) -> Json:
    """Serve conversations.open for the direct messages with one person."""
    user = call.workspace.state.users.get(call.text("users"))
    if user is None or user.is_bot:
        raise SlackError("user_not_found")
    if user.deleted:
        raise SlackError("user_disabled")
    known = f"D{user.id[1:]}" in call.workspace.state.channels
    channel = call.workspace.im_with(user.id)
    return {"channel": {"id": channel.id}, "no_op": known, "already_open": known}


def conversations_history(call: Call) -> Json:
    """Serve conversations.history, newest first, without thread replies."""
    channel = _history_of(call)
    messages = [
        message
        for message in reversed(call.workspace.state.messages.get(channel.id, []))
        if _is_public(message) and not message.is_reply and _in_window(call, message)
    ]
    page, metadata = call.page_of([_shown(call, message) for message in messages])
    more = bool(metadata["next_cursor"])
    return {"messages": page, "has_more": more, "response_metadata": metadata}


def conversations_replies(call: Call) -> Json:
    """Serve conversations.replies, the parent first."""
    channel, parent = _history_of(call), call.text("ts")
    thread = [
        message
        for message in call.workspace.state.messages.get(channel.id, [])
        if _is_public(message) and parent in (message.ts, message.thread_ts)
    ]
    if not thread:
        raise SlackError("thread_not_found")
    page, metadata = call.page_of([_shown(call, message) for message in thread])
    more = bool(metadata["next_cursor"])
    return {"messages": page, "has_more": more, "response_metadata": metadata}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if not _bot_sees(channel):
        raise SlackError("channel_not_found")
    return channel


def _bot_sees(channel: Channel) -> bool:
    return not channel.is_private or BOT_USER_ID in channel.members


def _kind(channel: Channel) -> str:
    if channel.is_im:
        return "im"
    return "private_channel" if channel.is_private else "public_channel"


def _history_of(call: Call) -> Channel:
    channel = call.joined_channel()
    scope = channel.history_scope
    if scope not in call.workspace.scopes:
        extra = {"needed": scope, "provided": ",".join(sorted(call.workspace.scopes))}
        raise SlackError("missing_scope", rule="missing_scope", detail=scope, extra=extra)
    return channel


def _is_public(message: Message) -> bool:
    return message.addressee is None and not message.is_deleted


def _in_window(call: Call, message: Message) -> bool:
    oldest, latest = call.text("oldest") or "0", call.text("latest") or "9" * 10
    ts = float(message.ts)
    if call.flag("inclusive"):
        return float(oldest) <= ts <= float(latest)
    return float(oldest) < ts < float(latest)


def _shown(call: Call, message: Message) -> Json:
    shown = message.to_slack()
    files = [call.workspace.state.files[each] for each in message.files]
    if files:
        shown["files"] = [file.to_slack(call.workspace.origin) for file in files]
    if message.metadata and call.flag("include_all_metadata"):
        shown["metadata"] = message.metadata
    return shown


CONVERSATIONS: Mapping[str, Method] = {
    "conversations.info": Method(
        serve=conversations_info, tier=Tier.THREE, scopes=("channels:read",)
    ),
    "conversations.list": Method(
        serve=conversations_list, tier=Tier.TWO, scopes=("channels:read",)
    ),
    "conversations.members": Method(
        serve=conversations_members, tier=Tier.FOUR, scopes=("channels:read",)
    ),
    "conversations.open": Method(serve=conversations_open, tier=Tier.THREE, scopes=("im:write",)),
    "conversations.history": Method(serve=conversations_history, tier=Tier.THREE),
    "conversations.replies": Method(serve=conversations_replies, tier=Tier.THREE),
}
