"""Models, versions, runs and files as a registry shows them."""

import json

import pytest

from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.evidence import TEST_EVIDENCE_PATH
from bot.domain.names import ModelName
from bot.sandbox.demo.world import IRIS, LEGACY_RANKER, MODELS, SCORER
from tests.contract.registry.world import Ports

pytestmark = pytest.mark.asyncio(loop_scope="module")

IRIS_NAME, NOBODY = ModelName(IRIS), ModelName("prod.ml_team.nobody")


async def run_id(library: Ports, version: int = 2) -> str:
    found = (await library.registry.version(IRIS_NAME, version)).run_id
    assert found is not None
    return found


async def test_all_models_come_by_name(library: Ports) -> None:
    names = [model.name for model in await library.registry.models()]
    assert names == sorted(model.name for model in MODELS)


async def test_model_comes_with_its_aliases_and_tags(library: Ports) -> None:
    model = await library.registry.model(IRIS_NAME)
    assert model.aliases == {"champion": 1, "challenger": 2}
    assert model.tags["domain"] == "botany"
    assert model.description.startswith("Names the iris species")


async def test_upper_and_lower_case_of_aliases_stay(library: Ports) -> None:
    assert (await library.registry.model(ModelName(LEGACY_RANKER))).aliases == {"Champion": 1}


async def test_versions_come_newest_first(library: Ports) -> None:
    versions = await library.registry.versions(IRIS_NAME)
    assert [version.version for version in versions] == [4, 3, 2, 1]


async def test_version_comes_whole(library: Ports) -> None:
    version = await library.registry.version(IRIS_NAME, 2)
    assert (version.name, version.version, version.is_ready) == (IRIS, 2, True)
    assert version.tags["reviewer"] == "dana@acme.example"
    assert version.parameters["C"] == "1.0"
    assert version.created_at is not None
    assert version.created_at.tzinfo is not None


async def test_metrics_of_a_version_name_their_dataset(library: Ports) -> None:
    version = await library.registry.version(IRIS_NAME, 2)
    (accuracy,) = [metric for metric in version.metrics if metric.key == "accuracy"]
    assert 0.5 < accuracy.value <= 1
    assert accuracy.dataset_name
    assert accuracy.dataset_digest


async def test_run_comes_with_datasets_and_what_they_were_read_for(library: Ports) -> None:
    run = await library.tracking.run(await run_id(library))
    assert {"training", "eval"} <= {dataset.context for dataset in run.datasets}
    assert all(dataset.digest for dataset in run.datasets)
    assert {dataset.source.rpartition("/")[0] for dataset in run.datasets} == {
        "https://data.acme.example/flowers"
    }
    assert run.started_at is not None


async def test_signature_and_requirements_of_a_version_are_read(library: Ports) -> None:
    contents = await library.artifacts.contents(await library.registry.version(IRIS_NAME, 2))
    assert contents.inputs is not None
    assert {column["type"] for column in json.loads(contents.inputs)} == {"double"}
    assert contents.outputs is not None
    assert contents.requirements
    assert any(line.startswith("scikit-learn") for line in contents.requirements)


async def test_versions_with_one_interface_have_equal_signatures(library: Ports) -> None:
    read = [
        await library.artifacts.contents(await library.registry.version(IRIS_NAME, number))
        for number in (1, 2)
    ]
    assert read[0].inputs == read[1].inputs


async def test_artifact_of_a_run_is_read(library: Ports) -> None:
    raw = await library.artifacts.run_artifact(await run_id(library), TEST_EVIDENCE_PATH)
    assert raw is not None
    assert json.loads(raw)["tests"]


async def test_artifact_that_a_run_lacks_is_known_absent(library: Ports) -> None:
    card = "documentation/model_card.yaml"
    assert await library.artifacts.run_artifact(await run_id(library, 4), card) is None
    assert await library.artifacts.run_artifact(await run_id(library), card) is not None


@pytest.mark.parametrize("path", ["../../mlflow.db", "validation/../../../mlflow.db"])
async def test_path_of_an_artifact_cannot_leave_its_run(library: Ports, path: str) -> None:
    try:
        found = await library.artifacts.run_artifact(await run_id(library), path)
    except BackEndRefusedError:
        found = None
    assert found is None


async def test_missing_model_is_told(library: Ports) -> None:
    with pytest.raises(NotFoundError, match=r"prod\.ml_team\.nobody"):
        await library.registry.model(NOBODY)


async def test_missing_version_is_told(library: Ports) -> None:
    with pytest.raises(NotFoundError):
        await library.registry.version(IRIS_NAME, 99)


async def test_missing_run_is_told(library: Ports) -> None:
    with pytest.raises(NotFoundError):
        await library.tracking.run("0" * 32)


async def test_missing_model_has_no_versions(library: Ports) -> None:
    assert await library.registry.versions(NOBODY) == ()


@pytest.mark.parametrize(
    "name", ["PROD.FRAUD.SCORER", "prod.fraud.scorer/1", "prod.fraud.scorer' OR name='x", "..", ""]
)
async def test_only_the_exact_name_finds_a_model(library: Ports, name: str) -> None:
    assert (await library.registry.model(ModelName(SCORER))).name == SCORER
    with pytest.raises((NotFoundError, BackEndRefusedError)):
        await library.registry.model(ModelName(name))


async def test_description_of_a_version_is_read(library: Ports) -> None:
    version = await library.registry.version(IRIS_NAME, 2)
    assert version.description.startswith("Linear over all four lengths")


async def test_artifacts_of_a_missing_run_are_absent(library: Ports) -> None:
    assert await library.artifacts.run_artifact("0" * 32, TEST_EVIDENCE_PATH) is None


async def test_folders_of_a_run_show_what_lies_directly_in_them(library: Ports) -> None:
    run = await run_id(library)
    inside = await library.artifacts.run_folder(run, "validation")
    assert TEST_EVIDENCE_PATH in inside
    assert {"validation/", "documentation/"} <= await library.artifacts.run_folder(run, "")


@pytest.mark.parametrize("folder", ["nothing", "nothing/deeper", TEST_EVIDENCE_PATH])
async def test_folder_that_a_run_lacks_is_empty(library: Ports, folder: str) -> None:
    assert await library.artifacts.run_folder(await run_id(library), folder) == frozenset()


async def test_folders_of_a_missing_run_are_empty(library: Ports) -> None:
    assert await library.artifacts.run_folder("0" * 32, "") == frozenset()


@pytest.mark.parametrize("folder", ["../..", "validation/../../.."])
async def test_folder_cannot_leave_its_run(library: Ports, folder: str) -> None:
    try:
        found = await library.artifacts.run_folder(await run_id(library), folder)
    except BackEndRefusedError:
        found = frozenset()
    assert found == frozenset()
