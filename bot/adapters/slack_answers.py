"""Private answers, modals and home tabs, by the straight way: a trigger lives only 3 s."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack_calls import answer_of
from bot.domain.errors import BackEndRefusedError, NotFoundError, RateLimitedError
from bot.domain.messages import Addressee
from bot.domain.names import ChannelId, SlackUserId
from bot.views.message import Message
from bot.views.slash import USUAL, view_with_slash, with_slash

ATTEMPTS = 3
LONGEST_PAUSE_S = 60.0
"""A private answer that comes later than that is worth less than asking again."""

Sleep = Callable[[float], Awaitable[object]]


class SlackAnswers:
    """Shows something to one person: by the payload's own address, else ephemeral, else directly.

    A response_url takes five answers within 30 minutes (Slack) and needs no membership.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        slash: str = USUAL,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._sleep = sleep
        self._client = client
        self._slash = slash
        self._session = session

    async def answer(self, to: Addressee, message: Message) -> None:
        """Show a message to one person only; where Slack has too many calls, when it says so.

        Raises:
            RateLimitedError: Slack asks for a long pause, or for one again and again.
        """
        shown = with_slash(message, self._slash)
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._show(to, shown)
            except RateLimitedError as error:
                if error.retry_after_s > LONGEST_PAUSE_S:
                    raise
                await self._sleep(error.retry_after_s)
        return await self._show(to, shown)

    async def _show(self, to: Addressee, message: Message) -> None:
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
