"""Calls to a Databricks workspace, each through a bounded pool of threads with a deadline."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pydantic import SecretStr

from bot.adapters.bulkhead import SLOTS, Bulkhead, T
from bot.adapters.loading import Loading
from bot.adapters.meter import Called, not_counted
from bot.adapters.registry_reading import reading
from bot.adapters.scrubbing import scrubbed
from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.ports import Clock

if TYPE_CHECKING:
    from bot.adapters.databricks_session import DatabricksSession

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """How to reach a workspace.

    Attributes:
        host: With scheme.
        deadline: For one call.
    """

    host: str
    token: SecretStr
    deadline: timedelta

    def scrubbed(self, text: str) -> str:
        """Return the platform's words for people, without addresses and secrets."""
        private = (self.host, self.host.partition("://")[2], self.token.get_secret_value())
        return scrubbed(text, private)


class ConflictError(BackEndRefusedError):
    """The workspace is taking another change of the same thing."""


class DatabricksClient:
    """Sends raw JSON to the workspace, through a pool of its own for each kind of back end.

    Every call may raise ``BackEndUnavailableError`` (no usable answer: nobody knows whether it took
    effect), ``BackEndRefusedError``, its kind ``ConflictError``, and ``NotFoundError``.
    """

    def __init__(
        self, name: str, workspace: Workspace, clock: Clock, called: Called = not_counted
    ) -> None:
        self.name = name
        self._workspace = workspace
        self._bulkhead = Bulkhead(name, SLOTS, workspace.deadline, clock, called)
        self._session: DatabricksSession | None = None
        self._opening = threading.Lock()
        self._sdk = Loading(lambda: import_module("bot.adapters.databricks_session"))

    async def get(self, path: str, query: Mapping[str, Any] | None = None) -> Json:
        """Return the JSON object behind a path."""
        return await self._run(lambda: self._open().json("GET", path, query))

    async def send(self, method: str, path: str, body: Mapping[str, Any]) -> Json:
        """Send a JSON object and return the one that answers it."""
        return await self._run(lambda: self._open().json(method, path, None, body))

    async def file(self, path: str, limit: int, accept: str = "application/json") -> bytes:
        """Return a file behind a path; one of more than ``limit`` bytes counts as refused."""
        return await self._run(lambda: self._open().file(path, limit, accept))

    async def signed_file(self, address: str, headers: Mapping[str, str], limit: int) -> bytes:
        """Return a file behind a signed address, likewise; no token of ours goes there."""
        return await self._run(lambda: self._open().signed_file(address, headers, limit))

    async def put_signed(self, address: str, headers: Mapping[str, str], content: bytes) -> None:
        """Store a file behind a signed address; no token of ours goes there."""
        await self._run(lambda: self._open().put_signed(address, headers, content))

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turn an answer that lacks what it must hold into one that is not usable."""
        with reading(self.name):
            yield

    def segment(self, text: str) -> str:
        """Return text as one part of a path, so that it cannot lead anywhere else.

        Raises:
            NotFoundError: Nothing can have this name.
        """
        if text in {"", ".", ".."}:
            raise NotFoundError(self.name, f"nothing is called {text!r}")
        return quote(text, safe="")

    def scrubbed(self, text: str) -> str:
        """Return the platform's words for people, without addresses and secrets."""
        return self._workspace.scrubbed(text)

    async def close(self) -> None:
        """Let no more calls in."""
        await self._bulkhead.close()

    async def _run(self, call: Callable[[], T]) -> T:
        """Make a call; its deadline begins once the SDK is there, which takes a busy host long."""
        await self._sdk.wait()
        return await self._bulkhead.run(call)

    def _open(self) -> "DatabricksSession":
        """Return the session; the first call opens it, in its own thread."""
        from bot.adapters.databricks_session import DatabricksSession

        with self._opening:
            if self._session is None:
                self._session = DatabricksSession(self.name, self._workspace)
            return self._session
