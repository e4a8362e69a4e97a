import pytest

from bot.sandbox.databricks.grants import PRINCIPAL
from tests.contract.databricks_double.double import ENDPOINTS, SCORER, UC, Double, Reply

NATIVE = "/api/2.1/unity-catalog"
EFFECTIVE = f"{NATIVE}/effective-permissions"
ALIAS = f"{UC}/registered-models/alias"
FRAUD = f"{ENDPOINTS}/fraud-scorer"


async def grant(double: Double, **asked: object) -> Reply:
    return await double.call("POST", "/sandbox/grants", asked, token=None)


async def held(double: Double, kind: str, name: str) -> set[tuple[str, str]]:
    found = await double.get(f"{EFFECTIVE}/{kind}/{name}", principal=PRINCIPAL)
    return {
        (p["privilege"], p.get("inherited_from_name", "itself"))
        for assignment in found.body["privilege_assignments"]
        for p in assignment["privileges"]
    }


async def read(double: Double) -> Reply:
    return await double.get(f"{UC}/registered-models/get", name=SCORER)


async def test_caller_is_named_as_the_catalog_knows_it(double: Double) -> None:
    me = await double.get("/api/2.0/preview/scim/v2/Me")
    found = await double.get(f"{EFFECTIVE}/CATALOG/prod")

    assert me.body["userName"] == PRINCIPAL
    assert [a["principal"] for a in found.body["privilege_assignments"]] == [PRINCIPAL]


async def test_everything_is_granted_on_the_catalog_at_first(double: Double) -> None:
    assert ("EXECUTE", "prod") in await held(double, "FUNCTION", SCORER)
    assert ("MANAGE", "prod") in await held(double, "function", SCORER)
    assert ("USE_CATALOG", "itself") in await held(double, "CATALOG", "prod")


async def test_privileges_come_from_each_level_down_to_the_model(double: Double) -> None:
    await grant(double, securable="prod", privileges=["USE_CATALOG"])
    await grant(double, securable="prod.fraud", privileges=["USE_SCHEMA"])
    await grant(double, securable=SCORER, privileges=["EXECUTE"])
    direct = await double.get(f"{NATIVE}/permissions/FUNCTION/{SCORER}")

    assert await held(double, "FUNCTION", SCORER) == {
        ("USE_CATALOG", "prod"),
        ("USE_SCHEMA", "prod.fraud"),
        ("EXECUTE", "itself"),
    }
    assert direct.body["privilege_assignments"][0]["privileges"] == ["EXECUTE"]


async def test_another_principal_holds_nothing(double: Double) -> None:
    found = await double.get(f"{EFFECTIVE}/CATALOG/prod", principal="somebody")

    assert found.body == {"privilege_assignments": []}


@pytest.mark.parametrize(
    ("securable", "status", "code"),
    [
        ("CATALOG/nothing", 404, "CATALOG_DOES_NOT_EXIST"),
        ("SCHEMA/prod.nothing", 404, "SCHEMA_DOES_NOT_EXIST"),
        ("FUNCTION/prod.fraud.nothing", 404, "RESOURCE_DOES_NOT_EXIST"),
        (f"SHELF/{SCORER}", 400, "INVALID_PARAMETER_VALUE"),
        (f"SCHEMA/{SCORER}", 400, "INVALID_PARAMETER_VALUE"),
    ],
)
async def test_permissions_of_what_is_not_there_are_refused(
    double: Double, securable: str, status: int, code: str
) -> None:
    refused = await double.get(f"{EFFECTIVE}/{securable}")

    assert (refused.status, refused.error_code) == (status, code)


@pytest.mark.parametrize(
    ("privileges", "named"),
    [
        ([], "USE CATALOG on Catalog 'prod'"),
        (["USE_CATALOG"], "USE SCHEMA on Schema 'prod.fraud'"),
        (["USE_CATALOG", "USE_SCHEMA"], f"EXECUTE on Routine or Model '{SCORER}'"),
    ],
)
async def test_model_is_closed_to_who_lacks_a_privilege_on_the_way_to_it(
    double: Double, privileges: list[str], named: str
) -> None:
    await grant(double, securable="prod", privileges=privileges)
    legacy, native = await read(double), await double.get(f"{NATIVE}/models/{SCORER}")

    for refused in (legacy, native):
        assert (refused.status, refused.error_code) == (403, "PERMISSION_DENIED")
        assert refused.body["message"] == f"User does not have {named}."


async def test_lists_show_only_models_that_may_be_executed(double: Double) -> None:
    await grant(double, securable="prod", privileges=["USE_CATALOG", "USE_SCHEMA"])
    await grant(double, securable=SCORER, privileges=["EXECUTE"])
    legacy = (await double.get(f"{UC}/registered-models/search")).body["registered_models"]
    native = (await double.get(f"{NATIVE}/models")).body["registered_models"]

    assistant = "sandbox.nasa_gcn_models.gcn_rag_assistant"
    shown = ["prod.fraud.scorer", assistant, "shop.search.speller"]
    assert [m["name"] for m in legacy] == [m["full_name"] for m in native] == shown


async def test_aliases_need_manage_and_tags_need_apply_tag(double: Double) -> None:
    await grant(double, securable="prod", privileges=["USE_CATALOG", "USE_SCHEMA", "EXECUTE"])
    body = {"name": SCORER, "alias": "champion", "version": "4"}
    alias = await double.call("POST", ALIAS, body)
    tag = {"name": SCORER, "version": "4", "key": "a", "value": "b"}
    tagged = await double.call("POST", f"{UC}/model-versions/set-tag", tag)

    assert (await read(double)).status == 200
    assert (alias.status, "MANAGE" in alias.body["message"]) == (403, True)
    assert (tagged.status, "APPLY TAG" in tagged.body["message"]) == (403, True)


async def test_endpoint_shows_the_callers_level_and_refuses_what_it_does_not_allow(
    double: Double,
) -> None:
    await grant(double, endpoint="fraud-scorer", level="CAN_VIEW")
    endpoint = await double.endpoint("fraud-scorer")
    acl = await double.get(f"/api/2.0/permissions/serving-endpoints/{endpoint['id']}")
    update = await double.put_version("fraud-scorer", 4)
    query = await double.call("POST", "/serving-endpoints/fraud-scorer/invocations", {"inputs": []})

    entry = acl.body["access_control_list"][0]
    assert endpoint["permission_level"] == "CAN_VIEW"
    assert entry["service_principal_name"] == PRINCIPAL
    assert entry["all_permissions"][0]["permission_level"] == "CAN_VIEW"
    assert (update.status, update.error_code) == (403, "PERMISSION_DENIED")
    assert query.status == 403


async def test_endpoint_without_any_level_is_not_listed_and_not_read(double: Double) -> None:
    await grant(double, endpoint="fraud-scorer", level=None)
    listed = [e["name"] for e in (await double.get(ENDPOINTS)).body["endpoints"]]

    assert "fraud-scorer" not in listed
    assert "ranker" in listed
    assert (await double.get(FRAUD)).status == 403


async def test_grants_are_listed_and_given_back(double: Double) -> None:
    await grant(double, securable="prod", privileges=[])
    changed = await double.call("GET", "/sandbox/grants", token=None)
    await double.call("DELETE", "/sandbox/grants", token=None)

    assert changed.body == {"securables": {"prod": []}, "others": {}, "endpoints": {}}
    assert (await read(double)).status == 200


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"securable": "a.b.c.d"},
        {"securable": "prod", "endpoint": "ranker"},
        {"securable": "prod", "privileges": ["FLY"]},
        {"endpoint": "ranker", "level": "CAN_FLY"},
    ],
)
async def test_grant_that_makes_no_sense_is_refused(
    double: Double, asked: dict[str, object]
) -> None:
    assert (await grant(double, **asked)).status == 400


async def test_others_hold_what_they_are_granted_and_are_listed_with_it(double: Double) -> None:
    await grant(double, principal="ml-leads", securable="prod.fraud", privileges=["MANAGE"])
    found = await double.get(f"{EFFECTIVE}/FUNCTION/{SCORER}")
    given = {a["principal"]: a["privileges"] for a in found.body["privilege_assignments"]}

    assert list(given) == [PRINCIPAL, "ml-leads"]
    assert given["ml-leads"] == [
        {
            "privilege": "MANAGE",
            "inherited_from_type": "SCHEMA",
            "inherited_from_name": "prod.fraud",
        }
    ]
