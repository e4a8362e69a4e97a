from tests.contract.databricks_double.double import ENDPOINTS, Double


async def test_call_without_a_token_is_unauthenticated(double: Double) -> None:
    refused = await double.call("GET", ENDPOINTS, token=None)

    assert (refused.status, refused.error_code) == (401, "401")


async def test_call_with_a_wrong_token_is_forbidden(double: Double) -> None:
    refused = await double.call("GET", ENDPOINTS, token="dapi-wrong")  # noqa: S106 - the wrong one

    assert (refused.status, refused.error_code) == (403, "403")


async def test_discovery_needs_no_token_and_names_the_workspace(double: Double) -> None:
    found = await double.call("GET", "/.well-known/databricks-config", token=None)

    assert found.status == 200
    assert found.body["workspace_id"] == found.headers["x-databricks-org-id"]
    assert found.body["oidc_endpoint"].startswith(double.origin)


async def test_caller_is_a_service_principal_of_the_workspace(double: Double) -> None:
    me = await double.get("/api/2.0/preview/scim/v2/Me")

    assert me.body["displayName"] == "herald-bot"
    assert me.body["active"] is True
