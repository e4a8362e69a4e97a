"""Web API: messages, sent, changed and deleted by the bot, and reactions to them."""

import re
from collections.abc import Mapping

from bot.sandbox.slack.call import Call, Method
from bot.sandbox.slack.contents import (
    POST_TEXT_LIMIT,
    UPDATE_TEXT_LIMIT,
    note_habits,
    read_contents,
)
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.limits import Tier
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import BOT_ID, BOT_USER_ID, Channel, Json
from bot.sandbox.slack.talk import tell_of

EMOJI_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def post_message(call: Call) -> Json:
    """Serve chat.postMessage."""
    channel = _postable(call)
    contents = read_contents(call.workspace, call.args, channel.id)
    note_habits(call.workspace, contents, call.method)
    message = Message(
        ts=call.workspace.next_ts(),
        channel=channel.id,
        user=BOT_USER_ID,
        text=contents.text[:POST_TEXT_LIMIT],
        thread_ts=_thread_of(call, channel),
        metadata=contents.metadata,
        is_broadcast=call.flag("reply_broadcast"),
    )
    call.workspace.post(message, contents.blocks)
    tell_of(call.workspace, channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": message.to_slack()}


def update_message(call: Call) -> Json:
    """Serve chat.update; blocks and metadata that are not given stay as they were."""
    channel, message = call.channel(), _own_message(call, "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    text, blocks = call.text("text"), call.args.get("blocks")
    if len(text) > UPDATE_TEXT_LIMIT:
        raise SlackError.breach("msg_too_long", f"text of {len(text)} characters")
    contents = read_contents(call.workspace, call.args, channel.id)
    note_habits(call.workspace, contents, call.method)
    message.text = text or message.text
    message.metadata = contents.metadata or message.metadata
    message.edited = {"user": BOT_ID, "ts": call.workspace.next_ts()}
    if blocks is not None:
        message.show(blocks)
    call.workspace.announce("message_changed", message)
    shown = {"channel": channel.id, "ts": message.ts, "text": message.text}
    return shown | {"message": message.to_slack()}


def delete_message(call: Call) -> Json:
    """Serve chat.delete."""
    message = _own_message(call, "cant_delete_message")
    message.is_deleted = True
    call.workspace.announce("message_deleted", message)
    return {"channel": message.channel, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    """Serve chat.postEphemeral."""
    channel, user = _postable(call), call.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    contents = read_contents(call.workspace, call.args, channel.id)
    note_habits(call.workspace, contents, call.method)
    message = Message(
        ts=call.workspace.next_ts(),
        channel=channel.id,
        user=BOT_USER_ID,
        text=contents.text,
        thread_ts=_thread_of(call, channel),
        addressee=user,
    )
    call.workspace.post(message, contents.blocks)
    return {"message_ts": message.ts}


def get_permalink(call: Call) -> Json:
    """Serve chat.getPermalink."""
    channel, ts = call.channel(), call.text("message_ts")
    message = call.workspace.find(channel.id, ts)
    if message is None or message.addressee:
        raise SlackError("message_not_found")
    link = f"{call.workspace.origin}/archives/{channel.id}/p{ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def add_reaction(call: Call) -> Json:
    """Serve reactions.add."""
    channel, name = call.joined_channel(), call.text("name")
    if channel.is_archived:
        raise SlackError("is_archived")
    if not EMOJI_NAME.fullmatch(name):
        raise SlackError.breach("invalid_name", name)
    message = call.workspace.find(channel.id, call.text("timestamp"))
    if message is None or message.addressee:
        raise SlackError("message_not_found")
    if BOT_USER_ID in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    message.reactions.setdefault(name, []).append(BOT_USER_ID)
    call.workspace.announce("message_changed", message)
    return {}


def _postable(call: Call) -> Channel:
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    is_open = not channel.is_private and "chat:write.public" in call.workspace.scopes
    if BOT_USER_ID in channel.members or (is_open and call.method == "chat.postMessage"):
        return channel
    raise SlackError("channel_not_found" if channel.is_private else "not_in_channel")


def _thread_of(call: Call, channel: Channel) -> str | None:
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    parent = call.workspace.find(channel.id, thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts


def _own_message(call: Call, refusal: str) -> Message:
    channel = call.channel()
    message = call.workspace.find(channel.id, call.text("ts"))
    if message is None or message.addressee:
        raise SlackError("message_not_found")
    if not message.is_by_bot:
        raise SlackError(refusal)
    return message


CHAT: Mapping[str, Method] = {
    "chat.postMessage": Method(serve=post_message, tier=Tier.SPECIAL, scopes=("chat:write",)),
    "chat.update": Method(serve=update_message, tier=Tier.THREE, scopes=("chat:write",)),
    "chat.delete": Method(serve=delete_message, tier=Tier.THREE, scopes=("chat:write",)),
    "chat.postEphemeral": Method(serve=post_ephemeral, tier=Tier.FOUR, scopes=("chat:write",)),
    "chat.getPermalink": Method(serve=get_permalink, tier=Tier.SPECIAL),
    "reactions.add": Method(serve=add_reaction, tier=Tier.THREE, scopes=("reactions:write",)),
}
