"""What a registry shows of a world that the demo does not have."""

import math

import pytest

from bot.adapters.mlflow_files import LARGEST
from bot.adapters.registry_reading import PAGE, VERSIONS_PAGE
from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.names import ModelName
from bot.domain.registry import ModelContents, ModelVersion
from bot.sandbox.demo.world import IRIS, MODELS
from tests.contract.registry.world import Kind, Ports, RegistryWorld

EMPTY, LONG = ModelName("prod.ml_team.empty"), ModelName("prod.ml_team.long")


async def version_2(ports: Ports) -> tuple[ModelVersion, str]:
    """Return a version and its run."""
    version = await ports.registry.version(ModelName(IRIS), 2)
    assert version.run_id is not None
    return version, version.run_id


async def test_models_come_from_every_page(world: RegistryWorld, ports: Ports) -> None:
    world.add_models([f"prod.many.model_{number:03}" for number in range(PAGE + 3)])
    names = [model.name for model in await ports.registry.models()]
    assert len(names) == len(set(names)) == PAGE + 3 + len(MODELS)
    assert names == sorted(names)


async def test_versions_come_from_every_page(world: RegistryWorld, ports: Ports) -> None:
    world.add_versions(LONG, VERSIONS_PAGE + 3)
    numbers = [version.version for version in await ports.registry.versions(LONG)]
    assert numbers == list(range(VERSIONS_PAGE + 3, 0, -1))


async def test_model_without_versions_has_none(world: RegistryWorld, ports: Ports) -> None:
    world.add_models([EMPTY])
    assert await ports.registry.versions(EMPTY) == ()
    assert (await ports.registry.model(EMPTY)).aliases == {}


async def test_version_that_came_from_no_run_is_read(world: RegistryWorld, ports: Ports) -> None:
    world.add_versions(LONG, 1)
    version = await ports.registry.version(LONG, 1)
    assert (version.run_id, version.model_id, version.metrics) == (None, None, ())
    assert version.is_ready


async def test_nan_of_a_run_survives(world: RegistryWorld, ports: Ports) -> None:
    _, run_id = await version_2(ports)
    world.log_metric(run_id, math.nan)
    (odd,) = [m for m in (await ports.tracking.run(run_id)).metrics if m.key == "odd"]
    assert math.isnan(odd.value)


async def test_one_metric_comes_once_for_each_dataset(world: RegistryWorld, ports: Ports) -> None:
    version, run_id = await version_2(ports)
    logged = [("north", 0.75), ("north", 0.5), ("south", 0.25)]
    for at, (name, value) in enumerate(logged):
        world.log_metric(
            run_id, value, at, model_id=version.model_id, dataset_name=name, dataset_digest=name
        )
    again, _ = await version_2(ports)
    found = {m.dataset_name: m.value for m in again.metrics if m.key == "odd"}
    assert found == {"north": 0.5, "south": 0.25}


async def test_artifact_of_a_mebibyte_is_read_and_a_larger_one_refused(
    world: RegistryWorld, ports: Ports
) -> None:
    _, run_id = await version_2(ports)
    world.put_artifact(run_id, "sizes/whole.bin", b"w" * LARGEST)
    world.put_artifact(run_id, "sizes/larger.bin", b"l" * (LARGEST + 1))
    assert await ports.artifacts.run_artifact(run_id, "sizes/whole.bin") == b"w" * LARGEST
    with pytest.raises(BackEndRefusedError, match="larger than 1048576 bytes"):
        await ports.artifacts.run_artifact(run_id, "sizes/larger.bin")


async def test_empty_artifact_is_no_missing_one(world: RegistryWorld, ports: Ports) -> None:
    _, run_id = await version_2(ports)
    world.put_artifact(run_id, "empty.json", b"")
    assert await ports.artifacts.run_artifact(run_id, "empty.json") == b""


async def test_contents_of_a_missing_version_are_none_or_told(
    world: RegistryWorld, ports: Ports
) -> None:
    missing = ModelVersion(name=ModelName(IRIS), version=99)
    if world.kind is Kind.UC:  # its Files API knows files, not versions
        assert await ports.artifacts.contents(missing) == ModelContents()
    else:
        with pytest.raises(NotFoundError):
            await ports.artifacts.contents(missing)


@pytest.mark.parametrize("path", ["compliance/report.json", "größe & mehr/a+b (1).json", "top"])
async def test_a_written_artifact_is_read_back(
    world: RegistryWorld, ports: Ports, path: str
) -> None:
    del world
    _, run_id = await version_2(ports)
    for content in (b"{}", b'{"again": true}'):
        await ports.artifacts.write(run_id, path, content)
        assert await ports.artifacts.run_artifact(run_id, path) == content


async def test_nothing_is_written_beside_a_run(world: RegistryWorld, ports: Ports) -> None:
    del world
    _, run_id = await version_2(ports)
    with pytest.raises((BackEndRefusedError, NotFoundError)):
        await ports.artifacts.write(run_id, "../escaped.json", b"{}")
    with pytest.raises((BackEndRefusedError, NotFoundError)):
        await ports.artifacts.write("0" * 32, "a.json", b"{}")


async def test_folder_is_no_artifact(world: RegistryWorld, ports: Ports) -> None:
    _, run_id = await version_2(ports)
    world.put_artifact(run_id, "folder/file.json", b"{}")
    assert await ports.artifacts.run_artifact(run_id, "folder") is None


async def test_name_with_odd_letters_is_an_artifact(world: RegistryWorld, ports: Ports) -> None:
    _, run_id = await version_2(ports)
    path = "größe & mehr/a+b (1).json"
    world.put_artifact(run_id, path, b"{}")
    assert await ports.artifacts.run_artifact(run_id, path) == b"{}"
