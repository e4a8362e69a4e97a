"""Puts a picture into a message that stands in a channel."""

import asyncio
from http import HTTPStatus

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack_calls import SLACK, TIMEOUT, answer_of
from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError
from bot.domain.messages import MessageRef
from bot.domain.pictures import Picture
from bot.views.comparison_picture import illustrated
from bot.views.message import Message

NAME = "comparison.png"
PAUSES_S = (0.0, 1.0, 3.0)
"""Slack prepares a file some time after it was shared; a block with it is refused before."""


class SlackFiles:
    """Uploads files with Slack's three steps.

    A block may show a file only once it is shared in a channel (invalid_blocks before), and
    sharing it makes a message of its own: that one goes into the thread of the message that then
    shows it.
    """

    def __init__(self, client: AsyncWebClient, pauses_s: tuple[float, ...] = PAUSES_S) -> None:
        self._client = client
        self._pauses_s = pauses_s

    async def illustrate(self, message: MessageRef, shown: Message, picture: Picture) -> None:
        """Share a picture in a message's thread, then show it in the message.

        Raises:
            BackEndError: The message stands as it was; the picture may be in its thread.
        """
        file_id = await self._shared(message, picture)
        drawn = illustrated(shown, file_id, picture.alt)
        for pause_s in self._pauses_s:
            await asyncio.sleep(pause_s)
            if await self._redrawn(message, drawn):
                return
        raise BackEndRefusedError(SLACK, "chat.update: the file is not ready")

    async def _shared(self, message: MessageRef, picture: Picture) -> str:
        sent = self._client.files_getUploadURLExternal(
            filename=NAME, length=len(picture.png), alt_txt=picture.alt
        )
        ticket = await answer_of("files.getUploadURLExternal", sent)
        await self._put(str(ticket["upload_url"]), picture.png)
        file_id = str(ticket["file_id"])
        done = self._client.files_completeUploadExternal(
            files=[{"id": file_id, "title": "Comparison"}],
            channel_id=message.channel,
            thread_ts=message.ts,
        )
        await answer_of("files.completeUploadExternal", done)
        return file_id

    async def _put(self, address: str, content: bytes) -> None:
        session = self._client.session
        if session is None:
            raise BackEndUnavailableError(SLACK, "there is no connection for an upload")
        try:
            async with session.post(address, data=content, timeout=TIMEOUT) as answer:
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise BackEndUnavailableError(SLACK, "the upload has no answer") from error
        if status != HTTPStatus.OK:
            raise BackEndUnavailableError(SLACK, f"the upload was answered with {status}")

    async def _redrawn(self, message: MessageRef, drawn: Message) -> bool:
        """Show the file; False while Slack does not know it yet."""
        sent = self._client.chat_update(
            channel=message.channel, ts=message.ts, text=drawn.text, blocks=list(drawn.blocks)
        )
        try:
            await answer_of("chat.update", sent)
        except BackEndRefusedError as refused:
            if "invalid_blocks" not in str(refused):
                raise
            return False
        return True
