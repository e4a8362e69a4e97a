"""Groups of the workspace as roles read them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.adapters.databricks_client import DatabricksClient, Workspace
from bot.adapters.databricks_groups import LISTED, DatabricksGroups
from bot.adapters.no_platform_groups import NoPlatformGroups
from bot.adapters.system import SystemClock
from bot.domain.errors import BackEndRefusedError
from bot.domain.people import Addresses
from bot.domain.ports import PlatformGroups
from bot.sandbox.databricks.directory import Member
from tests.builders import NOW
from tests.contract.databricks_double.double import TOKEN, Double

ADA, BOB = "ada@acme.example", "bob@acme.example"
LEADS = "ML Leads"


@dataclass
class HandClock:
    at: datetime = field(default=NOW)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def groups(double: Double, clock: HandClock) -> DatabricksGroups:
    double.world.directory.put(Member(email="Ada@acme.example", groups=(LEADS, "risk")))
    double.world.directory.put(Member(email=BOB, groups=(LEADS,), active=False))
    workspace = Workspace(
        host=double.origin, token=SecretStr(TOKEN), deadline=timedelta(seconds=60)
    )
    return DatabricksGroups(DatabricksClient("Databricks", workspace, SystemClock()), clock)


async def test_a_person_has_his_groups_whatever_the_case_of_his_address(
    groups: PlatformGroups,
) -> None:
    assert await groups.groups_of("ADA@acme.example") == {LEADS, "risk"}


@pytest.mark.parametrize("address", [BOB, "who@elsewhere.example", 'x" or "a@acme.example'])
async def test_closed_unknown_and_odd_addresses_have_none(
    groups: PlatformGroups, address: str
) -> None:
    assert await groups.groups_of(address) == frozenset()


async def test_a_group_has_those_of_its_members_who_are_active(groups: PlatformGroups) -> None:
    assert await groups.members(LEADS) == Addresses(found=frozenset({ADA}))
    assert await groups.members("nobody") == Addresses(exists=False)


async def test_people_of_a_group_in_a_group_have_both_and_are_not_listed(
    double: Double, groups: PlatformGroups
) -> None:
    double.world.directory.nest("risk", into="all of us")
    assert await groups.groups_of(ADA) == {LEADS, "risk", "all of us"}
    assert await groups.members("all of us") == Addresses(is_whole=False)


async def test_of_a_very_big_group_a_part_is_listed(double: Double, groups: PlatformGroups) -> None:
    for length in range(1, LISTED + 2):
        email = f"{'a' * length}@acme.example"
        double.world.directory.put(Member(email=email, groups=("crowd",)))
    listed = await groups.members("crowd")
    assert (len(listed.found), listed.is_whole) == (LISTED, False)


async def test_what_was_read_is_kept_for_a_minute_and_no_longer(
    double: Double, groups: PlatformGroups, clock: HandClock
) -> None:
    await groups.groups_of(ADA)
    double.world.directory.put(Member(email=ADA))
    clock.at += timedelta(seconds=59)
    assert await groups.groups_of(ADA) == {LEADS, "risk"}
    clock.at += timedelta(seconds=1)
    assert await groups.groups_of(ADA) == frozenset()


async def test_without_a_workspace_nothing_can_be_read() -> None:
    groups: PlatformGroups = NoPlatformGroups()
    with pytest.raises(BackEndRefusedError, match="DATABRICKS_HOST"):
        await groups.groups_of(ADA)
    with pytest.raises(BackEndRefusedError, match="DATABRICKS_HOST"):
        await groups.members(LEADS)
