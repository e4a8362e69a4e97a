"""Private answers and modals, by the straight way: a trigger lives 3 s, so nothing queues here."""

from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError
from bot.domain.messages import Addressee
from bot.views.message import Message

SLACK = "Slack"


class SlackAnswers:
    """Shows something to one person: by the payload's own address, else ephemeral, else directly.

    A response_url takes five answers within 30 minutes (Slack) and needs no membership.
    """

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session

    async def answer(self, to: Addressee, message: Message) -> None:
        """Show a message to one person only."""
        if to.response_url and await self._by_response_url(to.response_url, message):
            return
        try:
            await self._ephemeral(to, message)
        except (SlackApiError, aiohttp.ClientError, TimeoutError):
            await self._direct(to, message)

    async def open(self, trigger_id: str, view: dict[str, Any]) -> str:
        """Open a modal while the trigger lives (3 s); return its id."""
        try:
            opened = await self._client.views_open(trigger_id=trigger_id, view=view)
        except SlackApiError as error:
            raise _refused(error) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise BackEndUnavailableError(SLACK, type(error).__name__) from error
        return str(opened["view"]["id"])

    async def update(self, view_id: str, view: dict[str, Any]) -> None:
        """Replace what an open modal shows; one that was closed meanwhile stays closed."""
        try:
            await self._client.views_update(view_id=view_id, view=view)
        except SlackApiError as error:
            if error.response.get("error") != "not_found":
                raise _refused(error) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise BackEndUnavailableError(SLACK, type(error).__name__) from error

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
        await self._client.chat_postEphemeral(
            channel=to.channel, user=to.user, text=message.text, blocks=list(message.blocks)
        )

    async def _direct(self, to: Addressee, message: Message) -> None:
        opened = await self._client.conversations_open(users=to.user)
        await self._client.chat_postMessage(
            channel=opened["channel"]["id"], text=message.text, blocks=list(message.blocks)
        )


def _refused(error: SlackApiError) -> BackEndRefusedError:
    return BackEndRefusedError(SLACK, str(error.response.get("error", "unknown error")))
