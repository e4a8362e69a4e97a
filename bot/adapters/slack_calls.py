"""Calls to Slack's Web API with a deadline, and its refusals in Herald's words."""

import asyncio
import json
import logging
from collections.abc import Awaitable
from functools import cache
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import (
    BackEndError,
    BackEndRefusedError,
    BackEndUnavailableError,
    ChannelClosedError,
    NotFoundError,
    RateLimitedError,
    TooLateError,
)

log = logging.getLogger(__name__)

SLACK = "Slack"
TIMEOUT = aiohttp.ClientTimeout(total=10)
"""For the session that the client shares; a time-out given to the client itself has no effect."""

_CLOSED = {
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "restricted_action",
    "restricted_action_read_only_channel",
}
_NOT_FOUND = {
    "message_not_found",
    "no_such_subteam",
    "thread_not_found",
    "user_not_found",
    "users_not_found",
}
_UNKNOWN_TOKEN = {
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "token_expired",
    "token_revoked",
}
_RATE_LIMITED = {"ratelimited", "rate_limited"}
_TROUBLE = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
_NO_ANSWER = (
    aiohttp.ClientError,
    TimeoutError,
    OSError,
    SlackClientError,
    json.JSONDecodeError,
    UnicodeDecodeError,
)


def slack_client(token: str, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return a client on a shared session, which carries the time-out (``TIMEOUT``).

    Proxies come from the session (``trust_env``): the client itself would take ``HTTP_PROXY``
    even for loopback and heed no ``NO_PROXY``.

    Args:
        token: A bot token.
        base_url: Ends in ``/api/``.
        session: Shared by all clients of the process.
    """
    client = AsyncWebClient(token=token, base_url=base_url, session=session, retry_handlers=[])
    client.proxy = None
    return client


async def answer_of(method: str, sent: Awaitable[AsyncSlackResponse]) -> dict[str, Any]:
    """Wait for the answer of a call and return it.

    Raises:
        RateLimitedError: Too many calls.
        ChannelClosedError: Herald cannot post or read in that channel.
        TooLateError: A click is too old for a form to be opened by it.
        NotFoundError: The message, person or group does not exist.
        BackEndRefusedError: Slack said no; the detail is Slack's own name of the error.
        BackEndUnavailableError: No usable answer; nobody knows whether the call took effect.
    """
    try:
        async with asyncio.timeout(TIMEOUT.total):
            answer = await sent
    except SlackApiError as error:
        raise _translated(method, error.response) from error
    except _NO_ANSWER as error:
        raise BackEndUnavailableError(SLACK, f"{method} has no answer") from error
    data: dict[str, Any] = answer.data if isinstance(answer.data, dict) else {}
    return data


def _translated(method: str, response: object) -> BackEndError:
    if not isinstance(response, AsyncSlackResponse) or not isinstance(response.data, dict):
        return BackEndUnavailableError(SLACK, f"{method} has no readable answer")
    name = str(response.data.get("error", ""))
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS or name in _RATE_LIMITED:
        wait = float(response.headers.get("Retry-After", "1"))
        return RateLimitedError(SLACK, f"{method}: too many calls", retry_after_s=wait)
    broken = response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
    if broken or not name or name in _TROUBLE:
        return BackEndUnavailableError(SLACK, f"{method}: {name or response.status_code}")
    if name == "missing_scope":
        return _unscoped(method, str(response.data.get("needed") or "unknown"))
    if name in _UNKNOWN_TOKEN:
        _tell_of_token(name)
    return _refusal(name)


def _unscoped(method: str, scope: str) -> BackEndError:
    _tell_once(method, scope)
    return BackEndRefusedError(SLACK, f"missing_scope {scope}")


@cache
def _tell_once(method: str, scope: str) -> None:
    """Say once in the life of the process what is missing and how to mend it."""
    log.error(
        "Slack refuses %s: the app lacks the scope %s. Add it to the app as in manifest.yml, "
        "install the app to the workspace again, and give Herald the new SLACK_BOT_TOKEN",
        method,
        scope,
    )


@cache
def _tell_of_token(name: str) -> None:
    """Say once in the life of the process that the token has to be replaced."""
    log.error(
        "Slack does not know the SLACK_BOT_TOKEN (%s). Install the app to the workspace again, "
        "and give Herald the new one",
        name,
    )


def _refusal(name: str) -> BackEndError:
    if name in _CLOSED:
        return ChannelClosedError(SLACK, name)
    if name == "expired_trigger_id":
        return TooLateError(SLACK, name)
    return NotFoundError(SLACK, name) if name in _NOT_FOUND else BackEndRefusedError(SLACK, name)
