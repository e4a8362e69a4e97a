"""The official clients against the process: they know how the real platform speaks."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.config import Config
from databricks.sdk.errors import NotFound, PermissionDenied, ResourceConflict
from databricks.sdk.service.catalog import ModelVersionInfoStatus
from databricks.sdk.service.catalog import Privilege as SdkPrivilege
from databricks.sdk.service.serving import EndpointTag, ServedEntityInput
from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts
from mlflow.exceptions import MlflowException, RestException
from mlflow.tracking._model_registry.registry import ModelRegistryStoreRegistry

from bot.sandbox.demo.traffic import sample_request
from tests.contract.databricks_double.double import SCORER, TOKEN
from tests.contract.databricks_double.process import DoubleProcess

NATIVE_PATHS = "MLFLOW_ENABLE_UC_NATIVE_MODEL_REGISTRY"
FILES_API = "MLFLOW_USE_DATABRICKS_SDK_MODEL_ARTIFACTS_REPO_FOR_UC"
RAG = "sandbox.nasa_gcn_models.gcn_rag_assistant"

pytestmark = pytest.mark.xdist_group("official clients")


@pytest.fixture
def workspace(official: DoubleProcess) -> WorkspaceClient:
    return client(official, TOKEN)


@pytest.fixture(params=["legacy", "native"])
def registry(
    official: DoubleProcess, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> MlflowClient:
    """Return MLflow's client on one of the two sets of paths that it knows."""
    assert official.ready["ready"]
    monkeypatch.setenv(NATIVE_PATHS, str(request.param == "native").lower())
    ModelRegistryStoreRegistry._get_store_with_resolved_uri.cache_clear()
    return MlflowClient(tracking_uri="databricks", registry_uri="databricks-uc")


def client(process: DoubleProcess, token: str) -> WorkspaceClient:
    config = Config(
        host=process.origin, token=token, retry_timeout_seconds=2, http_timeout_seconds=60
    )
    return WorkspaceClient(config=config)


def paths_asked(process: DoubleProcess) -> list[str]:
    with urlopen(f"{process.origin}/sandbox/calls") as answer:  # noqa: S310 - our own double
        return [call["path"] for call in json.load(answer)["calls"]]


@contextmanager
def updates_take_long(process: DoubleProcess) -> Iterator[None]:
    """Let updates of endpoints take as long as the block."""
    faults, fault = f"{process.origin}/sandbox/faults", {"kind": "update_takes", "seconds": 600}
    with urlopen(Request(faults, json.dumps(fault).encode(), method="POST")):  # noqa: S310 - our own double
        yield
    with urlopen(Request(faults, method="DELETE")):  # noqa: S310 - our own double
        pass


def run_of_version_4(registry: MlflowClient) -> str:
    run_id = registry.get_model_version(SCORER, "4").run_id
    assert run_id is not None
    return run_id


def test_sdk_sees_who_it_is(workspace: WorkspaceClient) -> None:
    assert workspace.current_user.me().display_name == "herald-bot"


def test_sdk_is_refused_with_a_wrong_token(official: DoubleProcess) -> None:
    with pytest.raises(PermissionDenied):
        client(official, "dapi-wrong").current_user.me()


def test_sdk_lists_and_reads_endpoints(workspace: WorkspaceClient) -> None:
    names = [endpoint.name for endpoint in workspace.serving_endpoints.list()]
    shared = workspace.serving_endpoints.get("fraud-shared")

    assert "nasa-gcn-rag-assistant" in names
    assert shared.config is not None
    assert [route.traffic_percentage for route in shared.config.traffic_config.routes] == [50, 50]  # type: ignore[union-attr] # a broken double fails here


def test_sdk_finds_no_endpoint_that_is_not_there(workspace: WorkspaceClient) -> None:
    with pytest.raises(NotFound):
        workspace.serving_endpoints.get("nowhere")


def test_sdk_updates_waits_conflicts_and_queries(
    workspace: WorkspaceClient, official: DoubleProcess
) -> None:
    entity = ServedEntityInput(
        entity_name=RAG, entity_version="2", workload_size="Small", scale_to_zero_enabled=True
    )
    name = "nasa-gcn-rag-assistant"
    with updates_take_long(official):
        update = workspace.serving_endpoints.update_config(name, served_entities=[entity])
        with pytest.raises(ResourceConflict):
            workspace.serving_endpoints.update_config(name, served_entities=[entity])
    done = update.result()

    payload: dict[str, Any] = sample_request(name)
    answer = workspace.serving_endpoints.query(name, **payload)
    metrics = workspace.serving_endpoints.export_metrics(name).contents
    logs = workspace.serving_endpoints.logs(name, "gcn_rag_assistant-2")
    tags = workspace.serving_endpoints.patch(name, add_tags=[EndpointTag("a", "b")])

    assert done.config is not None
    assert done.config.config_version == 2
    assert answer.predictions
    assert metrics is not None
    with metrics:
        assert b'served_entity="gcn_rag_assistant-2"} 1 ' in metrics.read()
    assert "ready to serve" in str(logs.logs)
    assert EndpointTag("a", "b") in (tags.tags or [])


def test_sdk_reads_a_models_files(workspace: WorkspaceClient) -> None:
    folder = "/Models/prod/fraud/scorer/4"
    names = [entry.name for entry in workspace.files.list_directory_contents(folder)]
    contents = workspace.files.download(f"{folder}/MLmodel").contents

    assert "MLmodel" in names
    assert contents is not None
    with contents:
        assert b"signature" in contents.read()


def test_mlflow_reads_models_versions_and_aliases(registry: MlflowClient) -> None:
    model = registry.get_registered_model(SCORER)
    champion = registry.get_model_version_by_alias(SCORER, "champion")
    versions = registry.search_model_versions(f"name='{SCORER}'")

    assert model.aliases == {"champion": "1"}
    assert champion.version == "1"
    assert champion.metrics
    assert {version.version for version in versions} == {"1", "2", "3", "4"}
    assert len(registry.search_registered_models()) == 9


def test_mlflow_moves_aliases_and_sets_tags(registry: MlflowClient) -> None:
    registry.set_registered_model_alias(SCORER, "trial", "4")
    assert registry.get_model_version_by_alias(SCORER, "trial").version == "4"
    registry.delete_registered_model_alias(SCORER, "trial")
    registry.set_model_version_tag(SCORER, "4", "validation_status", "approved")
    registry.set_registered_model_tag(SCORER, "reviewed", "yes")
    registry.update_model_version(SCORER, "4", "Reviewed.")

    version = registry.get_model_version(SCORER, "4")
    assert version.tags["validation_status"] == "approved"
    assert version.description == "Reviewed."
    assert "trial" not in registry.get_registered_model(SCORER).aliases


@pytest.mark.parametrize(
    "ask",
    [
        lambda r: r.get_registered_model("prod.fraud.nothing"),
        lambda r: r.get_model_version(SCORER, "99"),
        lambda r: r.get_model_version_by_alias(SCORER, "nobody"),
    ],
)
def test_mlflow_is_told_what_does_not_exist(
    registry: MlflowClient, ask: Callable[[MlflowClient], object]
) -> None:
    with pytest.raises(RestException, match="RESOURCE_DOES_NOT_EXIST"):
        ask(registry)


def test_mlflow_finds_stages_unsupported(registry: MlflowClient) -> None:
    with pytest.raises(MlflowException, match="unsupported"):
        registry.search_registered_models(filter_string="name='x'")


def test_mlflow_reads_runs_their_artifacts_and_logs_metrics(registry: MlflowClient) -> None:
    run_id = run_of_version_4(registry)
    registry.log_metric(run_id, "late", 0.5)

    run = registry.get_run(run_id)
    paths = [item.path for item in registry.list_artifacts(run_id, "validation")]
    assert run.data.metrics["late"] == 0.5
    assert run.inputs is not None
    assert run.inputs.dataset_inputs
    assert paths == ["validation/tests.json"]
    assert registry.get_metric_history(run_id, "late")[0].value == 0.5


def test_mlflow_downloads_and_writes_run_artifacts(registry: MlflowClient, tmp_path: Path) -> None:
    run_id = run_of_version_4(registry)
    (tmp_path / "late.json").write_text('{"late": true}')
    registry.log_artifact(run_id, str(tmp_path / "late.json"), "validation")

    read = registry.download_artifacts(run_id, "validation/late.json", str(tmp_path / "down"))
    card = registry.download_artifacts(run_id, "documentation/model_card.yaml", str(tmp_path))

    assert Path(read).read_text() == '{"late": true}'
    assert "purpose" in Path(card).read_text()


@pytest.mark.parametrize("files_api", ["true", "false"])
def test_mlflow_downloads_the_files_of_a_version(
    registry: MlflowClient,
    official: DoubleProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files_api: str,
) -> None:
    monkeypatch.setenv(FILES_API, files_api)
    before = len(paths_asked(official))
    folder = download_artifacts(
        artifact_uri=f"models:/{SCORER}/4",
        dst_path=str(tmp_path),
        tracking_uri="databricks",
        registry_uri="databricks-uc",
    )

    signed = any(path.startswith("/signed-storage/") for path in paths_asked(official)[before:])
    assert registry.get_model_version(SCORER, "4").status == "READY"
    assert signed is (files_api == "false")
    assert (Path(folder) / "MLmodel").exists()


@pytest.mark.parametrize("files_api", ["true", "false"])
def test_mlflow_registers_a_version_with_its_files(
    registry: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files_api: str
) -> None:
    monkeypatch.setenv(FILES_API, files_api)
    source = tmp_path / "source"
    download_artifacts(
        artifact_uri=f"models:/{SCORER}/4",
        dst_path=str(source),
        tracking_uri="databricks",
        registry_uri="databricks-uc",
    )
    name = f"prod.fraud.copy_{tmp_path.name[-20:].strip('_')}".lower()
    registry.create_registered_model(name, description="A copy.")
    created = registry.create_model_version(name, str(source))
    read = download_artifacts(
        artifact_uri=f"models:/{name}/1",
        dst_path=str(tmp_path / "read"),
        tracking_uri="databricks",
        registry_uri="databricks-uc",
    )
    registry.delete_registered_model(name)

    assert (created.version, created.status) == ("1", "READY")
    assert (Path(read) / "MLmodel").read_text() == (source / "MLmodel").read_text()
    with pytest.raises(RestException, match="RESOURCE_DOES_NOT_EXIST"):
        registry.get_registered_model(name)


def test_mlflow_asks_the_paths_of_its_store_and_no_others(
    registry: MlflowClient, official: DoubleProcess, request: pytest.FixtureRequest
) -> None:
    before = len(paths_asked(official))
    registry.get_registered_model(SCORER)
    registry.get_model_version(SCORER, "4")
    registry.search_model_versions(f"name='{SCORER}'")

    asked = [path for path in paths_asked(official)[before:] if path.startswith("/api/")]
    native = "native" in request.node.name
    expected = "/api/2.1/unity-catalog/" if native else "/api/2.0/mlflow/unity-catalog/"
    assert len(asked) == 3
    assert all(path.startswith(expected) for path in asked)


def test_sdk_reads_models_versions_and_aliases(workspace: WorkspaceClient) -> None:
    names = [model.full_name for model in workspace.registered_models.list(max_results=3)]
    fraud = workspace.registered_models.list(catalog_name="prod", schema_name="fraud")
    model = workspace.registered_models.get(SCORER, include_aliases=True)
    versions = [found.version for found in workspace.model_versions.list(SCORER)]
    champion = workspace.model_versions.get_by_alias(SCORER, "champion", include_aliases=True)

    assert len(names) == 9
    assert [found.name for found in fraud] == ["rules", "scorer"]
    assert [(a.alias_name, a.version_num) for a in model.aliases or []] == [("champion", 1)]
    assert versions == [4, 3, 2, 1]
    assert (champion.version, champion.status) == (1, ModelVersionInfoStatus.READY)
    assert champion.run_id


def test_sdk_moves_aliases_and_describes(workspace: WorkspaceClient) -> None:
    moved = workspace.registered_models.set_alias(SCORER, "tried", 3)
    at = workspace.model_versions.get_by_alias(SCORER, "tried").version
    workspace.registered_models.delete_alias(SCORER, "tried")
    workspace.model_versions.update(SCORER, 3, comment="Tried.")
    described = workspace.model_versions.get(SCORER, 3).comment

    assert (moved.alias_name, moved.version_num, at) == ("tried", 3, 3)
    assert described == "Tried."
    with pytest.raises(NotFound):
        workspace.model_versions.get_by_alias(SCORER, "tried")


def test_sdk_creates_and_deletes_models(workspace: WorkspaceClient) -> None:
    models = workspace.registered_models
    made = models.create(catalog_name="prod", schema_name="fraud", name="short_lived")
    changed = models.update("prod.fraud.short_lived", comment="Not for long.")
    models.delete("prod.fraud.short_lived")

    assert (made.full_name, changed.comment) == ("prod.fraud.short_lived", "Not for long.")
    with pytest.raises(NotFound):
        models.get("prod.fraud.short_lived")


def test_sdk_reads_the_callers_grants(workspace: WorkspaceClient) -> None:
    me = str(workspace.current_user.me().user_name)
    found = workspace.grants.get_effective("FUNCTION", SCORER, principal=me)
    direct = workspace.grants.get("CATALOG", "prod")
    endpoint = workspace.serving_endpoints.get("fraud-scorer")
    levels = workspace.serving_endpoints.get_permissions(str(endpoint.id)).access_control_list

    [assignment] = found.privilege_assignments or []
    privileges = {p.privilege: p.inherited_from_name for p in assignment.privileges or []}
    assert (assignment.principal, privileges[SdkPrivilege.EXECUTE]) == (me, "prod")
    assert SdkPrivilege.MANAGE in ((direct.privilege_assignments or [])[0].privileges or [])
    assert [entry.service_principal_name for entry in levels or []] == [me]
