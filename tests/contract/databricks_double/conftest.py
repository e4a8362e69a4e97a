"""A double of its own for each test, and one process that the official clients share."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.sandbox.demo.seed import ARTIFACTS, STORE
from tests.contract.databricks_double.double import TOKEN, Double, running_double
from tests.contract.databricks_double.process import DoubleProcess
from tests.seeded_world import copied_world, pristine_world, seeded_state


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return a world with a registry of its own; its artifacts are shared, for reading only."""
    pristine = pristine_world()
    shutil.copy2(pristine / STORE, tmp_path / STORE)
    (tmp_path / ARTIFACTS).symlink_to(pristine / ARTIFACTS)
    return tmp_path


@pytest.fixture
async def writable(tmp_path: Path) -> AsyncIterator[Double]:
    """Run a double whose artifacts may be written."""
    async with running_double(copied_world(tmp_path)) as double:
        yield double


@pytest.fixture
async def double(state: Path) -> AsyncIterator[Double]:
    async with running_double(state) as double:
        yield double


@pytest.fixture(scope="package")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DoubleProcess]:
    running = DoubleProcess.start(seeded_state(tmp_path_factory))
    yield running
    running.stop()


@pytest.fixture
def official(process: DoubleProcess, monkeypatch: pytest.MonkeyPatch) -> DoubleProcess:
    """Point official clients at the process by their own environment variables."""
    monkeypatch.setenv("DATABRICKS_HOST", process.origin)
    monkeypatch.setenv("DATABRICKS_TOKEN", TOKEN)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "databricks")  # else some helper makes a mlflow.db
    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "true")
    monkeypatch.setenv("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    return process
