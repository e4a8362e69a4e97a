"""Mentions and direct messages: the same words as behind the slash command."""

import logging
import re
from typing import Any

from pydantic import ValidationError
from slack_bolt.async_app import AsyncApp

from bot.domain.messages import Addressee
from bot.domain.ports import IdSource
from bot.views.render import Answer
from handlers.desk import Desk
from handlers.errors import told
from handlers.lines import Lines
from handlers.payloads import SaidEvent

log = logging.getLogger(__name__)

_LINK = re.compile(r"<(?:https?://|mailto:)[^|>]*\|([^>]*)>")
_SLASHED = re.compile(r"^\s*/\w+\s*")


class Talk:
    """Listens to what people say to Herald in channels and in private."""

    def __init__(self, lines: Lines, desk: Desk, ids: IdSource) -> None:
        self._lines = lines
        self._desk = desk
        self._ids = ids

    def register(self, app: AsyncApp) -> None:
        """Register both doors; Bolt acknowledges events by itself."""
        app.event("app_mention")(self.hear_mention)
        app.event("message")(self.hear_direct)

    async def hear_mention(self, body: dict[str, Any]) -> None:
        """Take what stands behind the mention of Herald.

        A mention in the middle of a sentence that no command follows is talk about Herald, not to
        it: nobody is answered.
        """
        said = _read(body)
        if said is None or not said.is_by_person:
            return
        before, after = _around(said.event.text, said.own_id)
        if before and not self._lines.begins_with_command(after):
            return
        self._take(after, said)

    async def hear_direct(self, body: dict[str, Any]) -> None:
        """Take a line said in the direct conversation with Herald."""
        said = _read(body)
        if said is None or not said.is_by_person or said.event.channel_type != "im":
            return
        before, after = _around(said.event.text, said.own_id)
        self._take(f"{before} {after}" if before else after, said)

    def _take(self, text: str, said: SaidEvent) -> None:
        asker = Addressee(
            user=said.event.user, channel=said.event.channel, thread=said.event.thread_ts
        )
        line = _SLASHED.sub("", _LINK.sub(r"\1", text))
        try:
            known = self._lines.take(line, asker)
        except Exception as error:  # noqa: BLE001 - the asker is told by number, the log has it
            known = told(error, self._ids)
        if known is not None:
            answer = known
            self._desk.take_or_tell(lambda: _ready(answer), asker)


def _read(body: dict[str, Any]) -> SaidEvent | None:
    try:
        return SaidEvent.model_validate(body)
    except ValidationError:
        log.warning("a message of unknown shape was ignored")
        return None


def _around(text: str, own_id: str) -> tuple[str, str]:
    """Return what stands before and behind the first mention of Herald."""
    mention = f"<@{own_id}>"
    if not own_id or mention not in text:
        return "", text.strip()
    before, _, after = text.partition(mention)
    return before.strip(), after.strip(" ,:\n\t")


async def _ready(answer: Answer) -> Answer:
    return answer
