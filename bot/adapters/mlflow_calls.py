"""Calls to MLflow, each on a thread of a bounded pool with a deadline."""

import math
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bot.adapters.bulkhead import SLOTS, Bulkhead, T
from bot.adapters.loading import Loading
from bot.adapters.meter import Called, not_counted
from bot.adapters.mlflow_json import Raw
from bot.domain.ports import Clock

if TYPE_CHECKING:
    from bot.adapters.mlflow_session import MlflowSession

Ask = Callable[[Any], Any]
"""What to ask an ``MlflowClient`` for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MlflowPlace:
    """Where MLflow keeps runs and registered models.

    Attributes:
        tracking_uri: ``sqlite:///path`` of a file, or ``http(s)://…`` of an MLflow server.
        registry_uri: Likewise.
        deadline: For one call.
    """

    tracking_uri: str
    registry_uri: str
    deadline: timedelta


class MlflowCalls:
    """Asks MLflow, through a pool of its own for each kind of back end.

    Every call may raise ``BackEndUnavailableError`` (nobody knows whether it took effect),
    ``BackEndRefusedError`` and ``NotFoundError``.
    """

    def __init__(
        self, name: str, place: MlflowPlace, clock: Clock, called: Called = not_counted
    ) -> None:
        self.name = name
        self._place = place
        self._bulkhead = Bulkhead(name, SLOTS, place.deadline, clock, called)
        self._session: MlflowSession | None = None
        self._opening = threading.Lock()
        self._mlflow = Loading(self._load)

    async def one(self, ask: Ask) -> Raw:
        """Return the thing that is asked for, as MLflow's own JSON has it."""
        return await self._run(lambda: self._open().one(ask))

    async def page(self, ask: Ask) -> tuple[list[Raw], str]:
        """Return a page of things and the token of the next one; empty for the last."""
        return await self._run(lambda: self._open().page(ask))

    async def write(self, ask: Ask) -> None:
        """Let something be changed; it is sent once."""
        await self._run(lambda: self._open().write(ask))

    async def file(self, folder: Ask, path: str) -> bytes | None:
        """Return a file below the folder whose address is asked for, or None when it lacks it."""
        return await self._run(lambda: self._open().file(folder, path))

    async def put(self, folder: Ask, path: str, content: bytes) -> None:
        """Store a file below the folder whose address is asked for."""
        await self._run(lambda: self._open().put(folder, path, content))

    async def folder(self, root: Ask, path: str) -> frozenset[str]:
        """Return what lies directly in a folder below the one whose address is asked for."""
        return await self._run(lambda: self._open().folder(root, path))

    async def close(self) -> None:
        """Let no more calls in."""
        await self._bulkhead.close()

    async def _run(self, call: Callable[[], T]) -> T:
        """Make a call; its deadline begins once MLflow is there, which takes a busy host long."""
        await self._mlflow.wait()
        return await self._bulkhead.run(call)

    def _load(self) -> None:
        _bound(self._place.deadline)
        import_module("bot.adapters.mlflow_session")

    def _open(self) -> "MlflowSession":
        """Return the session; the first call opens it, in its own thread."""
        with self._opening:
            if self._session is None:
                from bot.adapters.mlflow_session import (  # noqa: PLC0415 - 2 s of imports
                    MlflowSession,
                )

                self._session = MlflowSession(self.name, self._place)
            return self._session


def _bound(deadline: timedelta) -> None:
    """Let MLflow give up when Herald does: by itself it asks for minutes, writes too.

    It reads these from the environment at each request and nowhere else. They stay within this
    process and its children.
    """
    os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] = str(math.ceil(deadline.total_seconds()))
    os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "0"
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
