"""Calls to a Databricks workspace: one client, one pool, and errors in Herald's words."""

import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from bot.adapters.bulkhead import Bulkhead
from bot.domain.errors import (
    BackEndError,
    BackEndRefusedError,
    BackEndUnavailableError,
    EndpointBusyError,
    NotFoundError,
)
from bot.domain.ports import Clock

if TYPE_CHECKING:
    from databricks.sdk.core import ApiClient

SLOTS = 16
LONGEST_DETAIL = 300
_ADDRESS = re.compile(r"\b\w+://\S+|\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b|\blocalhost:\d+\b")
_SECRET = re.compile(r"\b(?:dapi|xox[a-z]-|xapp-)[\w.-]+|\b[A-Za-z0-9_-]{40,}\b")
_SDK_CONFIG = re.compile(r"\.?\s*Config:.*$", re.DOTALL)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """How to reach a workspace.

    Attributes:
        host: With scheme.
        deadline: For one call, its retries included.
    """

    host: str
    token: SecretStr
    deadline: timedelta


class DatabricksClient:
    """Sends raw JSON to the workspace, through a pool of its own for each kind of back end."""

    def __init__(self, name: str, workspace: Workspace, clock: Clock) -> None:
        self._name = name
        self._workspace = workspace
        self._bulkhead = Bulkhead(name, SLOTS, workspace.deadline, clock)

    async def get(self, path: str, query: Mapping[str, Any] | None = None) -> Json:
        """Return the JSON object behind a path."""
        return await self.send("GET", path, query=query)

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Json:
        """Send one call and return the JSON object of its answer.

        Raises:
            NotFoundError: The thing does not exist.
            EndpointBusyError: The platform reports a conflict with another update.
            BackEndRefusedError: The workspace said no.
            BackEndUnavailableError: No usable answer; nobody knows whether it took effect.
        """
        answer = await self._bulkhead.run(lambda: self._do(method, path, query, body))
        if not isinstance(answer, dict):
            raise BackEndUnavailableError(self._name, "its answer is no JSON object")
        return answer

    async def file(self, path: str, limit: int) -> bytes:
        """Return at most ``limit`` bytes of a file behind a path."""
        return await self._bulkhead.run(lambda: self._read(path, limit))

    async def signed_file(self, address: str, headers: Mapping[str, str], limit: int) -> bytes:
        """Return at most ``limit`` bytes behind a signed address; no token of ours goes there."""
        return await self._bulkhead.run(lambda: self._fetch(address, headers, limit))

    async def close(self) -> None:
        """Let no more calls in."""
        await self._bulkhead.close()

    @cached_property
    def _api(self) -> "ApiClient":
        from databricks.sdk.core import ApiClient, Config

        seconds = max(1, int(self._workspace.deadline.total_seconds() * 0.9))
        config = Config(
            host=self._workspace.host,
            token=self._workspace.token.get_secret_value(),
            auth_type="pat",
            http_timeout_seconds=seconds,
            retry_timeout_seconds=1,
        )
        return ApiClient(config)

    def _do(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        body: Mapping[str, Any] | None,
    ) -> object:
        try:
            return self._api.do(
                method,
                path,
                query=dict(query) if query else None,
                body=dict(body) if body is not None else None,
                headers={"Accept": "application/json", "Content-Type": "application/json"},
            )
        except Exception as error:
            raise self._told(error) from error

    def _read(self, path: str, limit: int) -> bytes:
        try:
            answer = self._api.do("GET", path, raw=True, headers={"Accept": "*/*"})
            stream = answer["contents"] if isinstance(answer, dict) else None
            with closing(stream) as contents:
                return bytes(contents.read(limit))
        except Exception as error:
            raise self._told(error) from error

    def _fetch(self, address: str, headers: Mapping[str, str], limit: int) -> bytes:
        import requests

        if not address.startswith(("https://", "http://")):
            raise BackEndRefusedError(self._name, "the address of the file is not usable")
        seconds = self._workspace.deadline.total_seconds()
        try:
            with requests.get(address, headers=headers, timeout=seconds, stream=True) as response:
                if response.status_code == HTTPStatus.NOT_FOUND:
                    raise NotFoundError(self._name, "there is no such file")
                if not response.ok:
                    raise BackEndRefusedError(
                        self._name, f"the file store answered {response.status_code}"
                    )
                return response.raw.read(limit, decode_content=True) or b""
        except requests.RequestException as error:
            raise BackEndUnavailableError(self._name, "the file store does not answer") from error

    def _told(self, error: Exception) -> BackEndError:
        from databricks.sdk import errors
        from databricks.sdk.errors.base import DatabricksError

        kinds: tuple[tuple[tuple[type[Exception], ...], type[BackEndError]], ...] = (
            ((errors.NotFound,), NotFoundError),
            ((errors.ResourceConflict,), EndpointBusyError),
            ((errors.TooManyRequests, errors.InternalError), BackEndUnavailableError),
            ((DatabricksError,), BackEndRefusedError),
        )
        for theirs, ours in kinds:
            if isinstance(error, theirs):
                return ours(self._name, scrubbed(str(error)))
        return BackEndUnavailableError(self._name, f"no answer ({type(error).__name__})")


def scrubbed(text: str) -> str:
    """Return a back end's words without addresses, tokens and the SDK's own configuration."""
    plain = _SECRET.sub("…", _ADDRESS.sub("…", _SDK_CONFIG.sub("", text)))
    line = " ".join(plain.split())
    return line if len(line) <= LONGEST_DETAIL else f"{line[: LONGEST_DETAIL - 1]}…"
