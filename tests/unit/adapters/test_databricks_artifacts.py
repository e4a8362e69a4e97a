"""Files of versions and runs where a workspace denies or lacks them."""

import pytest

from bot.adapters.databricks_artifacts import ARTIFACTS, DatabricksArtifacts
from bot.adapters.databricks_client import DatabricksClient
from bot.adapters.unity_catalog import UC
from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError
from bot.domain.names import ModelName
from bot.domain.registry import ModelContents, ModelVersion
from tests.unit.adapters.workspace import TOKEN, Said, StubWorkspace

FILES = "/api/2.0/fs/files/Models/prod/fraud/scorer/7"
LOGGED = "m-0123456789abcdef0123456789abcdef"
READ, LIST = f"{ARTIFACTS}/credentials-for-read", f"{ARTIFACTS}/list"
TESTS = "validation/tests.json"
MLMODEL = """\
signature:
  inputs: '[{"type": "double", "name": "b"}]'
  outputs: '[{"name":"y", "type":"long"}]'
"""


@pytest.fixture
def artifacts(client: DatabricksClient) -> DatabricksArtifacts:
    return DatabricksArtifacts(client)


def version(model_id: str | None = None, run_id: str | None = None) -> ModelVersion:
    return ModelVersion(
        name=ModelName("prod.fraud.scorer"), version=7, model_id=model_id, run_id=run_id
    )


def files(stub: StubWorkspace, described: Said, requirements: Said) -> None:
    stub.says(f"{FILES}/MLmodel", described)
    stub.says(f"{FILES}/requirements.txt", requirements)


DENIED = Said(status=403, body={"error_code": "PERMISSION_DENIED", "message": "no"})
ABSENT = Said(status=404, body={"error_code": "NOT_FOUND", "message": "no"})


def signed(stub: StubWorkspace, *answers: Said) -> None:
    info = {"signed_uri": f"{stub.origin}/store/f?sig=1", "headers": [], "path": TESTS}
    stub.says(READ, {"credential_infos": [info]})
    stub.says("/store/f", *answers)


async def test_signature_comes_in_canonical_form(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    files(stub, Said(text=MLMODEL), Said(text="mlflow==3\n\n scikit-learn \n"))
    assert await artifacts.contents(version()) == ModelContents(
        inputs='[{"name":"b","type":"double"}]',
        outputs='[{"name":"y","type":"long"}]',
        requirements=("mlflow==3", "scikit-learn"),
    )


async def test_missing_files_are_known_absent(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    files(stub, ABSENT, ABSENT)
    assert await artifacts.contents(version()) == ModelContents()


@pytest.mark.parametrize("text", ["{broken: [", "just words", "- a\n- b\n", "\x00"])
async def test_unreadable_description_is_no_missing_signature(
    artifacts: DatabricksArtifacts, stub: StubWorkspace, text: str
) -> None:
    files(stub, Said(text=text), ABSENT)
    with pytest.raises(BackEndRefusedError, match="MLmodel file is not readable"):
        await artifacts.contents(version())


async def test_denied_files_are_read_from_the_logged_model(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    files(stub, DENIED, DENIED)
    info = {"credential_info": {"signed_uri": f"{stub.origin}/store/f"}}
    path = f"/api/2.0/mlflow/logged-models/{LOGGED}/artifacts/credentials-for-download"
    stub.says(path, {"credentials": [info]})
    stub.says("/store/f", Said(text=MLMODEL))
    assert (await artifacts.contents(version(model_id=LOGGED))).outputs is not None


async def test_file_that_the_logged_model_lacks_is_absent(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    files(stub, DENIED, DENIED)
    info = {"credential_info": {"signed_uri": f"{stub.origin}/store/f"}}
    path = f"/api/2.0/mlflow/logged-models/{LOGGED}/artifacts/credentials-for-download"
    stub.says(path, {"credentials": [info]})
    stub.says("/store/f", Said(status=404, text="<Error/>"))
    assert await artifacts.contents(version(model_id=LOGGED)) == ModelContents()


async def test_schema_that_is_no_json_is_kept_as_it_is(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    files(stub, Said(text="signature: {inputs: not json}"), ABSENT)
    assert await artifacts.contents(version()) == ModelContents(inputs="not json")


async def test_denied_files_are_read_from_the_run(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    files(stub, DENIED, DENIED)
    source = "dbfs:/databricks/mlflow-tracking/12/r1/artifacts/model"
    stub.says(f"{UC}/model-versions/get", {"model_version": {"source": source}})
    signed(stub, Said(text=MLMODEL))
    assert (await artifacts.contents(version(run_id="r1"))).inputs is not None
    asked = {tuple(call.body["path"]) for call in stub.calls if call.path == READ}
    assert asked == {("model/MLmodel",), ("model/requirements.txt",)}


async def test_denied_files_without_another_way_are_told(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    files(stub, DENIED, DENIED)
    stub.says(f"{UC}/model-versions/get", {"model_version": {"source": "s3://elsewhere"}})
    with pytest.raises(BackEndRefusedError, match="access denied"):
        await artifacts.contents(version(run_id="r1"))


async def test_artifact_is_fetched_without_our_token(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    signed(stub, Said(text="{}"))
    assert await artifacts.run_artifact("r1", TESTS) == b"{}"
    fetched = next(call for call in stub.calls if call.path == "/store/f")
    assert TOKEN not in str(fetched.headers)


async def test_artifact_that_storage_lacks_is_absent(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    signed(stub, Said(status=404, text="<Error/>"))
    assert await artifacts.run_artifact("r1", TESTS) is None


async def test_denied_artifact_that_no_list_names_is_absent(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    signed(stub, Said(status=403, text="<Error/>"))
    stub.says(LIST, {"files": [{"path": "validation/other.json"}]})
    assert await artifacts.run_artifact("r1", TESTS) is None


async def test_denied_artifact_in_a_missing_folder_is_absent(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    signed(stub, Said(status=403, text="<Error/>"))
    stub.says(LIST, ABSENT)
    assert await artifacts.run_artifact("r1", TESTS) is None


async def test_denied_artifact_that_exists_is_told(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    signed(stub, Said(status=403, text="<Error/>"))
    stub.says(LIST, {"files": [{"path": TESTS}]})
    with pytest.raises(BackEndRefusedError, match="file store denied access"):
        await artifacts.run_artifact("r1", TESTS)


async def test_denied_run_is_told(artifacts: DatabricksArtifacts, stub: StubWorkspace) -> None:
    stub.says(READ, DENIED)
    stub.says(LIST, DENIED)
    with pytest.raises(BackEndRefusedError, match="access denied"):
        await artifacts.run_artifact("r1", TESTS)


async def test_artifact_of_more_than_a_mebibyte_is_told(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    signed(stub, Said(text="x" * 1_048_577))
    stub.says(LIST, {"files": [{"path": TESTS}]})
    with pytest.raises(BackEndRefusedError, match="larger than"):
        await artifacts.run_artifact("r1", TESTS)


async def test_storage_that_fails_is_no_absence(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    signed(stub, Said(status=500, text="<Error/>"))
    with pytest.raises(BackEndUnavailableError):
        await artifacts.run_artifact("r1", TESTS)


async def test_missing_credentials_are_no_absence(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    stub.says(READ, {"credential_infos": []})
    with pytest.raises(BackEndUnavailableError, match="documented form"):
        await artifacts.run_artifact("r1", TESTS)


async def test_folder_comes_from_every_page(
    artifacts: DatabricksArtifacts, stub: StubWorkspace
) -> None:
    stub.says(
        LIST,
        {"files": [{"path": "plots/roc.png", "is_dir": False}], "next_page_token": "2"},
        {"files": [{"path": "plots/more", "is_dir": True}]},
    )
    assert await artifacts.run_folder("r1", "plots") == {"plots/roc.png", "plots/more/"}
    asked = [call.query for call in stub.calls]
    assert asked == [
        {"run_id": "r1", "path": "plots"},
        {"run_id": "r1", "path": "plots", "page_token": "2"},
    ]


async def test_file_is_no_folder(artifacts: DatabricksArtifacts, stub: StubWorkspace) -> None:
    stub.says(LIST, {"files": [{"path": TESTS, "is_dir": False}]})
    assert await artifacts.run_folder("r1", TESTS) == frozenset()


async def test_denied_folder_is_told(artifacts: DatabricksArtifacts, stub: StubWorkspace) -> None:
    stub.says(LIST, DENIED)
    with pytest.raises(BackEndRefusedError, match="access denied"):
        await artifacts.run_folder("r1", "plots")
