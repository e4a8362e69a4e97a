"""What a registry shows of a world that the demo does not have."""

import math

from bot.domain.names import ModelName
from bot.sandbox.demo.world import IRIS, MODELS
from tests.contract.registry.world import Ports, RegistryWorld

MORE = 130


async def test_models_come_from_every_page(world: RegistryWorld, ports: Ports) -> None:
    world.add_models([f"prod.many.model_{number:03}" for number in range(MORE)])
    names = [model.name for model in await ports.registry.models()]
    assert len(names) == len(set(names)) == MORE + len(MODELS)
    assert names == sorted(names)


async def test_model_without_versions_has_none(world: RegistryWorld, ports: Ports) -> None:
    world.add_models(["prod.ml_team.empty"])
    assert await ports.registry.versions(ModelName("prod.ml_team.empty")) == ()


async def test_nan_of_a_run_survives(world: RegistryWorld, ports: Ports) -> None:
    run_id = (await ports.registry.version(ModelName(IRIS), 2)).run_id
    assert run_id is not None
    world.log_metric(run_id, "odd", math.nan)
    (odd,) = [m for m in (await ports.tracking.run(run_id)).metrics if m.key == "odd"]
    assert math.isnan(odd.value)
