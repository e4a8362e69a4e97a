"""HTTP mode: every payload posted, signed, to the app's own address.

`herald sandbox` takes this way instead of Socket Mode when `HERALD_HTTP_URL` is set in its own
environment, as in `HERALD_HTTP_URL=http://127.0.0.1:3000/slack/events herald sandbox`. Its bot,
and the environment of its ready line, are then told `HERALD_MODE=http` and the URL's port. With
`--no-bot` any app that listens there hears Slack: first `url_verification`, again and again until
the challenge comes back, then events as JSON, commands and interactions as forms.
"""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, TooManyRedirects

from bot.sandbox.slack.deliveries import RAW, Ack
from bot.sandbox.slack.links import Hub
from bot.sandbox.slack.people import Json

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
# aiohttp gives up at this redirect; Slack follows two (docs.slack.dev/apis/events-api).
REDIRECTS = 3
VERIFY_EVERY_S = 0.1
SUCCESS = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the app answered to one POST."""

    status: int
    body: str
    wants_no_retry: bool


@dataclass(slots=True, kw_only=True)
class HttpSender:
    """Posts what Slack has to say to one address, and reads the acknowledgements."""

    hub: Hub
    url: str
    signing_secret: str
    is_up: bool = False
    session: ClientSession | None = field(default=None, init=False)

    async def open(self) -> None:
        """Begin to ask the app for Slack's challenge, in the background."""
        self.session = ClientSession(headers={"User-Agent": AGENT})
        self.hub.start(self._verify())

    async def close(self) -> None:
        """Hang up."""
        self.is_up = False
        if self.session is not None:
            await self.session.close()

    async def carry(self, envelope: Json, kind: str) -> Ack:
        """Post one envelope's payload and return how the app acknowledged it."""
        began = time.perf_counter()
        try:
            answer = await self._post(*_encoded(envelope), _retry_headers(envelope))
        except TimeoutError:
            waited = f"{self.hub.timings.ack_s:g} s"
            self._violate("missing_ack", kind, f"not acknowledged in {waited}")
            return Ack(error="operation_timeout", reason="http_timeout")
        except TooManyRedirects:
            return Ack(error="dispatch_failed", reason="too_many_redirects")
        except (ClientError, OSError):
            return Ack(error="dispatch_failed", reason="connection_failed")
        ms = (time.perf_counter() - began) * 1000
        return self._read(answer, kind, envelope, round(ms, 2))

    def _read(self, answer: Answer, kind: str, envelope: Json, ms: float) -> Ack:
        if answer.status not in SUCCESS:
            self._violate("http_error", kind, f"answered with {answer.status}")
            is_final = answer.wants_no_retry
            return Ack(error="dispatch_failed", reason="http_error", is_final=is_final)
        self.hub.report.acks[kind].append(ms)
        takes_payload = envelope["accepts_response_payload"]
        return Ack(payload=self._payload(answer.body, kind) if takes_payload else None, ms=ms)

    def _payload(self, body: str, kind: str) -> Json | None:
        """Return what an acknowledgement says; plain text is a command's answer."""
        if not body.lstrip().startswith("{"):
            return {"text": body} if body and kind == "slash_commands" else None
        try:
            said: Json = json.loads(body)
        except ValueError:
            self._violate("bad_ack", kind, f"not JSON: {body[:200]}")
            return None
        return said or None

    def _violate(self, rule: str, kind: str, detail: str) -> None:
        if kind != RAW:
            self.hub.report.violate(rule, f"{kind} {detail}")

    async def _verify(self) -> None:
        while not self.is_up:
            challenge = secrets.token_urlsafe(32)
            asked = {"type": "url_verification", "token": "deprecated", "challenge": challenge}
            with suppress(ClientError, OSError):
                answer = await self._post(json.dumps(asked), JSON, {})
                self.is_up = answer.status == HTTPStatus.OK and challenge in answer.body
            await asyncio.sleep(VERIFY_EVERY_S)

    async def _post(self, body: str, content_type: str, headers: dict[str, str]) -> Answer:
        if self.session is None or self.session.closed:
            raise ConnectionError
        head = {"Content-Type": content_type, **self._signed(body), **headers}
        async with (
            asyncio.timeout(self.hub.timings.ack_s),
            self.session.post(
                self.url, data=body.encode(), headers=head, max_redirects=REDIRECTS
            ) as response,
        ):
            return Answer(
                status=response.status,
                body=await response.text(errors="replace"),
                wants_no_retry=response.headers.get("X-Slack-No-Retry") == "1",
            )

    def _signed(self, body: str) -> dict[str, str]:
        """Return the headers that prove who sent a body, and when."""
        stamp = str(int(time.time()))
        text, key = f"v0:{stamp}:{body}".encode(), self.signing_secret.encode()
        digest = hmac.new(key, text, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _encoded(envelope: Json) -> tuple[str, str]:
    """Return body and content type: only events are JSON."""
    payload = envelope["payload"]
    match envelope["type"]:
        case "slash_commands":
            return urlencode(payload), FORM
        case "interactive":
            return urlencode({"payload": json.dumps(payload)}), FORM
        case _:
            return json.dumps(payload), JSON


def _retry_headers(envelope: Json) -> dict[str, str]:
    attempt = envelope.get("retry_attempt", 0)
    if not attempt:
        return {}
    reason = envelope["retry_reason"]
    return {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
