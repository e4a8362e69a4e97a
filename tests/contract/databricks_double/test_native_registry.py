import pytest

from tests.contract.databricks_double.double import SCORER, UC, Double, Json

NATIVE = "/api/2.1/unity-catalog"
MODEL = f"{NATIVE}/models/{SCORER}"


async def model(double: Double) -> Json:
    found: Json = (await double.get(MODEL, include_aliases="true")).body
    return found


async def test_model_is_flat_and_its_aliases_are_shown_on_request(double: Double) -> None:
    plain = (await double.get(MODEL)).body
    asked = await model(double)

    assert (asked["catalog_name"], asked["schema_name"], asked["name"]) == (
        "prod",
        "fraud",
        "scorer",
    )
    assert (asked["full_name"], asked["owner"]) == (SCORER, "ml-platform@acme.example")
    assert asked["comment"].startswith("Scores")
    assert "aliases" not in plain
    assert [(a["alias_name"], a["version_num"]) for a in asked["aliases"]] == [("champion", 1)]


async def test_version_has_a_number_and_what_its_model_was_measured_at(double: Double) -> None:
    version = (await double.get(f"{MODEL}/versions/1", include_aliases="true")).body

    assert (version["version"], version["model_name"], version["status"]) == (1, "scorer", "READY")
    assert version["aliases"][0]["alias_name"] == "champion"
    assert version["model_metrics"][0]["dataset_digest"]
    assert version["storage_location"].endswith("prod/fraud/scorer/1")


async def test_alias_is_set_read_and_deleted_by_its_own_path(double: Double) -> None:
    path = f"{MODEL}/aliases/trial"
    body = {"full_name": SCORER, "alias": "trial", "version_num": 4}
    was_set = await double.call("PUT", path, body)
    read = await double.get(path)
    legacy = await double.get(f"{UC}/registered-models/alias", name=SCORER, alias="trial")
    gone = await double.call("DELETE", path, {"full_name": SCORER, "alias": "trial"})
    after = await double.get(path)

    assert (was_set.body["alias_name"], was_set.body["version_num"]) == ("trial", 4)
    assert read.body["version"] == 4
    assert legacy.body["model_version"]["version"] == "4"
    assert (gone.status, gone.body) == (200, {})
    assert (after.status, after.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize(
    ("tagged", "read"),
    [
        (f"securable-tags/FUNCTION/{SCORER}", MODEL),
        (f"subentity-tags/FUNCTION/{SCORER}/4", f"{MODEL}/versions/4"),
    ],
)
async def test_tags_are_added_and_removed_by_changes(
    double: Double, tagged: str, read: str
) -> None:
    path, tag = f"{NATIVE}/{tagged}", {"key": "seen", "value": "yes"}
    await double.call("PATCH", path, {"changes": {"add_tags": [tag]}})
    added = (await double.get(read)).body["tags"]
    await double.call("PATCH", path, {"changes": {"remove": ["seen"]}})
    removed = (await double.get(read)).body["tags"]

    assert tag in added
    assert tag not in removed


async def test_models_of_a_schema_come_in_pages(double: Double) -> None:
    asked = {"catalog_name": "prod", "schema_name": "fraud", "max_results": "1"}
    first = (await double.get(f"{NATIVE}/models", **asked)).body
    token = first["next_page_token"]
    second = (await double.get(f"{NATIVE}/models", **asked, page_token=token)).body

    names = [m["full_name"] for m in first["registered_models"] + second["registered_models"]]
    assert names == ["prod.fraud.rules", SCORER]
    assert "next_page_token" not in second
    assert not {"aliases", "tags"} & set(first["registered_models"][0])


async def test_versions_come_newest_first_in_pages(double: Double) -> None:
    first = (await double.get(f"{MODEL}/versions", max_results="3")).body
    token = first["next_page_token"]
    second = (await double.get(f"{MODEL}/versions", max_results="3", page_token=token)).body

    found = first["model_versions"] + second["model_versions"]
    assert [version["version"] for version in found] == [4, 3, 2, 1]
    assert not {"aliases", "tags", "model_metrics"} & set(found[0])


@pytest.mark.parametrize("size", ["0", "1000000"])
async def test_page_of_no_size_or_too_big_a_size_is_taken_as_the_catalogs_own(
    double: Double, size: str
) -> None:
    listed = await double.get(f"{NATIVE}/models", max_results=size)

    assert (listed.status, len(listed.body["registered_models"])) == (200, 9)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("models", {"max_results": "-1"}),
        ("models", {"max_results": "many"}),
        ("models", {"catalog_name": "prod"}),
        ("models", {"schema_name": "fraud"}),
        ("models/scorer", {}),
        (f"models/{SCORER}.4", {}),
        (f"models/{SCORER}/versions/champion", {}),
        (f"models/{SCORER}/versions", {"max_results": "-1"}),
    ],
)
async def test_what_the_catalog_does_not_take_is_an_invalid_parameter(
    double: Double, path: str, query: dict[str, str]
) -> None:
    refused = await double.get(f"{NATIVE}/{path}", **query)

    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")
    assert refused.body["message"]


@pytest.mark.parametrize(
    "path",
    [
        "models/prod.fraud.nothing",
        "models/prod.fraud.nothing/versions",
        f"models/{SCORER}/versions/99",
        f"models/{SCORER}/aliases/nothing",
        f"models/{SCORER}/aliases/Champion",
        "models/Prod.Fraud.Scorer",
    ],
)
async def test_what_is_not_there_or_is_spelled_otherwise_does_not_exist(
    double: Double, path: str
) -> None:
    missing = await double.get(f"{NATIVE}/{path}")

    assert (missing.status, missing.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")


async def test_changes_of_tags_without_changes_are_refused(double: Double) -> None:
    refused = await double.call("PATCH", f"{NATIVE}/securable-tags/FUNCTION/{SCORER}", {})

    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")


async def test_model_is_created_renamed_within_its_schema_and_deleted(double: Double) -> None:
    body = {"catalog_name": "prod", "schema_name": "fraud", "name": "trial", "comment": "New."}
    created = await double.call("POST", f"{NATIVE}/models", body)
    path = f"{NATIVE}/models/prod.fraud.trial"
    renamed = await double.call("PATCH", path, {"new_name": "tried", "comment": "Old."})
    old = await double.get(path)
    await double.call("DELETE", f"{NATIVE}/models/prod.fraud.tried")
    gone = await double.get(f"{NATIVE}/models/prod.fraud.tried")

    assert created.body["full_name"] == "prod.fraud.trial"
    assert (renamed.body["full_name"], renamed.body["comment"]) == ("prod.fraud.tried", "Old.")
    assert (old.status, gone.status) == (404, 404)


async def test_version_is_pending_until_it_is_finalized(double: Double) -> None:
    body = {
        "catalog_name": "prod",
        "schema_name": "fraud",
        "model_name": "scorer",
        "source": "dbfs:/somewhere",
        "comment": "Fifth.",
    }
    created = (await double.call("POST", f"{NATIVE}/models/versions", body)).body
    path = f"{MODEL}/versions/5"
    described = (await double.call("PATCH", path, {"comment": "The fifth."})).body
    ready = (await double.call("PATCH", f"{path}/finalize", {})).body
    await double.call("DELETE", path)

    assert (created["version"], created["status"]) == (5, "PENDING_REGISTRATION")
    assert (described["comment"], ready["status"]) == ("The fifth.", "READY")
    assert (await double.get(path)).status == 404
