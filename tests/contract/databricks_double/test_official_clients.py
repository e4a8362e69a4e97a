"""The official clients against the process: they know how the real platform speaks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from databricks.sdk import WorkspaceClient
from databricks.sdk.config import Config
from databricks.sdk.errors import NotFound, PermissionDenied, ResourceConflict
from databricks.sdk.service.serving import EndpointTag, ServedEntityInput
from mlflow import MlflowClient
from mlflow.artifacts import download_artifacts
from mlflow.exceptions import MlflowException, RestException

from bot.sandbox.demo.traffic import sample_request
from tests.contract.databricks_double.double import SCORER, TOKEN
from tests.contract.databricks_double.process import DoubleProcess

RAG = "sandbox.nasa_gcn_models.gcn_rag_assistant"


@pytest.fixture
def workspace(official: DoubleProcess) -> WorkspaceClient:
    return client(official, TOKEN)


@pytest.fixture
def registry(official: DoubleProcess) -> MlflowClient:
    assert official.ready["ready"]
    return MlflowClient(tracking_uri="databricks", registry_uri="databricks-uc")


def client(process: DoubleProcess, token: str) -> WorkspaceClient:
    config = Config(
        host=process.origin, token=token, retry_timeout_seconds=2, http_timeout_seconds=5
    )
    return WorkspaceClient(config=config)


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


def test_sdk_updates_waits_conflicts_and_queries(workspace: WorkspaceClient) -> None:
    entity = ServedEntityInput(
        entity_name=RAG, entity_version="2", workload_size="Small", scale_to_zero_enabled=True
    )
    name = "nasa-gcn-rag-assistant"
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
    assert len(registry.search_registered_models()) == 7


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


def test_mlflow_downloads_the_files_of_a_version(official: DoubleProcess, tmp_path: Path) -> None:
    folder = download_artifacts(
        artifact_uri=f"models:/{SCORER}/4",
        dst_path=str(tmp_path),
        tracking_uri="databricks",
        registry_uri="databricks-uc",
    )

    assert official.ready["ready"]
    assert (Path(folder) / "MLmodel").exists()
