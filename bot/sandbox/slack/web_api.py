"""The gate of the Web API: token, faults, rate limit and scopes before any method is served."""

import asyncio
import math
from collections.abc import Mapping

from aiohttp import web

from bot.sandbox.slack.api_chat import CHAT
from bot.sandbox.slack.api_conversations import CONVERSATIONS
from bot.sandbox.slack.api_files import FILES
from bot.sandbox.slack.api_people import PEOPLE
from bot.sandbox.slack.api_session import SESSION
from bot.sandbox.slack.api_views import VIEWS
from bot.sandbox.slack.call import Call, Method, TokenKind, read_arguments
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.faults import FaultKind
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.workspace import Workspace

METHODS: Mapping[str, Method] = {**SESSION, **CHAT, **VIEWS, **PEOPLE, **CONVERSATIONS, **FILES}
DEFAULT_DELAY_S = 1.0


class RateLimitedError(Exception):
    """The answer is HTTP 429 with Retry-After, in whole seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class WebApi:
    """Serves `/api/<method>`."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call as Slack does: HTTP 200 with `ok`, or 429."""
        name = request.match_info["method"]
        self._workspace.report.calls[name] += 1
        try:
            args = await read_arguments(request)
            answer = {"ok": True} | await self._serve(request, name, args)
            return web.json_response(answer, headers=self._scopes_header())
        except RateLimitedError as limited:
            return too_many_requests(limited.seconds)
        except SlackError as error:
            if error.rule:
                self._workspace.report.violate(error.rule, error.detail, name)
            return web.json_response({"ok": False, "error": error.error, **error.extra})

    async def _serve(self, request: web.Request, name: str, args: Json) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise SlackError.breach("unknown_method", name)
        self._check_token(request, args, method)
        await meet_faults(self._workspace, name)
        self._check_rate(name, method, args)
        self._check_scopes(method)
        return method.serve(Call(workspace=self._workspace, method=name, args=args))

    def _scopes_header(self) -> dict[str, str]:
        return {"x-oauth-scopes": ",".join(sorted(self._workspace.scopes))}

    def _check_token(self, request: web.Request, args: Json, method: Method) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        token = token if scheme == "Bearer" else str(args.get("token", ""))
        tokens = self._workspace.tokens
        if not token:
            raise SlackError("not_authed")
        if token not in (tokens.bot, tokens.app):
            raise SlackError("invalid_auth")
        wanted = tokens.app if method.token is TokenKind.APP else tokens.bot
        if token != wanted:
            raise SlackError.breach("not_allowed_token_type")

    def _check_rate(self, name: str, method: Method, args: Json) -> None:
        wait_s = self._workspace.limiter.retry_after(name, method.tier, args)
        if wait_s:
            detail = f"retry after {wait_s} s, channel {args.get('channel', '-')}"
            self._workspace.report.violate("over_rate", detail, name)
            raise RateLimitedError(wait_s)

    def _check_scopes(self, method: Method) -> None:
        provided = self._workspace.scopes
        missing = [scope for scope in method.scopes if scope not in provided]
        if missing:
            raise missing_scope(missing, provided)


def missing_scope(needed: list[str], provided: frozenset[str]) -> SlackError:
    """Return the refusal of a method whose scope was not granted."""
    extra = {"needed": ",".join(needed), "provided": ",".join(sorted(provided))}
    return SlackError("missing_scope", rule="missing_scope", detail=extra["needed"], extra=extra)


async def meet_faults(workspace: Workspace, method: str) -> None:
    """Let the injected faults that stand for this method happen."""
    slow = workspace.faults.take(FaultKind.SLOW_API, method)
    if slow:
        await asyncio.sleep(DEFAULT_DELAY_S if slow.seconds is None else slow.seconds)
    limited = workspace.faults.take(FaultKind.RATE_LIMIT, method)
    if limited:
        raise RateLimitedError(max(1, math.ceil(limited.remaining_s)))
    broken = workspace.faults.take(FaultKind.API_ERROR, method)
    if broken:
        raise SlackError(broken.error or "internal_error")


def too_many_requests(seconds: int) -> web.Response:
    """Return HTTP 429 as Slack sends it."""
    return web.json_response(
        {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)}
    )
