"""Every version carries what a policy may ask for."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mlflow import MlflowClient

from bot.sandbox.demo.artifacts import artifact_path
from bot.sandbox.demo.world import MODELS
from tests.contract.demo_world.evidence import VersionEvidence, evidence, mlflows_own_warnings

pytestmark = mlflows_own_warnings

VERSIONS = [(model.name, version.version) for model in MODELS for version in model.versions]
WITHOUT_CARD = {("prod.ml_team.iris_classifier", 4), ("prod.credit.loan_risk", 2)}
WITH_CARD = [key for key in VERSIONS if key not in WITHOUT_CARD]
CARD_FIELDS = {
    "purpose",
    "input_schema",
    "output_schema",
    "training_data",
    "performance_metrics",
    "limitations",
}

every_version = pytest.mark.parametrize(("name", "version"), VERSIONS)


@pytest.fixture
def held(registry: MlflowClient, state: Path, name: str, version: int) -> VersionEvidence:
    return evidence(registry, state, name, version)


@every_version
def test_version_has_a_signature_with_inputs_and_outputs(held: VersionEvidence) -> None:
    signature = held.manifest["signature"]
    assert json.loads(signature["inputs"])
    assert json.loads(signature["outputs"])


@every_version
def test_version_names_its_requirements(held: VersionEvidence) -> None:
    requirements = (held.model_folder / "requirements.txt").read_text()
    assert "scikit-learn" in requirements
    assert "mlflow" in requirements


@every_version
def test_version_brings_an_input_example(held: VersionEvidence) -> None:
    example = json.loads((held.model_folder / "serving_input_example.json").read_text())
    assert set(example) == {"dataframe_split"}


@every_version
def test_metrics_name_the_data_set_they_were_measured_on(held: VersionEvidence) -> None:
    measured_on = {(m.dataset_name, m.dataset_digest) for m in held.logged_model.metrics}
    dataset = held.dataset("eval")
    assert measured_on == {(dataset.name, dataset.digest)}


@every_version
def test_all_versions_of_a_model_are_measured_on_the_same_data(
    registry: MlflowClient, state: Path, held: VersionEvidence, name: str
) -> None:
    first = evidence(registry, state, name, 1)
    assert held.dataset("eval").digest == first.dataset("eval").digest
    assert held.dataset("eval").digest != held.dataset("training").digest


@every_version
def test_run_tells_who_trained_it_and_from_which_commit(held: VersionEvidence) -> None:
    tags = held.run.data.tags
    assert tags["mlflow.user"].endswith("@acme.example")
    assert re.fullmatch("[0-9a-f]{40}", tags["mlflow.source.git.commit"])


@every_version
def test_parameters_stand_on_the_run_and_on_the_model(held: VersionEvidence) -> None:
    assert held.run.data.params
    assert held.logged_model.params.items() <= held.run.data.params.items()


@every_version
def test_version_is_tagged_with_owner_and_task(held: VersionEvidence) -> None:
    assert set(held.version.tags) >= {"owner", "task"}


@every_version
def test_the_three_required_suites_passed_in_the_day_before_it_was_registered(
    held: VersionEvidence,
) -> None:
    registered = datetime.fromtimestamp(held.version.creation_timestamp / 1000, UTC)
    assert [entry["name"] for entry in held.tests] == ["unit", "integration", "load"]
    for entry in held.tests:
        finished = datetime.strptime(entry["finished_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert timedelta() < registered - finished < timedelta(days=1)
        assert (entry["outcome"], entry["failed"]) == ("passed", 0)
        assert entry["run_id"] == held.run.info.run_id


@pytest.mark.parametrize(("name", "version"), WITH_CARD)
def test_model_card_has_every_field_and_the_measured_figures(held: VersionEvidence) -> None:
    card = held.card
    assert card is not None
    assert set(card) == CARD_FIELDS
    assert all(card.values())
    assert card["performance_metrics"] == held.metrics


@pytest.mark.parametrize(("name", "version"), WITH_CARD)
def test_version_with_a_card_has_a_description(held: VersionEvidence) -> None:
    assert held.version.description


@every_version
def test_artifacts_have_addresses_that_survive_a_copy(held: VersionEvidence) -> None:
    assert held.logged_model.artifact_location.startswith("mlflow-artifacts:/")
    assert held.run.info.artifact_uri.startswith("mlflow-artifacts:/")


@pytest.mark.parametrize(
    "uri", ["mlflow-artifacts:/../mlflow.db", "file:///etc/passwd", "mlflow-artifacts://host/a"]
)
def test_address_outside_the_artifacts_is_refused(tmp_path: Path, uri: str) -> None:
    with pytest.raises(ValueError, match="names nothing below"):
        artifact_path(tmp_path, uri)
