"""Private answers, modals and home tabs, by the straight way: a trigger lives only 3 s."""

from dataclasses import replace
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack_calls import answer_of
from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.messages import Addressee
from bot.domain.names import ChannelId, SlackUserId
from bot.views.message import Message
from bot.views.slash import USUAL, view_with_slash, with_slash


class SlackAnswers:
    """Shows something to one person: by the payload's own address, else ephemeral, else directly.

    A response_url takes five answers within 30 minutes (Slack) and needs no membership.
    """

    def __init__(
        self, client: AsyncWebClient, session: aiohttp.ClientSession, slash: str = USUAL
    ) -> None:
        self._client = client
        self._slash = slash
        self._session = session

    async def answer(self, to: Addressee, message: Message) -> None:
        """Show a message to one person only."""
        message = with_slash(message, self._slash)
        if to.response_url and await self._by_response_url(to.response_url, message):
            return
        if to.is_alone or not to.channel:
            await self._direct(to, message)
            return
        try:
            await self._ephemeral(to, message)
        except (BackEndRefusedError, NotFoundError):
            await self._direct(replace(to, channel=ChannelId(""), thread=None), message)

    async def open(self, trigger_id: str, view: dict[str, Any]) -> str:
        """Open a modal while the trigger lives (3 s); return its id."""
        shown = view_with_slash(view, self._slash)
        sent = self._client.views_open(trigger_id=trigger_id, view=shown)
        opened = await answer_of("views.open", sent)
        return str(opened["view"]["id"])

    async def update(self, view_id: str, view: dict[str, Any]) -> None:
        """Replace what an open modal shows; one that was closed meanwhile stays closed."""
        try:
            shown = view_with_slash(view, self._slash)
            sent = self._client.views_update(view_id=view_id, view=shown)
            await answer_of("views.update", sent)
        except BackEndRefusedError as error:
            if error.detail != "not_found":
                raise

    async def publish(self, user: SlackUserId, view: dict[str, Any]) -> None:
        """Show a home tab to the one person whose it is."""
        shown = view_with_slash(view, self._slash)
        await answer_of("views.publish", self._client.views_publish(user_id=user, view=shown))

    async def _by_response_url(self, url: str, message: Message) -> bool:
        body = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": message.text,
            "blocks": list(message.blocks),
        }
        try:
            async with self._session.post(url, json=body) as response:
                return response.ok
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _ephemeral(self, to: Addressee, message: Message) -> None:
        sent = self._client.chat_postEphemeral(
            channel=to.channel,
            user=to.user,
            thread_ts=to.thread,
            text=message.text,
            blocks=list(message.blocks),
        )
        await answer_of("chat.postEphemeral", sent)

    async def _direct(self, to: Addressee, message: Message) -> None:
        sent = self._client.chat_postMessage(
            channel=to.channel or await self._conversation_with(to.user),
            thread_ts=to.thread,
            text=message.text,
            blocks=list(message.blocks),
            unfurl_links=False,
            unfurl_media=False,
        )
        await answer_of("chat.postMessage", sent)

    async def _conversation_with(self, user: SlackUserId) -> str:
        opened = self._client.conversations_open(users=user)
        answer = await answer_of("conversations.open", opened)
        return str(answer["channel"]["id"])
