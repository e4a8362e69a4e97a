"""The double's front door: it notes each call, lets faults strike, and asks for the token."""

import asyncio
import secrets
from asyncio import Transport
from collections.abc import Awaitable, Callable

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.databricks.calls import CallLog
from bot.sandbox.databricks.errors import error_response
from bot.sandbox.databricks.faults import ActiveFault, FaultBook, FaultKind

ORG_ID = "4026531840123456"
SIGNED_PREFIX = "/signed-storage/"
_CONTROL_PREFIX = "/sandbox/"
_OPEN_PATHS = ("/.well-known/", SIGNED_PREFIX)
_ERROR_CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "RESOURCE_DOES_NOT_EXIST",
    409: "RESOURCE_CONFLICT",
    429: "REQUEST_LIMIT_EXCEEDED",
    503: "TEMPORARILY_UNAVAILABLE",
}


class Gate:
    """ASGI middleware in front of everything but the control side."""

    def __init__(self, app: ASGIApp, *, token: str, faults: FaultBook, calls: CallLog) -> None:
        self._app = app
        self._token = token
        self._faults = faults
        self._calls = calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection event stream."""
        if scope["type"] != "http" or scope["path"].startswith(_CONTROL_PREFIX):
            await self._app(scope, receive, send)
            return
        body = await _whole_body(receive)
        path, method = scope["path"], scope["method"]
        call = self._calls.record(method, path, scope["query_string"].decode("latin-1"), body)
        struck = self._faults.take_call(method, path)
        forward = _Forward(self._admit, scope, _replay(body, receive), _tagged(send))
        try:
            if struck is None:
                await forward(forward.send)
            else:
                await _strike(struck, forward)
        finally:
            self._calls.close(call)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = None if scope["path"].startswith(_OPEN_PATHS) else self._refusal(scope)
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        sent = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        if not sent.startswith("Bearer "):
            message = "Credential was not sent or was of an unsupported type for this API."
            return error_response(401, "401", message)
        if not secrets.compare_digest(sent.removeprefix("Bearer ").encode(), self._token.encode()):
            return error_response(403, "403", "Invalid access token.")
        return None


class _Forward:
    """One call on its way to the application, with the sender of its answer."""

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        self._app = app
        self.scope = scope
        self.receive = receive
        self.send = send

    async def __call__(self, send: Send) -> None:
        await self._app(self.scope, self.receive, send)


async def _strike(struck: ActiveFault, forward: _Forward) -> None:
    match struck.fault.kind:
        case FaultKind.ERROR:
            await _fault_answer(struck)(forward.scope, forward.receive, forward.send)
        case FaultKind.SLOW:
            await struck.pause()
            await forward(forward.send)
        case FaultKind.LOST_ANSWER:
            await forward(_nowhere)
            await _drop(forward)
        case FaultKind.HANG:
            await _first_of(struck.pause(), _gone(forward.receive))
            await _drop(forward)
        case _:
            await _drop(forward)


def _fault_answer(struck: ActiveFault) -> JSONResponse:
    status = struck.fault.status
    code = _ERROR_CODES.get(status, "INTERNAL_ERROR")
    answer = error_response(status, code, f"The sandbox was told to answer {status}.")
    if struck.fault.seconds is not None:
        answer.headers["Retry-After"] = str(round(struck.fault.seconds))
    return answer


async def _drop(forward: _Forward) -> None:
    """Cut the connection without an answer."""
    transport = forward.scope.get("state", {}).get("transport")
    if not isinstance(transport, Transport):
        raise ConnectionResetError("the sandbox was told to drop this connection")
    transport.abort()
    await _gone(forward.receive)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _first_of(*waits: Awaitable[None]) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def _whole_body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_message


def _tagged(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def tag(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), (b"x-databricks-org-id", ORG_ID.encode())]
            message = {**message, "headers": headers}
        await send(message)

    return tag


async def _nowhere(message: Message) -> None:
    """Swallow an answer."""
