from tests.contract.databricks_double.double import ENDPOINTS, SCORER, TOKEN, UC, Double


async def test_every_call_is_listed_with_its_body_and_no_token(double: Double) -> None:
    body = {"name": SCORER, "alias": "champion", "version": "4"}
    await double.call("POST", f"{UC}/registered-models/alias", body)
    await double.get(f"{UC}/registered-models/get", name=SCORER)
    await double.call("GET", ENDPOINTS, token=None)
    listed = await double.call("GET", "/sandbox/calls", token=None)

    calls = listed.body["calls"]
    assert [(c["method"], c["path"], c["body"]) for c in calls] == [
        ("POST", f"{UC}/registered-models/alias", body),
        ("GET", f"{UC}/registered-models/get", None),
        ("GET", ENDPOINTS, None),
    ]
    assert calls[1]["query"] == f"name={SCORER}"
    assert calls[0]["at"] <= calls[1]["at"]
    assert TOKEN not in str(listed.body)


async def test_calls_can_be_forgotten(double: Double) -> None:
    await double.get(ENDPOINTS)
    await double.call("DELETE", "/sandbox/calls", token=None)

    listed = await double.call("GET", "/sandbox/calls", token=None)
    assert listed.body == {"calls": []}


async def test_traffic_is_real_invocations_spread_over_the_entities(double: Double) -> None:
    body = {"endpoint": "fraud-shared", "requests": 10, "concurrency": 5}
    sent = await double.call("POST", "/sandbox/traffic", body, token=None)
    metrics: str = (await double.get(f"{ENDPOINTS}/fraud-shared/metrics")).body

    assert sent.body["statuses"] == {"200": 10}
    assert sent.body["served"] == {"scorer-1": 5, "rules-1": 5}
    assert 'request_count_total{endpoint="fraud-shared",served_entity="rules-1"} 5' in metrics


async def test_traffic_to_no_endpoint_or_of_no_size_is_refused(double: Double) -> None:
    nowhere = await double.call("POST", "/sandbox/traffic", {"endpoint": "nowhere"}, token=None)
    none = await double.call(
        "POST", "/sandbox/traffic", {"endpoint": "ranker", "requests": 0}, token=None
    )

    assert (nowhere.status, none.status) == (404, 400)


async def test_truth_shows_aliases_and_what_serves(double: Double) -> None:
    await double.fault(kind="update_fails", endpoint="ranker")
    await double.call(
        "PUT",
        f"{ENDPOINTS}/ranker/config",
        {"served_entities": [{"entity_name": "prod.ml_team.ranker", "entity_version": "3"}]},
    )
    await double.settled("ranker")
    truth = (await double.call("GET", "/sandbox/truth", token=None)).body

    ranker = truth["endpoints"]["ranker"]
    assert truth["models"]["prod.ml_team.legacy_ranker"] == {"Champion": 1}
    assert truth["models"]["prod.ml_team.churn"] == {}
    assert truth["models"]["prod.ml_team.iris_classifier"] == {"champion": 1, "challenger": 2}
    assert (ranker["config_version"], ranker["state"]["config_update"]) == (1, "UPDATE_FAILED")
    assert (
        ranker["entities"][0] | {"name": "ranker-2", "version": 2, "traffic": 100}
        == (ranker["entities"][0])
    )
    assert ranker["pending"]["entities"][0]["version"] == 3
    assert ranker["pending"]["entities"][0]["reason"]
