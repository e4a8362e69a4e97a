"""A real MLflow server in a process of its own: started once, its world put back each time."""

import os
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.contract.registry.world import STORE
from tests.kept_port import kept_port
from tests.seeded_world import copied_world, pristine_world

START_S = 300
STOP_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MlflowServerProcess:
    """A server that answers."""

    process: subprocess.Popen[bytes]
    origin: str
    state: Path

    @staticmethod
    def start(state: Path) -> "MlflowServerProcess":
        """Start a server on the demo world and wait until it answers."""
        copied_world(state)
        with kept_port() as port, (state / "server.log").open("w") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program
                _command(state, port), cwd=state, env=_environment(), stdout=log, stderr=log
            )
            server = MlflowServerProcess(
                process=process, origin=f"http://127.0.0.1:{port}", state=state
            )
            server._wait()
        return server

    def reset(self) -> None:
        """Put the demo world back into the file that the server holds open."""
        with (
            closing(sqlite3.connect(pristine_world() / STORE)) as source,
            closing(sqlite3.connect(self.state / STORE)) as target,
        ):
            source.backup(target)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(STOP_S)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        while not self._answers():
            told = (self.state / "server.log").read_text()
            assert self.process.poll() is None, told
            assert time.monotonic() < deadline, told
            time.sleep(0.1)  # noqa: TID251 - waiting for another process

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.origin}/health", timeout=5) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)
        except OSError:
            return False


def _command(state: Path, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "mlflow", "server"),
        *("--backend-store-uri", f"sqlite:///{state / STORE}"),
        *("--artifacts-destination", str(state / "artifacts")),
        *("--default-artifact-root", "mlflow-artifacts:/"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
    ]


def _environment() -> dict[str, str]:
    foreign = ("MLFLOW_", "_MLFLOW_", "DATABRICKS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | {
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "PYTHONWARNINGS": "ignore",
    }
