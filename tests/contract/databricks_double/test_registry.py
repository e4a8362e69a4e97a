import pytest

from tests.contract.databricks_double.double import SCORER, UC, Double

MODELS = f"{UC}/registered-models"
VERSIONS = f"{UC}/model-versions"
ALIAS = f"{MODELS}/alias"


async def test_model_is_read_with_its_aliases_and_tags(double: Double) -> None:
    model = (await double.get(f"{MODELS}/get", name=SCORER)).body["registered_model"]

    assert model["aliases"] == [{"alias": "champion", "version": "1"}]
    assert {"key": "tier", "value": "1"} in model["tags"]


async def test_version_is_read_with_metrics_datasets_and_params_of_its_model(
    double: Double,
) -> None:
    read = await double.get(f"{VERSIONS}/get", name=SCORER, version="4")
    version = read.body["model_version"]

    precision = next(m for m in version["model_metrics"] if m["key"] == "precision")
    assert version["version"] == "4"
    assert version["model_id"].startswith("m-")
    assert precision["dataset_name"] == "payments-holdout"
    assert precision["dataset_digest"]
    assert version["model_params"]
    assert version["status"] == "READY"


async def test_models_come_in_pages_in_the_order_of_their_names(double: Double) -> None:
    names: list[str] = []
    token = ""
    while True:
        page = (await double.get(f"{MODELS}/search", max_results="3", page_token=token)).body
        names += [model["name"] for model in page["registered_models"]]
        token = page.get("next_page_token", "")
        if not token:
            break

    assert len(names) == 9
    assert names == sorted(names)


async def test_versions_come_in_pages_newest_first_and_without_aliases_or_tags(
    double: Double,
) -> None:
    wanted = f"name='{SCORER}'"
    first = (await double.get(f"{VERSIONS}/search", filter=wanted, max_results="3")).body
    rest = (
        await double.get(
            f"{VERSIONS}/search",
            filter=wanted,
            max_results="3",
            page_token=first["next_page_token"],
        )
    ).body

    found = first["model_versions"] + rest["model_versions"]
    assert [version["version"] for version in found] == ["4", "3", "2", "1"]
    assert not {"aliases", "tags", "model_metrics"} & set(found[3])
    assert "next_page_token" not in rest


async def test_versions_are_found_by_the_run_that_made_them(double: Double) -> None:
    version = (await double.get(f"{VERSIONS}/get", name=SCORER, version="4")).body["model_version"]

    found = await double.get(f"{VERSIONS}/search", filter=f"run_id='{version['run_id']}'")

    assert [v["version"] for v in found.body["model_versions"]] == ["4"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (f"{VERSIONS}/search", {"filter": "tags.task='x'"}),
        (f"{VERSIONS}/search", {"filter": f"name='{SCORER}' and run_id='1'"}),
        (f"{VERSIONS}/search", {"filter": f"name='{SCORER}'", "order_by": "name"}),
        (f"{VERSIONS}/search", {}),
        (f"{VERSIONS}/search", {"filter": f"name='{SCORER}'", "max_results": "many"}),
        (f"{MODELS}/search", {"filter": "name LIKE 'prod%'"}),
        (f"{MODELS}/search", {"order_by": "name"}),
        (f"{MODELS}/get", {"name": "scorer"}),
        (f"{MODELS}/get", {"name": "prod.fraud.scorer.4"}),
        (f"{MODELS}/get", {}),
        (f"{VERSIONS}/get", {"name": SCORER, "version": "champion"}),
    ],
)
async def test_what_the_catalog_does_not_take_is_an_invalid_parameter(
    double: Double, path: str, query: dict[str, str]
) -> None:
    refused = await double.get(path, **query)

    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (f"{MODELS}/get", {"name": "prod.fraud.nothing"}),
        (f"{MODELS}/get", {"name": "prod.fraud.Scorer"}),
        (f"{VERSIONS}/get", {"name": SCORER, "version": "99"}),
        (ALIAS, {"name": SCORER, "alias": "challenger"}),
        (ALIAS, {"name": SCORER, "alias": "Champion"}),
        (ALIAS, {"name": "prod.fraud.nothing", "alias": "champion"}),
    ],
)
async def test_what_is_not_there_does_not_exist(
    double: Double, path: str, query: dict[str, str]
) -> None:
    refused = await double.get(path, **query)

    assert (refused.status, refused.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")


async def test_last_write_of_an_alias_wins(double: Double) -> None:
    for version in ("4", "3"):
        await double.call("POST", ALIAS, {"name": SCORER, "alias": "champion", "version": version})

    served = await double.get(ALIAS, name=SCORER, alias="champion")
    assert served.body["model_version"]["version"] == "3"
    assert served.body["model_version"]["aliases"] == [{"alias": "champion", "version": "3"}]


async def test_aliases_that_differ_by_case_live_side_by_side(double: Double) -> None:
    await double.call("POST", ALIAS, {"name": SCORER, "alias": "Champion", "version": "4"})

    model = (await double.get(f"{MODELS}/get", name=SCORER)).body["registered_model"]
    assert model["aliases"] == [
        {"alias": "Champion", "version": "4"},
        {"alias": "champion", "version": "1"},
    ]


async def test_alias_of_a_version_that_is_not_there_is_refused(double: Double) -> None:
    refused = await double.call(
        "POST", ALIAS, {"name": SCORER, "alias": "champion", "version": "99"}
    )

    assert (refused.status, refused.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")


async def test_alias_with_a_forbidden_character_is_refused(double: Double) -> None:
    refused = await double.call(
        "POST", ALIAS, {"name": SCORER, "alias": "my champion", "version": "1"}
    )

    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")


async def test_deleted_alias_is_gone_and_cannot_be_deleted_again(double: Double) -> None:
    body = {"name": SCORER, "alias": "champion"}
    deleted = await double.call("DELETE", ALIAS, body)
    again = await double.call("DELETE", ALIAS, body)

    assert (deleted.status, deleted.body) == (200, {})
    assert (again.status, again.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")


async def test_tags_of_models_and_versions_are_set_and_deleted(double: Double) -> None:
    for path, subject in ((MODELS, {"name": SCORER}), (VERSIONS, {"name": SCORER, "version": "4"})):
        tag = {**subject, "key": "validation_status", "value": "approved"}
        await double.call("POST", f"{path}/set-tag", tag)
        shown = await double.get(f"{path}/get", **subject)
        await double.call("DELETE", f"{path}/delete-tag", {**subject, "key": tag["key"]})
        after = await double.get(f"{path}/get", **subject)

        assert "validation_status" in str(shown.body)
        assert "validation_status" not in str(after.body)


async def test_descriptions_are_changed(double: Double) -> None:
    version = {"name": SCORER, "version": "4", "description": "Better."}
    model = {"name": SCORER, "description": "Scores."}
    changed_version = await double.call("PATCH", f"{VERSIONS}/update", version)
    changed_model = await double.call("PATCH", f"{MODELS}/update", model)

    assert changed_version.body["model_version"]["description"] == "Better."
    assert changed_model.body["registered_model"]["description"] == "Scores."


async def test_model_is_created_renamed_and_deleted(double: Double) -> None:
    created = await double.call("POST", f"{MODELS}/create", {"name": "prod.fraud.fresh"})
    twice = await double.call("POST", f"{MODELS}/create", {"name": "prod.fraud.fresh"})
    renamed = await double.call(
        "PATCH", f"{MODELS}/update", {"name": "prod.fraud.fresh", "new_name": "prod.fraud.stale"}
    )
    await double.call("DELETE", f"{MODELS}/delete", {"name": "prod.fraud.stale"})
    gone = await double.get(f"{MODELS}/get", name="prod.fraud.stale")

    assert created.body["registered_model"]["aliases"] == []
    assert twice.error_code == "RESOURCE_ALREADY_EXISTS"
    assert renamed.body["registered_model"]["name"] == "prod.fraud.stale"
    assert gone.status == 404


async def test_new_version_waits_for_its_files_before_it_is_ready(double: Double) -> None:
    source = (await double.get(f"{VERSIONS}/get", name=SCORER, version="4")).body["model_version"]
    body = {"name": SCORER, "source": source["source"], "tags": [{"key": "a", "value": "b"}]}

    created = (await double.call("POST", f"{VERSIONS}/create", body)).body["model_version"]
    named = {"name": SCORER, "version": created["version"]}
    finalized = (await double.call("POST", f"{VERSIONS}/finalize", named)).body["model_version"]

    assert (created["version"], created["status"]) == ("5", "PENDING_REGISTRATION")
    assert (created["model_id"], created["tags"]) == (source["model_id"], body["tags"])
    assert finalized["status"] == "READY"


async def test_deleted_version_takes_its_aliases_with_it(double: Double) -> None:
    await double.call("DELETE", f"{VERSIONS}/delete", {"name": SCORER, "version": "1"})

    model = (await double.get(f"{MODELS}/get", name=SCORER)).body["registered_model"]
    assert model["aliases"] == []


async def test_files_lie_in_the_platforms_storage_behind_signed_addresses(double: Double) -> None:
    named = {"name": SCORER, "version": "1"}
    answer = await double.call("POST", f"{VERSIONS}/generate-temporary-credentials", named)
    address = await double.get(f"{VERSIONS}/get-download-uri", **named)

    credentials = answer.body["credentials"]
    assert credentials["storage_mode"] == "DEFAULT_STORAGE"
    assert credentials["expiration_time"] > 0
    assert address.body["artifact_uri"].startswith("s3://")


async def test_credentials_for_no_version_do_not_exist(double: Double) -> None:
    named = {"name": SCORER, "version": "99"}
    refused = await double.call("POST", f"{VERSIONS}/generate-temporary-credentials", named)

    assert (refused.status, refused.error_code) == (404, "RESOURCE_DOES_NOT_EXIST")


async def test_page_bigger_than_the_catalogs_is_refused(double: Double) -> None:
    refused = await double.get(f"{MODELS}/search", max_results="1001")

    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize(
    "path",
    [
        f"{VERSIONS}/transition-stage",
        f"{MODELS}/get-latest-versions",
        "/api/2.0/mlflow/model-versions/transition-stage",
        "/api/2.0/mlflow/registered-models/get",
        "/api/2.0/nothing",
    ],
)
async def test_stages_and_the_old_workspace_registry_do_not_exist(
    double: Double, path: str
) -> None:
    refused = await double.call("POST", path, {"name": SCORER, "version": "1"})

    assert (refused.status, refused.error_code) == (404, "ENDPOINT_NOT_FOUND")


@pytest.mark.parametrize("body", ["{", "[]", '"x"'])
async def test_body_that_is_no_json_object_is_malformed(double: Double, body: str) -> None:
    async with double.session.post(
        double.origin + ALIAS, data=body, headers={"Authorization": "Bearer dapi-of-the-tests"}
    ) as answer:
        assert (answer.status, (await answer.json())["error_code"]) == (400, "MALFORMED_REQUEST")
