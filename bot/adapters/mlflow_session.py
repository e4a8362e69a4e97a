"""One blocking MLflow client; importing it imports MLflow (2 s)."""

import logging
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from google.protobuf.json_format import (  # type: ignore[import-untyped]  # it has no stubs
    MessageToDict,
)
from requests import exceptions as connections

from bot.adapters.mlflow_calls import Ask, MlflowPlace
from bot.adapters.mlflow_files import LARGEST, too_large
from bot.adapters.mlflow_json import Raw
from bot.adapters.mlflow_sqlite import check_store, store_file
from bot.adapters.scrubbing import scrubbed
from bot.domain.errors import (
    BackEndError,
    BackEndRefusedError,
    BackEndUnavailableError,
    NotFoundError,
)

_starting = threading.Lock()


@contextmanager
def _hushed() -> Iterator[None]:
    """Let MLflow's own imports not warn of what only MLflow can change."""
    with _starting, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


with _hushed():
    from mlflow.exceptions import MlflowException
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
    from mlflow.tracking import MlflowClient

T = TypeVar("T")

_DENIED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_NO_SUCH_API = "ENDPOINT_NOT_FOUND"
_REMEDY = "check MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"


class MlflowSession:
    """Asks once, and tells every failure in Herald's words.

    Only a read whose connection was cut is sent a second time: an idle connection may have been
    closed by the other side.
    """

    def __init__(self, name: str, place: MlflowPlace) -> None:
        _quiet()
        self._name = name
        self._place = place
        uris = (place.tracking_uri, place.registry_uri)
        for uri in uris:
            check_store(name, uri)
        with self._telling(), _hushed():
            if any(map(store_file, uris)):
                import_module("mlflow.store.model_registry.sqlalchemy_store")
            self._client = MlflowClient(*uris)

    def one(self, ask: Ask) -> Raw:
        """Return what is asked for as MLflow's own JSON."""
        return self._read(lambda: _json(ask(self._client)))

    def page(self, ask: Ask) -> tuple[list[Raw], str]:
        """Return a page and the token of the next one."""

        def read() -> tuple[list[Raw], str]:
            found = ask(self._client)
            return [_json(entity) for entity in found], _text(found.token)

        return self._read(read)

    def write(self, ask: Ask) -> None:
        """Let something be changed."""
        with self._telling():
            ask(self._client)

    def file(self, folder: Ask, path: str) -> bytes | None:
        """Return a file below a folder, None when the folder does not list it."""
        return self._read(lambda: self._file(folder, path))

    def put(self, folder: Ask, path: str, content: bytes) -> None:
        """Store a file below a folder, in place of an earlier one."""
        parent, _, name = path.rpartition("/")
        with self._telling(), tempfile.TemporaryDirectory(prefix="herald-") as own:
            file = Path(own) / name
            file.write_bytes(content)
            self._kept(folder).log_artifact(str(file), parent or None)

    def folder(self, root: Ask, path: str) -> frozenset[str]:
        """Return the paths of what lies directly in a folder; those of folders end in ``/``."""

        def read() -> frozenset[str]:
            listed = self._kept(root).list_artifacts(path or None)
            inside = [item for item in listed if item.path != path]
            return frozenset(f"{item.path}/" if item.is_dir else item.path for item in inside)

        return self._read(read)

    def _kept(self, folder: Ask) -> Any:
        place = self._place
        return get_artifact_repository(folder(self._client), place.tracking_uri, place.registry_uri)

    def _file(self, folder: Ask, path: str) -> bytes | None:
        kept = self._kept(folder)
        listed = kept.list_artifacts(path.rpartition("/")[0] or None)
        sizes = {item.path: item.file_size or 0 for item in listed if not item.is_dir}
        if path not in sizes:
            return None
        if sizes[path] > LARGEST:
            raise too_large(self._name)
        with tempfile.TemporaryDirectory(prefix="herald-") as own:
            content = self._downloaded(kept, path, Path(own) / "file")
        if len(content) > LARGEST:
            raise too_large(self._name)
        return content

    def _downloaded(self, kept: Any, path: str, file: Path) -> bytes:
        """Return a file; the public way of MLflow's would hide why it cannot be had."""
        kept._download_file(path, str(file))  # noqa: SLF001 - as every kind of store implements it
        return file.read_bytes()

    def _read(self, read: Callable[[], T]) -> T:
        try:
            with self._telling():
                return read()
        except BackEndUnavailableError as error:
            if not _is_cut(error.__cause__):
                raise
        with self._telling():
            return read()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except BackEndError:
            raise
        except MlflowException as error:
            raise self._told(error) from error.__context__
        except connections.HTTPError as error:
            raise self._of_files(error) from None
        except (OSError, LookupError, ValueError, TypeError, AttributeError) as error:
            raise self._no_answer("its answer cannot be used") from error

    def _told(self, error: Any) -> BackEndError:
        cause, status = error.__context__, HTTPStatus(error.get_http_status_code())
        if isinstance(cause, connections.Timeout):
            return self._no_answer("no answer in time")
        if isinstance(cause, connections.RetryError):
            return self._no_answer("it could not answer")
        if isinstance(cause, connections.RequestException):
            return self._no_answer("the connection failed")
        return self._said_no(error, status)

    def _said_no(self, error: Any, status: HTTPStatus) -> BackEndError:
        said = self._scrubbed(str(error.message))
        if error.error_code == _NO_SUCH_API:
            return self._no_answer("what answers there is no MLflow server")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.TOO_MANY_REQUESTS:
            return self._no_answer(f"it could not answer: {said}")
        if status in _DENIED:
            return BackEndRefusedError(self._name, f"access denied: {said}; {_REMEDY}")
        kind = NotFoundError if status == HTTPStatus.NOT_FOUND else BackEndRefusedError
        return kind(self._name, said)

    def _of_files(self, error: connections.HTTPError) -> BackEndError:
        """Tell what a file store meant, which does not speak MLflow's language."""
        status = 0 if error.response is None else error.response.status_code
        if status == HTTPStatus.NOT_FOUND:
            return NotFoundError(self._name, "there is no such file")
        if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return BackEndRefusedError(self._name, f"the file store denied access; {_REMEDY}")
        return self._no_answer("the file store could not answer")

    def _no_answer(self, detail: str) -> BackEndUnavailableError:
        return BackEndUnavailableError(self._name, detail)

    def _scrubbed(self, text: str) -> str:
        uris = (self._place.tracking_uri, self._place.registry_uri)
        return scrubbed(text, (*uris, *(uri.partition("://")[2] for uri in uris)))


def _json(entity: Any) -> Raw:
    found: Raw = MessageToDict(entity.to_proto(), preserving_proto_field_name=True)
    return found


def _text(token: str | bytes | None) -> str:
    """Return a page's token; MLflow's file store gives bytes."""
    return token.decode() if isinstance(token, bytes) else token or ""


def _is_cut(cause: BaseException | None) -> bool:
    is_other = isinstance(cause, connections.Timeout | connections.RetryError)
    return isinstance(cause, connections.ConnectionError) and not is_other


def _quiet() -> None:
    """Silence what libraries say with addresses in it, and what Herald says better."""
    for name in ("mlflow", "alembic", "urllib3.connectionpool"):
        logging.getLogger(name).setLevel(logging.ERROR)
