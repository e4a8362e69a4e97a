"""One copy of the demo world for this folder, read through MLflow's own client."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient

from tests.seeded_world import seeded_state


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeded_state(tmp_path_factory)


@pytest.fixture(scope="session")
def registry(state: Path) -> Iterator[MlflowClient]:
    with pytest.MonkeyPatch.context() as env:
        env.setenv("_MLFLOW_SERVER_ARTIFACT_ROOT", "mlflow-artifacts:/")
        yield MlflowClient(f"sqlite:///{state / 'mlflow.db'}")
