"""Privileges of people, where the registry has some."""

import pytest

from bot.domain.errors import NotFoundError
from bot.domain.names import ModelName
from bot.sandbox.databricks.directory import Member
from bot.sandbox.databricks.grants import Grant, Privilege
from bot.sandbox.demo.world import SCORER
from tests.contract.registry.world import RegistryWorld

ADA = "ada@acme.example"
MODEL = ModelName(SCORER)


def grant(world: RegistryWorld, principal: str, securable: str, *privileges: Privilege) -> None:
    assert world.grants is not None
    world.grants.apply(Grant(principal=principal, securable=securable, privileges=privileges))


async def test_grants_on_model_and_schema_count_to_person_and_group(world: RegistryWorld) -> None:
    if world.grants is None or world.directory is None:
        assert await world.ports().privileges.privileges(ADA, MODEL) is None
        return
    world.directory.put(Member(email=ADA, groups=("ml-leads",)))
    grant(world, ADA, SCORER, Privilege.EXECUTE)
    grant(world, "ml-leads", SCORER.rpartition(".")[0], Privilege.MANAGE)
    grant(world, "others", SCORER, Privilege.APPLY_TAG)
    held = await world.ports().privileges.privileges(ADA, MODEL)
    assert held == frozenset({"EXECUTE", "MANAGE"})


async def test_owner_and_nobody_else_owns(world: RegistryWorld) -> None:
    reader = world.ports().privileges
    known = world.grants is not None
    owner = await reader.privileges("ML-Platform@acme.example", MODEL)
    other = await reader.privileges(ADA, MODEL)
    assert (owner, other) == ((frozenset({"OWNER"}), frozenset()) if known else (None, None))


async def test_unknown_people_and_models_are_told(world: RegistryWorld) -> None:
    reader = world.ports().privileges
    if world.grants is None:
        assert await reader.privileges("ada@elsewhere.example", MODEL) is None
        return
    with pytest.raises(NotFoundError, match="no user ada@elsewhere"):
        await reader.privileges("ada@elsewhere.example", MODEL)
    with pytest.raises(NotFoundError):
        await reader.privileges(ADA, ModelName("prod.fraud.nobody"))
