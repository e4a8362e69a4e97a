"""Makes the demo world at first start: `seed(state)` or `python -m bot.sandbox.demo.seed STATE`.

Afterwards `state` holds `mlflow.db` (MLflow's SQLite store) and `artifacts/`. The store names
artifacts by `mlflow-artifacts:/...`, never by a folder, so the state may be moved or copied. A
server mounted on it needs `_MLFLOW_SERVER_ARTIFACT_ROOT=mlflow-artifacts:/`,
`_MLFLOW_SERVER_SERVE_ARTIFACTS=true` and `_MLFLOW_SERVER_ARTIFACT_DESTINATION=STATE/artifacts`;
without one, see `artifacts`. The work is done in a folder beside and moved in place with the store
last: a store that is there is whole.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STORE = "mlflow.db"
ARTIFACTS = "artifacts"
STAGING = ".seeding"
DEADLINE_S = 300
REASON_CHARS = 2000

QUIET_MLFLOW = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_UV_AUTO_DETECT": "false",
    "_MLFLOW_SERVER_ARTIFACT_ROOT": "mlflow-artifacts:/",
    "GIT_PYTHON_REFRESH": "quiet",
    "PYTHONWARNINGS": "ignore",
}


class SeedError(Exception):
    """The demo world could not be made; the message ends with what the child process said."""


def is_seeded(state: Path) -> bool:
    """Return whether `state` holds the demo world, whole."""
    return (state / STORE).exists()


def seed(state: Path) -> None:
    """Make the demo world below `state` unless it is there.

    Raises:
        SeedError: If training or registering failed; the next call starts anew.
    """
    state.mkdir(parents=True, exist_ok=True)
    with _alone(state) as lock:
        if not is_seeded(state):
            _make(state.resolve(), lock)


def _make(state: Path, lock: int) -> None:
    staging = state / STAGING
    for leftover in (staging, state / ARTIFACTS):
        shutil.rmtree(leftover, ignore_errors=True)
    (staging / ARTIFACTS).mkdir(parents=True)
    _register_in_child(staging, lock)
    (staging / ARTIFACTS).rename(state / ARTIFACTS)
    (staging / STORE).rename(state / STORE)
    shutil.rmtree(staging)


def _register_in_child(staging: Path, lock: int) -> None:
    """Keep MLflow, its imports and its global settings out of this process.

    The child holds the lock too: should this process be killed, the next one waits for the child.
    """
    command = [sys.executable, "-m", "bot.sandbox.demo.register", str(staging)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            env=child_environment(),
            pass_fds=(lock,),
            capture_output=True,
            timeout=DEADLINE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise SeedError(f"Making the demo world took more than {DEADLINE_S} s.") from late
    if done.returncode != 0:
        reason = done.stderr.decode(errors="replace")[-REASON_CHARS:]
        raise SeedError(f"Making the demo world failed: {reason}")


def child_environment() -> dict[str, str]:
    """Return this process's environment without its MLflow and Databricks settings, quietened."""
    foreign = ("MLFLOW_", "_MLFLOW_", "DATABRICKS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return kept | QUIET_MLFLOW


@contextmanager
def _alone(state: Path) -> Iterator[int]:
    """Let one process at a time seed this state; the kernel frees the lock of the dead."""
    with (state / ".seed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


if __name__ == "__main__":
    seed(Path(sys.argv[1]))
