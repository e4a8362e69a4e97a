"""What a payload meets before the listeners: it acts once, and is acknowledged if unknown."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from handlers.listening import NOT_UNDERSTOOD

log = logging.getLogger(__name__)

REMEMBERED = 10_000
"""Payloads: far more than Slack sends within the five minutes that a signature holds."""
TYPE_LENGTH = 40
OK, BROKEN = 200, 500

Acked = Callable[[float], None]
"""Takes the seconds from a payload to its acknowledgement."""
Authorize = Callable[..., Awaitable[AuthorizeResult]]


class Once:
    """Knows the newest payloads, so that what Slack or a stranger sends again acts no second time.

    Slack repeats an event under the same ``event_id``; all that people do has a ``trigger_id`` of
    its own. What has neither (suggestions) changes nothing.
    """

    def __init__(self, places: int = REMEMBERED) -> None:
        self._places = places
        self._seen: dict[str, None] = {}

    def is_new(self, payload: dict[str, Any]) -> bool:
        """Tell whether a payload was not seen before, and remember it."""
        key = _key(payload)
        if not key:
            return True
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > self._places:
            del self._seen[next(iter(self._seen))]
        return True

    def forget(self, payload: dict[str, Any]) -> None:
        """Let a payload be taken when it comes again: nothing was done for it."""
        self._seen.pop(_key(payload), None)


def _key(payload: dict[str, Any]) -> str:
    return str(payload.get("event_id") or payload.get("trigger_id") or "")


class Entrance(AsyncApp):
    """Bolt's app, which takes each payload once and acknowledges what it has no use for.

    Signatures are verified where requests come in; links need none.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        authorize: Authorize,
        logger: logging.Logger,
        acked: Acked = lambda _: None,
    ) -> None:
        super().__init__(
            client=client,
            authorize=authorize,
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=False,
            logger=logger,
        )
        self._once = Once()
        self._acked = acked
        self.error(_acknowledge)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """Bring a payload to its listener."""
        began = time.perf_counter()
        try:
            return await self._dispatched(req)
        finally:
            self._acked(time.perf_counter() - began)

    async def _dispatched(self, req: AsyncBoltRequest) -> BoltResponse:
        if not self._once.is_new(req.body):
            log.info("a payload that came again was acknowledged and not acted on")
            return BoltResponse(status=OK, body="")
        try:
            return await self._heard(req)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            log.warning("a payload that Bolt cannot read was ignored: %s", type(error).__name__)
            return BoltResponse(status=OK, body="")

    async def _heard(self, req: AsyncBoltRequest) -> BoltResponse:
        said = await super().async_dispatch(req)
        if said.status == BROKEN:
            self._once.forget(req.body)
        return said


async def _acknowledge(error: Exception, request: AsyncBoltRequest) -> BoltResponse:
    """Answer what no listener is for: unacknowledged, Slack would send it again and again."""
    if not isinstance(error, BoltUnhandledRequestError):
        log.error("a listener failed before its acknowledgement", exc_info=error)
        return BoltResponse(status=BROKEN, body="")
    kind = str(request.body.get("type") or "")[:TYPE_LENGTH]
    log.warning("a payload that Herald has no use for was ignored: %r", kind)
    is_typed = "command" in request.body
    return BoltResponse(status=OK, body=NOT_UNDERSTOOD if is_typed else "")
