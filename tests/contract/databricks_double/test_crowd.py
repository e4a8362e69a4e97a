from bot.sandbox.demo.world import MODELS
from tests.contract.databricks_double.double import ENDPOINTS, UC, Double, Reply

DEMO = len(MODELS)
FIRST = "crowd.team_00.model_00000"


async def crowd(double: Double, **asked: int) -> Reply:
    return await double.call("POST", "/sandbox/crowd", asked, token=None)


async def names(double: Double) -> list[str]:
    found = await double.get(f"{UC}/registered-models/search", max_results="100")
    return [model["name"] for model in found.body["registered_models"]]


async def test_crowd_is_registered_with_versions_aliases_metrics_and_files(double: Double) -> None:
    await crowd(double, models=30, versions_each=4)
    champion = await double.get(f"{UC}/registered-models/alias", name=FIRST, alias="champion")
    model = await double.get(f"{UC}/registered-models/get", name=FIRST)
    versions = await double.get(f"{UC}/model-versions/search", filter=f"name='{FIRST}'")
    file = await double.get("/api/2.0/fs/files/Models/crowd/team_00/model_00000/4/MLmodel")

    assert len(await names(double)) == 30 + DEMO
    assert champion.body["model_version"]["model_metrics"]
    assert model.body["registered_model"]["aliases"] == [
        {"alias": "challenger", "version": "4"},
        {"alias": "champion", "version": "1"},
    ]
    assert [v["version"] for v in versions.body["model_versions"]] == ["4", "3", "2", "1"]
    assert file.status == 200


async def test_crowds_endpoints_are_ready_and_answer_without_being_loaded_before(
    double: Double,
) -> None:
    await crowd(double, models=2, versions_each=1, endpoints=3)
    listed = (await double.get(ENDPOINTS)).body["endpoints"]
    body = {"endpoint": "crowd-00002", "requests": 2}
    sent = await double.call("POST", "/sandbox/traffic", body, token=None)

    ready = {e["name"]: e["state"]["ready"] for e in listed if e["name"].startswith("crowd-")}
    assert ready == dict.fromkeys(("crowd-00000", "crowd-00001", "crowd-00002"), "READY")
    assert sent.body["statuses"] == {"200": 2}


async def test_crowd_grows_and_keeps_what_was_changed_in_it(double: Double) -> None:
    await crowd(double, models=1, versions_each=2, endpoints=1)
    body = {"name": FIRST, "alias": "champion", "version": "2"}
    await double.call("POST", f"{UC}/registered-models/alias", body)
    await crowd(double, models=3, versions_each=2, endpoints=2)
    champion = await double.get(f"{UC}/registered-models/alias", name=FIRST, alias="champion")

    assert len(await names(double)) == 3 + DEMO
    assert champion.body["model_version"]["version"] == "2"


async def test_endpoints_without_models_to_serve_are_refused(double: Double) -> None:
    refused = await crowd(double, models=0, endpoints=1)

    assert (refused.status, refused.error_code) == (400, "INVALID_PARAMETER_VALUE")
