"""A registry with the demo world in it, its ports, and the ways to bring it into trouble."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from mlflow.entities import Metric

from bot.domain.ports import (
    ArtifactReader,
    ArtifactWriter,
    ExperimentTracking,
    ModelRegistry,
    PrivilegeReader,
    RegistryWriter,
)
from bot.sandbox.databricks.calls import CallLog
from bot.sandbox.databricks.directory import Directory
from bot.sandbox.databricks.faults import Fault, FaultBook, FaultKind
from bot.sandbox.databricks.grants import Grants
from bot.sandbox.databricks.mlflow_stores import MlflowStores, open_stores
from tests.contract.databricks_double.double import TOKEN

LONG_S = 60.0
BRIEF_S = 0.4
STORE = "mlflow.db"
_VERSIONS = """
    INSERT INTO model_versions (name, version, creation_time, last_updated_time, current_stage,
                                status, source, workspace)
    VALUES (?, ?, 1, 1, 'None', 'READY', 'file:///nowhere', 'default')
"""


class Kind(StrEnum):
    """The registries that Herald reads and writes."""

    UC = "uc"
    FILE = "file"
    SERVER = "server"


class Files(ArtifactReader, ArtifactWriter, Protocol):
    """Reads and writes artifacts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """One client's view of the registry."""

    registry: ModelRegistry
    writer: RegistryWriter
    tracking: ExperimentTracking
    artifacts: Files
    privileges: PrivilegeReader


@dataclass(frozen=True, kw_only=True)
class RegistryWorld:
    """The registry behind the ports, as the tests prepare it.

    Attributes:
        state: The folder that holds MLflow's file and artifacts.
        client: Makes ports, given a deadline in seconds and a token.
        grants: Who holds what; None where the registry has no privileges.
        directory: Who is there; None likewise.
    """

    kind: Kind
    state: Path
    client: Callable[[float, str], Ports]
    grants: Grants | None = None
    directory: Directory | None = None

    def ports(self, deadline_s: float = LONG_S, token: str = TOKEN) -> Ports:
        """Return the ports of a new client."""
        return self.client(deadline_s, token)

    @cached_property
    def stores(self) -> MlflowStores:
        """What the registry keeps, past the registry."""
        return open_stores(self.state)

    def add_models(self, names: list[str]) -> None:
        """Register models without versions."""
        for name in names:
            self.stores.registry.create_registered_model(name)

    def add_versions(self, name: str, count: int) -> None:
        """Register a model with so many versions."""
        self.add_models([name])
        with closing(sqlite3.connect(self.state / STORE)) as database, database:
            database.executemany(_VERSIONS, [(name, number + 1) for number in range(count)])

    def log_metric(self, run_id: str, value: float, at: int = 1, **where: str | None) -> None:
        """Log a metric called odd on a run, and on a logged model where one is named."""
        metric = Metric("odd", value, timestamp=at, step=0, run_id=run_id, **where)
        self.stores.tracking.log_batch(run_id, metrics=[metric], params=[], tags=[])

    def put_artifact(self, run_id: str, path: str, content: bytes) -> None:
        """Let a run have an artifact."""
        uri = self.stores.tracking.get_run(run_id).info.artifact_uri
        _, _, folder = uri.replace("mlflow-artifacts:/", "/artifacts/").partition("/artifacts/")
        file = self.state / "artifacts" / folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


@dataclass(frozen=True, kw_only=True)
class RemoteWorld(RegistryWorld):
    """A registry behind HTTP.

    Attributes:
        token_setting: The setting that holds the token.
    """

    origin: str
    faults: FaultBook
    calls: CallLog
    token_setting: str

    def hangs(self) -> None:
        """Let every call hang."""
        self._has(FaultKind.HANG)

    def cuts_connections(self) -> None:
        """Drop every connection without an answer."""
        self._has(FaultKind.REFUSE)

    def fails(self, status: int) -> None:
        """Answer every call with an error of the platform's own."""
        self._has(FaultKind.ERROR, status=status)

    def loses_one_answer(self, method: str) -> None:
        """Do what the next such call asks for, and drop its connection."""
        self._has(FaultKind.LOST_ANSWER, method=method, count=1)

    def heals(self) -> None:
        """End every trouble."""
        self.faults.clear()

    def called(self) -> list[Mapping[str, object]]:
        """Return the calls that arrived."""
        return [call for call in self.calls.listed() if str(call["path"]).startswith("/api/")]

    def _has(self, kind: FaultKind, **more: Any) -> None:
        self.faults.add(Fault(kind=kind, path_prefix="/api/", **more))
