"""Shows cards in Slack channels."""

import logging
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.pacing import Pacing
from bot.adapters.slack_calls import answer_of
from bot.adapters.slack_files import SlackFiles
from bot.domain.errors import BackEndError
from bot.domain.health import HealthReport
from bot.domain.messages import Comparison, MessageRef, RequestCard
from bot.domain.names import ChannelId, MessageTs, RequestId, SlackUserId
from bot.domain.ports import Announced, Painter
from bot.views.message import Message
from bot.views.refusals import fallback
from bot.views.render import render
from bot.views.rich import Part, address, group, marked, paragraph, rich
from bot.views.slash import USUAL, with_slash
from bot.views.texts import shorten

log = logging.getLogger(__name__)

CARD_EVENT = "herald_card"
REPLY_EVENT = "herald_reply"
TELL_EVENT = "herald_tell"
HEALTH_EVENT = "herald_health"
REPLY_LIMIT = 3000
SEARCHED = 100
"""Newest messages of a channel or thread among which a lost one is looked for."""

KEPT_LINKS = 2000

POST_SPACING_S = 1.0
"""Slack: one new message a second and channel."""
UPDATE_SPACING_S = 1.2
"""Slack: chat.update is Tier 3, 50 a minute."""


class SlackNotifier:
    """Implements ``Notifier`` with Slack's Web API.

    What a message is about travels with it as metadata, so that a message whose arrival was not
    confirmed can be found again. New messages wait for their turn in the channel, redraws for
    their turn at the message.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        *,
        slash: str = USUAL,
        painter: Painter | None = None,
        post_spacing_s: float = POST_SPACING_S,
        update_spacing_s: float = UPDATE_SPACING_S,
    ) -> None:
        self._client = client
        self._slash = slash
        self._painter = painter
        self._files = SlackFiles(client)
        self._posts = Pacing(post_spacing_s)
        self._updates = Pacing(update_spacing_s)
        self._links: dict[MessageRef, str] = {}
        self._private: dict[SlackUserId, ChannelId] = {}

    async def post(self, channel: ChannelId, card: RequestCard) -> MessageRef:
        """Post a new card. Nobody knows whether it arrived when this raises *unavailable*."""
        return await self._post(channel, render(card), _card_metadata(card))

    async def update(self, message: MessageRef, card: RequestCard) -> None:
        """Redraw a card in place; ``NotFoundError`` when the message is gone."""
        await self._updates.turn(message)
        drawn = with_slash(render(card), self._slash)
        sent = self._client.chat_update(
            channel=message.channel,
            ts=message.ts,
            text=drawn.text,
            blocks=list(drawn.blocks),
            metadata=_card_metadata(card),
        )
        await answer_of("chat.update", sent)

    async def find(self, channel: ChannelId, request: RequestId) -> MessageRef | None:
        """Return the card of a request among the channel's newest messages, or None."""
        sent = self._client.conversations_history(
            channel=channel, limit=SEARCHED, include_all_metadata=True
        )
        answer = await answer_of("conversations.history", sent)
        for message in answer.get("messages", []):
            if _payload(message, CARD_EVENT).get("request") == request:
                return MessageRef(channel=channel, ts=MessageTs(str(message["ts"])))
        return None

    async def reply(self, message: MessageRef, text: str, key: str, ring: str = "") -> None:
        """Post into a card's thread, once per key among its recent replies; ring a group."""
        if await self._has_reply(message, key):
            return
        whom: list[Part] = [group(ring), " "] if ring else []
        words = rich(paragraph(*whom, *marked(shorten(text, REPLY_LIMIT))))
        metadata: dict[str, object] = {"event_type": REPLY_EVENT, "event_payload": {"key": key}}
        shown = Message(text=fallback(text), blocks=(words,))
        await self._post(message.channel, shown, metadata, thread_ts=message.ts)

    async def _has_reply(self, message: MessageRef, key: str) -> bool:
        sent = self._client.conversations_replies(
            channel=message.channel, ts=message.ts, limit=SEARCHED, include_all_metadata=True
        )
        answer = await answer_of("conversations.replies", sent)
        replies = answer.get("messages", [])
        return any(_payload(reply, REPLY_EVENT).get("key") == key for reply in replies)

    async def tell(self, user: SlackUserId, text: str, key: str = "", link: str = "") -> None:
        """Tell one person something in private, once per key among the recent messages to him."""
        channel = await self._private_with(user)
        if key and await self.has_announced(channel, key):
            return
        way: list[Part] = [" ", address(link, "Open the card")] if link else []
        words = rich(paragraph(*marked(shorten(text, REPLY_LIMIT)), *way))
        metadata: dict[str, object] = {"event_type": TELL_EVENT, "event_payload": {"key": key}}
        shown = Message(text=fallback(text), blocks=(words,))
        await self._post(channel, shown, metadata if key else None)

    async def _private_with(self, user: SlackUserId) -> ChannelId:
        """Return the conversation with one person; it never changes, so it is kept."""
        if user not in self._private:
            sent = self._client.conversations_open(users=user)
            opened = await answer_of("conversations.open", sent)
            if len(self._private) >= KEPT_LINKS:
                self._private.clear()
            self._private[user] = ChannelId(str(opened["channel"]["id"]))
        return self._private[user]

    async def link(self, message: MessageRef) -> str:
        """Return the address at which people find a message; it never changes, so it is kept."""
        if message not in self._links:
            sent = self._client.chat_getPermalink(channel=message.channel, message_ts=message.ts)
            answer = await answer_of("chat.getPermalink", sent)
            if len(self._links) >= KEPT_LINKS:
                self._links.clear()
            self._links[message] = str(answer["permalink"])
        return self._links[message]

    async def share(self, channel: ChannelId, comparison: Comparison) -> None:
        """Post a comparison for everybody in a channel; a picture follows when it can be drawn."""
        shown = render(comparison)
        message = await self._post(channel, shown)
        picture = await self._painter.comparison(comparison) if self._painter else None
        if picture is None:
            return
        try:
            await self._files.illustrate(message, with_slash(shown, self._slash), picture)
        except BackEndError as error:
            log.warning("A comparison in %s stays without its picture: %s", channel, error)

    async def announce(self, channel: ChannelId, news: Announced, key: str = "") -> None:
        """Tell everybody in a channel of a freeze, or of something else."""
        metadata: dict[str, object] = {"event_type": TELL_EVENT, "event_payload": {"key": key}}
        await self._post(channel, render(news), metadata if key else None)

    async def has_announced(self, channel: ChannelId, key: str) -> bool:
        """Tell whether something is among the channel's newest messages."""
        sent = self._client.conversations_history(
            channel=channel, limit=SEARCHED, include_all_metadata=True
        )
        answer = await answer_of("conversations.history", sent)
        messages = answer.get("messages", [])
        return any(_payload(message, TELL_EVENT).get("key") == key for message in messages)

    async def post_health(self, channel: ChannelId, report: HealthReport, slot: str) -> MessageRef:
        """Post a report on endpoints; its slot, if any, travels with it."""
        metadata: dict[str, object] = {"event_type": HEALTH_EVENT, "event_payload": {"slot": slot}}
        return await self._post(channel, render(report), metadata if slot else None)

    async def find_health(self, channel: ChannelId, slot: str) -> MessageRef | None:
        """Return the report of a slot among the channel's newest messages, or None."""
        sent = self._client.conversations_history(
            channel=channel, limit=SEARCHED, include_all_metadata=True
        )
        answer = await answer_of("conversations.history", sent)
        for message in answer.get("messages", []):
            if _payload(message, HEALTH_EVENT).get("slot") == slot:
                return MessageRef(channel=channel, ts=MessageTs(str(message["ts"])))
        return None

    async def _post(
        self,
        channel: ChannelId,
        shown: Message,
        metadata: dict[str, object] | None = None,
        thread_ts: MessageTs | None = None,
    ) -> MessageRef:
        shown = with_slash(shown, self._slash)
        await self._posts.turn(channel)
        sent = self._client.chat_postMessage(
            channel=channel,
            text=shown.text,
            blocks=list(shown.blocks),
            metadata=metadata,
            thread_ts=thread_ts,
            unfurl_links=False,
            unfurl_media=False,
        )
        answer = await answer_of("chat.postMessage", sent)
        return MessageRef(channel=channel, ts=MessageTs(str(answer["ts"])))


def _card_metadata(card: RequestCard) -> dict[str, object]:
    return {"event_type": CARD_EVENT, "event_payload": {"request": card.request.id}}


def _payload(message: dict[str, Any], event: str) -> dict[str, Any]:
    metadata = message.get("metadata") or {}
    payload: dict[str, Any] = metadata.get("event_payload", {})
    return payload if metadata.get("event_type") == event else {}
