from urllib.parse import urlsplit

import pytest
import yaml

from tests.contract.databricks_double.double import SCORER, TOKEN, UC, Double, Json

FILES = "/api/2.0/fs/files/Models/prod/fraud/scorer/4"
FOLDERS = "/api/2.0/fs/directories/Models/prod/fraud/scorer/4"
ARTIFACTS = "/api/2.0/mlflow/artifacts"


async def version(double: Double) -> Json:
    read = await double.get(f"{UC}/model-versions/get", name=SCORER, version="4")
    found: Json = read.body["model_version"]
    return found


async def credential(double: Double, path: str, purpose: str) -> Json:
    body = {"run_id": (await version(double))["run_id"], "path": [path]}
    got = await double.call("POST", f"{ARTIFACTS}/credentials-for-{purpose}", body)
    info: Json = got.body["credential_infos"][0]
    return info


async def test_model_file_is_read_through_the_files_api(double: Double) -> None:
    read = await double.get(f"{FILES}/MLmodel")

    assert "inputs" in yaml.safe_load(read.body)["signature"]
    assert read.headers["content-type"] == "application/octet-stream"


async def test_metadata_of_files_and_folders_is_answered_without_a_body(double: Double) -> None:
    file = await double.call("HEAD", f"{FILES}/MLmodel")
    folder = await double.call("HEAD", FOLDERS)
    nothing = await double.call("HEAD", f"{FOLDERS}/nothing")

    assert (file.status, int(file.headers["content-length"]) > 100) == (200, True)
    assert "last-modified" in file.headers
    assert (folder.status, nothing.status) == (200, 404)


async def test_folder_lists_the_files_of_a_version_below_its_models_path(double: Double) -> None:
    contents = (await double.get(FOLDERS)).body["contents"]

    paths = {entry["path"]: entry for entry in contents}
    assert paths["/Models/prod/fraud/scorer/4/MLmodel"]["is_directory"] is False
    assert paths["/Models/prod/fraud/scorer/4/MLmodel"]["file_size"] > 0


async def test_run_artifacts_are_not_among_the_version_files(double: Double) -> None:
    missing = await double.get(f"{FILES}/documentation/model_card.yaml")

    assert (missing.status, missing.error_code) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    "path",
    [
        "/api/2.0/fs/files/Models/prod/fraud/scorer/99/MLmodel",
        "/api/2.0/fs/files/Models/prod/fraud/nothing/1/MLmodel",
        "/api/2.0/fs/directories/Models/prod/fraud/scorer/99",
    ],
)
async def test_files_of_a_version_that_is_not_registered_do_not_exist(
    double: Double, path: str
) -> None:
    assert (await double.get(path)).status == 404


async def test_path_that_leads_out_of_the_version_is_refused(double: Double) -> None:
    async with double.session.get(
        f"{double.origin}{FILES}/%2E%2E/%2E%2E/%2E%2E/mlflow.db",
        headers={"Authorization": f"Bearer {TOKEN}"},
    ) as answer:
        assert answer.status in {400, 404}
        assert b"SQLite" not in await answer.read()


async def test_file_is_written_once_unless_it_may_be_replaced(writable: Double) -> None:
    path = f"{FILES}/notes/why.json"
    first = await writable.call("PUT", path, {"a": 1})
    again = await writable.call("PUT", path, {"a": 2})
    replaced = await writable.call("PUT", path, {"a": 3}, overwrite="true")

    assert (first.status, again.status, replaced.status) == (204, 409, 204)
    assert (await writable.get(path)).body == '{"a": 3}'


async def test_run_artifacts_are_listed_folder_by_folder(double: Double) -> None:
    run_id = (await version(double))["run_id"]
    top = await double.get(f"{ARTIFACTS}/list", run_id=run_id)
    below = await double.get(f"{ARTIFACTS}/list", run_id=run_id, path="validation")
    one = await double.get(f"{ARTIFACTS}/list", run_id=run_id, path="validation/tests.json")
    none = await double.get(f"{ARTIFACTS}/list", run_id=run_id, path="nothing")

    folders = [item["path"] for item in top.body["files"] if item["is_dir"]]
    assert {"documentation", "validation"} <= set(folders)
    assert [item["path"] for item in below.body["files"]] == ["validation/tests.json"]
    assert one.body == below.body
    assert none.body == {"files": []}


async def test_run_artifacts_are_closed_to_the_files_api(double: Double) -> None:
    refused = await double.get(
        "/api/2.0/fs/directories/WorkspaceInternal/Mlflow/Artifacts/1/Runs/a"
    )

    assert (refused.status, refused.error_code) == (403, "PERMISSION_DENIED")


async def test_run_that_is_not_there_has_no_artifacts(double: Double) -> None:
    missing = await double.get(f"{ARTIFACTS}/list", run_id="0" * 32)

    assert (missing.status, missing.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")


async def test_signed_address_reads_a_run_artifact_without_a_token(double: Double) -> None:
    info = await credential(double, "validation/tests.json", "read")
    async with double.session.get(info["signed_uri"]) as answer:
        tests = await answer.json(content_type=None)

    assert info["type"] == "AWS_PRESIGNED_URL"
    assert {test["name"] for test in tests["tests"]} >= {"unit", "integration", "load"}


async def test_signed_address_opens_only_what_it_was_signed_for(double: Double) -> None:
    info = await credential(double, "validation/tests.json", "read")
    other = info["signed_uri"].replace("validation/tests.json", "documentation/model_card.yaml")
    later = info["signed_uri"].replace("expires=", "expires=9")
    bare = info["signed_uri"].split("?")[0]

    for address in (other, later, bare):
        async with double.session.get(address) as answer:
            assert answer.status == 403
    async with double.session.put(info["signed_uri"], data=b"{}") as answer:
        assert answer.status == 403


async def test_signature_is_not_in_the_call_log(double: Double) -> None:
    info = await credential(double, "validation/tests.json", "read")
    async with double.session.get(info["signed_uri"]):
        pass
    listed = await double.call("GET", "/sandbox/calls", token=None)

    signature = urlsplit(info["signed_uri"]).query.split("signature=")[1]
    assert listed.body["calls"][-1]["path"] == urlsplit(info["signed_uri"]).path
    assert signature not in str(listed.body)


async def test_run_artifact_is_written_by_a_signed_address(writable: Double) -> None:
    write = await credential(writable, "validation/late.json", "write")
    async with writable.session.put(write["signed_uri"], data=b'{"late": true}') as answer:
        assert answer.status == 200

    read = await credential(writable, "validation/late.json", "read")
    async with writable.session.get(read["signed_uri"]) as answer:
        assert await answer.read() == b'{"late": true}'


async def test_signed_address_of_nothing_finds_nothing(double: Double) -> None:
    info = await credential(double, "validation/nothing.json", "read")
    async with double.session.get(info["signed_uri"]) as answer:
        assert answer.status == 404


@pytest.mark.parametrize("path", [[], "../../mlflow.db", None, [1]])
async def test_credentials_for_no_artifact_of_the_run_are_refused(
    double: Double, path: object
) -> None:
    body = {"run_id": (await version(double))["run_id"], "path": path}
    refused = await double.call("POST", f"{ARTIFACTS}/credentials-for-read", body)

    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")


async def test_files_of_a_logged_model_are_listed_and_signed(double: Double) -> None:
    model = f"/api/2.0/mlflow/logged-models/{(await version(double))['model_id']}/artifacts"
    listed = await double.get(f"{model}/directories")
    got = await double.call("POST", f"{model}/credentials-for-download", {"paths": ["MLmodel"]})

    assert "MLmodel" in [item["path"] for item in listed.body["files"]]
    info = got.body["credentials"][0]["credential_info"]
    async with double.session.get(info["signed_uri"]) as answer:
        assert b"signature" in await answer.read()


async def test_runs_and_logged_models_live_below_databricks_own_address(double: Double) -> None:
    found = await version(double)
    run = await double.get("/api/2.0/mlflow/runs/get", run_id=found["run_id"])
    model = await double.get(f"/api/2.0/mlflow/logged-models/{found['model_id']}")

    root = "dbfs:/databricks/mlflow-tracking/"
    assert run.body["run"]["info"]["artifact_uri"].startswith(root)
    assert model.body["model"]["info"]["artifact_uri"].startswith(root)
    assert run.body["run"]["inputs"]["dataset_inputs"]


SIGN = "/api/2.0/fs/create-{}-url"
MLMODEL = "/Models/prod/fraud/scorer/4/MLmodel"


async def test_version_file_is_read_by_a_signed_address(double: Double) -> None:
    signed = await double.call("POST", SIGN.format("download"), {"path": MLMODEL})
    async with double.session.get(signed.body["url"]) as answer:
        assert b"signature" in await answer.read()

    assert signed.body["headers"] == []


async def test_version_file_is_written_by_a_signed_address(writable: Double) -> None:
    path = "/Models/prod/fraud/scorer/4/notes/why.txt"
    signed = await writable.call("POST", SIGN.format("upload"), {"path": path})
    async with writable.session.put(signed.body["url"], data=b"because") as answer:
        assert answer.status == 200

    assert (await writable.get(f"{FILES}/notes/why.txt")).body == "because"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/Volumes/a/b/c", 400),
        ("/Models/prod/fraud/scorer/4/../../../mlflow.db", 400),
        ("/Models/prod/fraud/scorer/99/MLmodel", 404),
        ("", 400),
    ],
)
async def test_address_outside_of_a_versions_files_is_not_signed(
    double: Double, path: str, status: int
) -> None:
    assert (await double.call("POST", SIGN.format("download"), {"path": path})).status == status
