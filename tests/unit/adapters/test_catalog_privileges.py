"""What people hold in Unity Catalog, as a workspace tells it."""

import asyncio
from typing import Any

import pytest

from bot.adapters.catalog_privileges import CATALOG, USERS, CatalogPrivileges
from bot.adapters.databricks_client import DatabricksClient
from bot.adapters.no_privileges import NoPrivileges
from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError, NotFoundError
from bot.domain.names import ModelName
from tests.unit.adapters.workspace import StubWorkspace

SCORER = ModelName("prod.fraud.scorer")
GRANTS = f"{CATALOG}/effective-permissions/FUNCTION/{SCORER}"
MODEL = f"{CATALOG}/models/{SCORER}"
ADA = "ada@acme.example"


@pytest.fixture
def privileges(client: DatabricksClient, stub: StubWorkspace) -> CatalogPrivileges:
    knows(stub)
    stub.says(GRANTS, {})
    stub.says(MODEL, {"owner": "ml-platform@acme.example"})
    return CatalogPrivileges(client)


def knows(stub: StubWorkspace, *groups: str, **fields: Any) -> None:
    user = {"userName": "Ada@acme.example", "groups": [{"display": g} for g in groups], **fields}
    stub.says(USERS, {"Resources": [user]})


def granted(principal: str, *privileges: str) -> dict[str, Any]:
    held = [{"privilege": p, "inherited_from_type": "SCHEMA"} for p in privileges]
    return {"principal": principal, "privileges": held}


async def held(privileges: CatalogPrivileges, email: str = ADA) -> frozenset[str] | None:
    return await privileges.privileges(email, SCORER)


async def test_grants_to_a_person_and_his_groups_add_up(
    privileges: CatalogPrivileges, stub: StubWorkspace
) -> None:
    knows(stub, "ml-leads")
    stub.says(
        GRANTS,
        {
            "privilege_assignments": [
                granted("ADA@acme.example", "EXECUTE"),
                granted("ml-leads", "APPLY_TAG"),
                granted("account users", "BROWSE"),
                granted("somebody@acme.example", "MANAGE"),
                granted("ML-Leads", "MANAGE"),
            ]
        },
    )
    assert await held(privileges) == frozenset({"EXECUTE", "APPLY_TAG", "BROWSE"})


async def test_every_page_counts_also_after_an_empty_one(
    privileges: CatalogPrivileges, stub: StubWorkspace
) -> None:
    stub.says(
        GRANTS,
        {"next_page_token": "2"},
        {"privilege_assignments": [granted(ADA, "MANAGE")], "next_page_token": ""},
    )
    assert await held(privileges) == frozenset({"MANAGE"})
    asked = [call.query for call in stub.calls if call.path == GRANTS]
    assert asked == [{"max_results": "0"}, {"max_results": "0", "page_token": "2"}]


@pytest.mark.parametrize("owner", ["ada@ACME.example", "ml-leads"])
async def test_owner_holds_ownership_also_through_a_group(
    privileges: CatalogPrivileges, stub: StubWorkspace, owner: str
) -> None:
    knows(stub, "ml-leads")
    stub.says(MODEL, {"owner": owner})
    assert await held(privileges) == frozenset({"OWNER"})


async def test_who_is_granted_nothing_holds_nothing(privileges: CatalogPrivileges) -> None:
    assert await held(privileges) == frozenset()


async def test_closed_account_holds_nothing(
    privileges: CatalogPrivileges, stub: StubWorkspace
) -> None:
    knows(stub, "ml-leads", active=False)
    stub.says(GRANTS, {"privilege_assignments": [granted(ADA, "MANAGE")]})
    stub.says(MODEL, {"owner": ADA})
    assert await held(privileges) == frozenset()


@pytest.mark.parametrize("found", [[], [{"userName": "adam@acme.example"}]])
async def test_who_is_not_in_the_workspace_is_unknown(
    privileges: CatalogPrivileges, stub: StubWorkspace, found: list[dict[str, str]]
) -> None:
    stub.says(USERS, {"Resources": found})
    with pytest.raises(NotFoundError, match="the workspace has no user ada@acme"):
        await held(privileges)


async def test_address_that_would_change_the_question_is_not_sent(
    privileges: CatalogPrivileges, stub: StubWorkspace
) -> None:
    with pytest.raises(NotFoundError, match="nobody is called"):
        await held(privileges, 'x" or userName eq "ada@acme.example')
    await asyncio.sleep(0)
    assert USERS not in {call.path for call in stub.calls}


@pytest.mark.parametrize("path", [USERS, GRANTS, MODEL])
async def test_what_is_denied_is_refused(
    privileges: CatalogPrivileges, stub: StubWorkspace, path: str
) -> None:
    stub.refuses(path, 403, "PERMISSION_DENIED", "no")
    with pytest.raises(BackEndRefusedError, match="access denied"):
        await held(privileges)


@pytest.mark.parametrize(
    "answer",
    [
        {"privilege_assignments": [{"privileges": [{"privilege": "MANAGE"}]}]},
        {"privilege_assignments": [granted(ADA) | {"privileges": "MANAGE"}]},
    ],
)
async def test_answer_of_another_form_is_not_usable(
    privileges: CatalogPrivileges, stub: StubWorkspace, answer: dict[str, Any]
) -> None:
    stub.says(GRANTS, answer)
    with pytest.raises(BackEndUnavailableError, match="documented form"):
        await held(privileges)


async def test_privilege_without_a_name_is_none(
    privileges: CatalogPrivileges, stub: StubWorkspace
) -> None:
    stub.says(GRANTS, {"privilege_assignments": [granted(ADA, "")]})
    assert await held(privileges) == frozenset()


async def test_plain_mlflow_has_no_privileges() -> None:
    assert await NoPrivileges().privileges(ADA, SCORER) is None
