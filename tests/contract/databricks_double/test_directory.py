"""People and groups of the workspace, as SCIM shows them."""

import pytest

from tests.contract.databricks_double.double import Double, Json

SCIM = "/api/2.0/preview/scim/v2"


async def asked(double: Double, kind: str, attribute: str, value: str) -> list[Json]:
    found = await double.get(f"{SCIM}/{kind}", filter=f'{attribute} eq "{value}"')
    assert found.body["totalResults"] == len(found.body.get("Resources", []))
    resources: list[Json] = found.body.get("Resources", [])
    return resources


async def put(double: Double, email: str, *groups: str, active: bool = True) -> None:
    person = {"email": email, "groups": list(groups), "active": active}
    await double.call("POST", "/sandbox/people", person, token=None)


async def test_everybody_of_the_demo_company_is_a_user_in_no_group(double: Double) -> None:
    (user,) = await asked(double, "Users", "userName", "ada@acme.example")
    assert (user["userName"], user["active"]) == ("ada@acme.example", True)
    assert "groups" not in user
    assert await asked(double, "Users", "userName", "ada@elsewhere.example") == []


async def test_person_comes_with_his_groups_and_a_group_with_its_people(double: Double) -> None:
    await put(double, "Ada@acme.example", "ml-leads", active=False)
    (user,) = await asked(double, "Users", "userName", "ada@ACME.example")
    (group,) = await asked(double, "Groups", "displayName", "ml-leads")
    assert (user["active"], user["groups"][0]["display"]) == (False, "ml-leads")
    assert group["members"][0]["value"] == user["id"]
    assert await asked(double, "Groups", "displayName", "nobody") == []


async def test_only_admins_of_the_workspace_see_who_is_in_which_group(double: Double) -> None:
    await put(double, "ada@acme.example", "ml-leads")
    double.world.directory.is_admin = False
    (user,) = await asked(double, "Users", "userName", "ada@acme.example")
    (group,) = await asked(double, "Groups", "displayName", "ml-leads")
    me = (await double.get(f"{SCIM}/Me")).body
    assert "groups" not in user
    assert "members" not in group
    assert [each["display"] for each in me["groups"]] == ["users"]


@pytest.mark.parametrize("asked", ["", "userName sw a", 'displayName eq "a"'])
async def test_filter_that_the_double_does_not_know_is_refused(double: Double, asked: str) -> None:
    refused = await double.get(f"{SCIM}/Users", filter=asked)
    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")
