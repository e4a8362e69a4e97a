"""Messages of people and of the bot, and the events by which the app hears of them."""

from bot.sandbox.slack.errors import HumanError
from bot.sandbox.slack.human_bodies import MessageBody
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.payloads import event, said
from bot.sandbox.slack.people import BOT_USER_ID, Channel, Json
from bot.sandbox.slack.places import open_channel
from bot.sandbox.slack.typed_text import as_rich_text, for_message
from bot.sandbox.slack.workspace import Workspace


async def say(workspace: Workspace, body: MessageBody) -> Json:
    """Post a person's message; the app hears of it as far as it subscribed."""
    channel = open_channel(workspace, body.user, body.channel)
    if channel.is_archived:
        raise HumanError("is_archived", status=409)
    message = Message(
        ts=workspace.next_ts(),
        channel=channel.id,
        user=body.user,
        text=for_message(workspace, body.text),
        thread_ts=body.thread_ts,
    )
    workspace.post(message, [as_rich_text(workspace, body.text)])
    tell_of(workspace, channel, message)
    return {"ok": True, "ts": message.ts}


def tell_of(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Send the events of one new message, the bot's own included.

    A mention in a direct conversation is a message there and nothing else.
    """
    if BOT_USER_ID not in channel.members:
        return
    if channel.event in workspace.events:
        workspace.hub.deliver_event(event(workspace, said(message, "message", channel.kind)))
    is_mention = f"<@{BOT_USER_ID}>" in message.text and not message.is_by_bot
    if is_mention and not channel.is_im and "app_mention" in workspace.events:
        workspace.hub.deliver_event(event(workspace, said(message, "app_mention")))
