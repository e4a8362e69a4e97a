"""One blocking session with a Databricks workspace; importing it imports the SDK (2 s)."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, BinaryIO, cast

from databricks.sdk import errors
from databricks.sdk.clock import Clock
from databricks.sdk.core import ApiClient, Config
from databricks.sdk.errors.base import DatabricksError
from requests import PreparedRequest
from requests import exceptions as connections

from bot.adapters.databricks_client import ConflictError, Json, Workspace
from bot.domain.errors import (
    BackEndError,
    BackEndRefusedError,
    BackEndUnavailableError,
    NotFoundError,
)

_SHARE_OF_DEADLINE = 0.9
_DENIED = (errors.PermissionDenied, errors.Unauthenticated)
_OUT_OF_ORDER = (errors.TooManyRequests, errors.Cancelled)
_NO_SUCH_API = "ENDPOINT_NOT_FOUND"
_Auth = Callable[[PreparedRequest], PreparedRequest]
_REMEDY = "check DATABRICKS_TOKEN and the rights of its owner"


class DatabricksSession:
    """Sends each call once, and tells every failure in Herald's words.

    The SDK would send again, writes too, for as long as its retry time lasts; whoever asked knows
    better whether to ask again. Only a read whose connection was cut is sent a second time: an
    idle connection may have been closed by the other side.
    """

    def __init__(self, name: str, workspace: Workspace) -> None:
        _quiet()
        self._name = name
        self._scrubbed = workspace.scrubbed
        self._config = Config(
            host=workspace.host,
            token=workspace.token.get_secret_value(),
            auth_type="pat",
            http_timeout_seconds=workspace.deadline.total_seconds() * _SHARE_OF_DEADLINE,
            retry_timeout_seconds=1,  # also bounds the SDK's first look at the host
            clock=_OneAttempt(),
        )
        self._api = ApiClient(self._config)

    def json(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Json:
        """Return the JSON object that a call answers."""
        with self._telling() as heard:
            answer = self._do(
                method, path, query=_dict(query), body=_dict(body), auth=self._signing(heard)
            )
        if not isinstance(answer, dict):
            raise BackEndUnavailableError(self._name, "its answer is no JSON object")
        return answer

    def file(self, path: str, limit: int, accept: str) -> bytes:
        """Return a file behind a path of the workspace, of at most ``limit`` bytes."""
        given = {"Accept": accept}
        with self._telling() as heard:
            found = self._do("GET", path, headers=given, raw=True, auth=self._signing(heard))
            return self._bytes(found, limit)

    def signed_file(self, address: str, headers: Mapping[str, str], limit: int) -> bytes:
        """Return a file of at most ``limit`` bytes behind a signed address; no token goes there."""
        if not address.startswith(("https://", "http://")):
            raise BackEndRefusedError(self._name, "the address of the file is not usable")
        with self._telling(is_storage=True):
            given = {"Accept": "*/*", **headers}
            found = self._do("GET", url=address, headers=given, raw=True, auth=_unsigned)
            return self._bytes(found, limit)

    def put_signed(self, address: str, headers: Mapping[str, str], content: bytes) -> None:
        """Store a file behind a signed address; no token goes there."""
        if not address.startswith(("https://", "http://")):
            raise BackEndRefusedError(self._name, "the address of the file is not usable")
        with self._telling(is_storage=True):
            given = {"Accept": "*/*", "Content-Type": "application/octet-stream", **headers}
            answer = self._do(
                "PUT", url=address, headers=given, data=content, raw=True, auth=_unsigned
            )
            cast("dict[str, BinaryIO]", answer)["contents"].close()

    def _do(self, method: str, path: str | None = None, **given: Any) -> object:
        headers = given.pop("headers", {"Accept": "application/json"})
        try:
            return self._api.do(method, path, headers=headers, **given)
        except _NotSentAgainError as stop:
            cause = stop.__context__
            if method != "GET" or not _is_cut(cause):
                raise (cause or stop) from None
        try:
            return self._api.do(method, path, headers=headers, **given)
        except _NotSentAgainError as stop:
            raise (stop.__context__ or stop) from None

    def _bytes(self, answer: object, limit: int) -> bytes:
        with cast("dict[str, BinaryIO]", answer)["contents"] as contents:
            found = contents.read(limit + 1)
        if len(found) > limit:
            raise BackEndRefusedError(self._name, f"the file is larger than {limit} bytes")
        return found

    def _signing(self, heard: list[int]) -> _Auth:
        """Return what signs a request and notes its answer's status, which the SDK drops."""

        def sign(request: PreparedRequest) -> PreparedRequest:
            request.headers.update(self._config.authenticate())
            request.register_hook("response", lambda answer, **_: heard.append(answer.status_code))
            return request

        return sign

    @contextmanager
    def _telling(self, *, is_storage: bool = False) -> Iterator[list[int]]:
        heard = [0]
        try:
            yield heard
        except BackEndError:
            raise
        except DatabricksError as error:
            said_no = self._of_storage(error) if is_storage else self._said_no(error, heard[-1])
            raise said_no from None
        except connections.JSONDecodeError:
            raise self._no_answer("its answer is no JSON") from None
        except (connections.Timeout, TimeoutError):
            raise self._no_answer("no answer in time") from None
        except OSError:
            raise self._no_answer("the connection failed") from None
        except (ValueError, TypeError):
            raise self._no_answer("its answer is no JSON object") from None

    def _no_answer(self, detail: str) -> BackEndUnavailableError:
        return BackEndUnavailableError(self._name, detail)

    def _of_storage(self, error: DatabricksError) -> BackEndError:
        """Tell what cloud storage meant, which does not speak Databricks' language."""
        if isinstance(error, errors.NotFound):
            return NotFoundError(self._name, "there is no such file")
        if isinstance(error, (*_DENIED, errors.BadRequest)):
            return BackEndRefusedError(self._name, "the file store denied access")
        return self._no_answer("the file store could not answer")

    def _said_no(self, error: DatabricksError, status: int) -> BackEndError:
        """Tell a refusal from a failure, and from a host that is no workspace."""
        said = "no reason given" if error.error_code is None else self._scrubbed(str(error))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(error, _OUT_OF_ORDER):
            return self._no_answer(f"it could not answer: {said}")
        if isinstance(error, _DENIED):
            return BackEndRefusedError(self._name, f"access denied: {said}; {_REMEDY}")
        if error.error_code is None:
            return self._no_answer("what answers there is no Databricks workspace")
        return _kind_of(error)(self._name, said)


def _kind_of(error: DatabricksError) -> type[BackEndError]:
    if isinstance(error, errors.ResourceConflict):
        return ConflictError
    if isinstance(error, errors.NotFound) and error.error_code != _NO_SUCH_API:
        return NotFoundError
    return BackEndRefusedError


class _NotSentAgainError(Exception):
    """The SDK wanted to wait and send a call again; why is this exception's context."""


class _OneAttempt(Clock):
    """The SDK's clock, on which it cannot wait for a second attempt."""

    def time(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        raise _NotSentAgainError(f"after {seconds} s")


def _is_cut(cause: BaseException | None) -> bool:
    is_late = isinstance(cause, connections.Timeout)
    return isinstance(cause, connections.ConnectionError) and not is_late


def _unsigned(request: PreparedRequest) -> PreparedRequest:
    return request


def _dict(given: Mapping[str, Any] | None) -> Json | None:
    return None if given is None else dict(given)


def _quiet() -> None:
    """Silence what libraries say with addresses in it, and what Herald says better."""
    for name in ("databricks.sdk", "urllib3.connectionpool"):
        logging.getLogger(name).setLevel(logging.ERROR)
