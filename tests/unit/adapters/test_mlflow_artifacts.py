"""What a file store behind an MLflow server answers comes out as one of Herald's own errors."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.adapters.mlflow_artifacts import MlflowArtifacts
from bot.adapters.mlflow_files import LARGEST
from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError
from tests.kept_environment import kept_environment
from tests.unit.adapters.test_mlflow_calls import MLFLOW, calls_to
from tests.unit.adapters.workspace import Said, StubWorkspace

RUN = "0" * 32
FILES = "/api/2.0/mlflow-artifacts/artifacts"
FILE = f"{FILES}/r/a.json"


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    with kept_environment():
        yield


@pytest.fixture
async def artifacts(stub: StubWorkspace) -> AsyncIterator[MlflowArtifacts]:
    info = {"run_id": RUN, "artifact_uri": "mlflow-artifacts:/r"}
    stub.says(f"{MLFLOW}/runs/get", {"run": {"info": info}})
    stub.says(FILES, {"files": [{"path": "a.json", "is_dir": False, "file_size": 2}]})
    calls = calls_to(stub.origin)
    yield MlflowArtifacts(calls)
    await calls.close()


async def test_file_that_went_between_list_and_read_is_absent(
    artifacts: MlflowArtifacts, stub: StubWorkspace
) -> None:
    stub.says(FILE, Said(status=404, text="gone"))
    assert await artifacts.run_artifact(RUN, "a.json") is None


@pytest.mark.parametrize("status", [401, 403])
async def test_denied_file_is_told_with_what_to_do(
    artifacts: MlflowArtifacts, stub: StubWorkspace, status: int
) -> None:
    stub.says(FILE, Said(status=status, text="no"))
    with pytest.raises(BackEndRefusedError, match="MLFLOW_TRACKING_TOKEN"):
        await artifacts.run_artifact(RUN, "a.json")


@pytest.mark.parametrize("status", [500, 503])
async def test_file_store_out_of_order_is_no_answer(
    artifacts: MlflowArtifacts, stub: StubWorkspace, status: int
) -> None:
    stub.says(FILE, Said(status=status, text="no"))
    with pytest.raises(BackEndUnavailableError):
        await artifacts.run_artifact(RUN, "a.json")


async def test_file_larger_than_its_list_said_is_refused(
    artifacts: MlflowArtifacts, stub: StubWorkspace
) -> None:
    stub.says(FILE, Said(text="x" * (LARGEST + 1)))
    with pytest.raises(BackEndRefusedError, match="larger than"):
        await artifacts.run_artifact(RUN, "a.json")


@pytest.mark.parametrize("path", ["/etc/passwd", "../a.json", "a/../../b", "a//b", "./a", ""])
async def test_path_cannot_be_led_elsewhere(
    artifacts: MlflowArtifacts, stub: StubWorkspace, path: str
) -> None:
    with pytest.raises(BackEndRefusedError):
        await artifacts.run_artifact(RUN, path)
    assert stub.calls == []


async def test_list_of_another_form_is_no_answer(
    artifacts: MlflowArtifacts, stub: StubWorkspace
) -> None:
    stub.says(FILES, {"files": [{"name": "a.json"}]})
    with pytest.raises(BackEndUnavailableError):
        await artifacts.run_artifact(RUN, "a.json")
