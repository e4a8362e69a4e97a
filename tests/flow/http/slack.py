"""Slack as it posts to an address, and strangers who pretend to be it."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.adapters.system import SystemClock
from bot.front import WayIn
from handlers.desk import Desk
from tests.fakes.world import CHANNEL, REQUESTER, Herald
from tests.unit.handlers.chat import PrivateAnswers

Json = dict[str, Any]

SECRET = "signed-by-slack"  # noqa: S105 - for tests
FORM = "application/x-www-form-urlencoded"


def signed(body: bytes, *, secret: str = SECRET, age_s: int = 0) -> dict[str, str]:
    """Return the headers with which Slack sends a body."""
    stamp = str(int(SystemClock().now().timestamp()) - age_s)
    mac = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={mac.hexdigest()}",
        "Content-Type": "application/json" if body.startswith(b"{") else FORM,
    }


def command(text: str, trigger: str = "1.1") -> bytes:
    """Return what Slack posts when somebody types a line."""
    typed = {"user_id": REQUESTER, "channel_id": CHANNEL, "command": "/model", "text": text}
    return urlencode({**typed, "trigger_id": trigger, "team_id": "T1"}).encode()


def in_a_form(payload: Json) -> bytes:
    """Return what Slack posts of a click, modal or shortcut."""
    return urlencode({"payload": json.dumps(payload)}).encode()


def mention(event_id: str, text: str = "help") -> bytes:
    """Return what Slack posts when somebody mentions Herald."""
    event = {"type": "app_mention", "user": REQUESTER, "channel": CHANNEL, "text": text}
    body = {"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": event}
    return json.dumps(body).encode()


@dataclass(frozen=True, slots=True)
class Slack:
    """Posts to Herald."""

    session: aiohttp.ClientSession
    address: str
    bot: Herald
    answers: PrivateAnswers
    desk: Desk
    way_in: WayIn

    async def post(self, body: bytes, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Post a body, signed unless told otherwise; return status and body of the answer."""
        given = signed(body) if headers is None else headers
        async with self.session.post(self.address, data=body, headers=given) as answer:
            return answer.status, await answer.text()

    async def answered(self) -> int:
        """Return how many questions were worked on."""
        await self.desk.drain(60)
        return len(self.answers.sent)
