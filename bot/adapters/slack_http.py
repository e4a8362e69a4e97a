"""The HTTP way for Slack's payloads, closed only after what is in hand is acknowledged."""

import asyncio
import json
import os
import socket
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.adapters.slack_links import quiet_logger
from bot.domain.errors import ConfigurationError
from bot.hanging_up import hang_up

PATH = "/slack/events"
BODY_LIMIT = 1_000_000
"""Bytes; Slack's own largest payloads, modals with their whole state, stay far below."""
BODY_S = 5.0
"""Seconds for a body to arrive; Slack itself gives up after 3."""
STOP_S = 5.0

STAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
STAMP_DIGITS = 12


class SlackHttp:
    """Listens for what Slack posts, and hands what Slack has signed to the listeners.

    The signature is looked at before anything of the body is: Bolt reads the body first, and
    takes a command whose text holds the word ``payload`` for an empty one.
    """

    def __init__(self, app: AsyncApp, signing_secret: str, host: str, port: int) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)
        self._log = quiet_logger()
        self._host = host
        self._port = port
        server = web.Application(client_max_size=BODY_LIMIT)
        server.router.add_post(PATH, self._take)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=STOP_S)

    @property
    def address(self) -> str:
        """Where it listens, once it is open."""
        host, port, *_ = self._runner.addresses[0]
        return f"http://{host}:{port}{PATH}"

    async def open(self, on_up: Callable[[], None]) -> None:
        """Listen; call ``on_up`` when it does.

        Raises:
            ConfigurationError: Something else listens there, or the host is not this machine's.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await hang_up(self._runner)
            why = (
                "unknown host"
                if isinstance(error, socket.gaierror)
                else os.strerror(error.errno or 0)
            )
            raise ConfigurationError(
                "HERALD_HTTP_PORT",
                f"Herald cannot listen at {self._host}, port {self._port}: {why.lower()}",
                "Choose another HERALD_HTTP_PORT or HERALD_HTTP_HOST",
            ) from None
        on_up()

    async def up(self) -> int:
        """Return 1 while it listens."""
        return len(self._runner.addresses)

    async def close(self) -> None:
        """Take nothing new, let what is in hand be acknowledged, then hang up."""
        await hang_up(self._runner)

    async def _take(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(BODY_S):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=HTTPStatus.REQUEST_TIMEOUT)
        if not self._is_signed(request.headers, body):
            self._log.warning("a request without a valid signature was turned away")
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        try:
            # Bolt takes what is read and verified already under the name of the other mode.
            asked = AsyncBoltRequest(body=_payload(body), mode="socket_mode")
        except (ValueError, TypeError, AttributeError):
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        return await to_aiohttp_response(await self._app.async_dispatch(asked))

    def _is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether Slack signed a body within the last five minutes."""
        stamp, signature = headers.get(STAMP, ""), headers.get(SIGNATURE, "")
        is_stamp = stamp.isascii() and stamp.isdigit() and len(stamp) <= STAMP_DIGITS
        if not is_stamp or not signature.isascii():
            return False
        try:
            return self._verifier.is_valid(body, stamp, signature)
        except UnicodeDecodeError:
            return False


def _payload(body: bytes) -> dict[str, Any]:
    """Return what Slack says: events come as JSON, commands as a form, the rest as JSON in one.

    Raises:
        ValueError: It is neither.
    """
    text = body.decode()
    if not text.startswith("{"):
        form: dict[str, Any] = dict(parse_qsl(text, keep_blank_values=True))
        if "payload" not in form:
            return form
        text = form["payload"]
    payload = json.loads(text)
    return payload if isinstance(payload, dict) else {}
