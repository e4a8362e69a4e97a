"""The demo world's table, row by row, as MLflow's client reads it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from mlflow import MlflowClient

from bot.sandbox.demo.world import ENDPOINTS, MODELS, endpoint
from tests.contract.demo_world.evidence import VersionEvidence, evidence, mlflows_own_warnings

pytestmark = mlflows_own_warnings

TABLE = {
    "prod.ml_team.iris_classifier": (4, {"champion": 1, "challenger": 2}),
    "sandbox.nasa_gcn_models.gcn_rag_assistant": (3, {"champion": 1, "challenger": 2}),
    "prod.fraud.scorer": (4, {"champion": 1}),
    "prod.fraud.rules": (2, {"champion": 1}),
    "prod.ml_team.churn": (2, {}),
    "prod.ml_team.legacy_ranker": (2, {"Champion": 1}),
    "prod.ml_team.ranker": (3, {"champion": 1}),
    "prod.credit.loan_risk": (2, {"champion": 1}),
    "shop.search.speller": (2, {"champion": 1}),
}
SERVED = {
    "iris-classifier": [("prod.ml_team.iris_classifier", "1", 100)],
    "nasa-gcn-rag-assistant": [("sandbox.nasa_gcn_models.gcn_rag_assistant", "1", 100)],
    "fraud-scorer": [("prod.fraud.scorer", "1", 100)],
    "fraud-shared": [("prod.fraud.scorer", "1", 50), ("prod.fraud.rules", "1", 50)],
    "ranker": [("prod.ml_team.ranker", "2", 100)],
}
WEAK = {
    ("prod.ml_team.iris_classifier", 3),
    ("sandbox.nasa_gcn_models.gcn_rag_assistant", 3),
}
VERSIONS = [
    (name, version) for name, (count, _) in TABLE.items() for version in range(1, count + 1)
]
GOOD = [key for key in VERSIONS if key not in WEAK]

Look = Callable[[str, int], VersionEvidence]


@pytest.fixture
def look(registry: MlflowClient, state: Path) -> Look:
    return lambda name, version: evidence(registry, state, name, version)


def test_registry_holds_exactly_the_models_of_the_table(registry: MlflowClient) -> None:
    assert {model.name for model in registry.search_registered_models()} == set(TABLE)
    assert {model.name for model in MODELS} == set(TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_model_has_the_versions_and_aliases_of_the_table(registry: MlflowClient, name: str) -> None:
    count, aliases = TABLE[name]
    versions = registry.search_model_versions(f"name='{name}'")
    assert sorted(int(v.version) for v in versions) == list(range(1, count + 1))
    stored = registry.get_registered_model(name).aliases
    assert {alias: int(version) for alias, version in stored.items()} == aliases


def test_endpoints_serve_what_the_table_says() -> None:
    stated = {
        e.name: [(s.model, str(s.version), s.traffic_percentage) for s in e.entities]
        for e in ENDPOINTS
    }
    assert stated == SERVED


@pytest.mark.parametrize("name", SERVED)
def test_endpoint_config_sends_all_traffic_to_its_own_entities(name: str) -> None:
    config = endpoint(name).config()
    entities, traffic = config["served_entities"], config["traffic_config"]
    assert isinstance(entities, list)
    assert isinstance(traffic, dict)
    assert [r["served_model_name"] for r in traffic["routes"]] == [e["name"] for e in entities]
    assert sum(r["traffic_percentage"] for r in traffic["routes"]) == 100


@pytest.mark.parametrize(("name", "version"), GOOD)
def test_good_version_meets_the_promotion_criteria(look: Look, name: str, version: int) -> None:
    metrics = look(name, version).metrics
    assert metrics["precision"] >= 0.80
    assert metrics["success_rate"] >= 0.95
    assert metrics["latency_p95_ms"] <= 5000


@pytest.mark.parametrize(("name", "version"), [key for key in GOOD if key[1] > 1])
def test_good_version_is_no_less_precise_than_the_first(
    look: Look, name: str, version: int
) -> None:
    assert look(name, version).metrics["precision"] >= look(name, 1).metrics["precision"]


def test_second_iris_version_is_better_in_every_quality(look: Look) -> None:
    first, second = (look("prod.ml_team.iris_classifier", v).metrics for v in (1, 2))
    assert all(second[key] > first[key] for key in ("accuracy", "precision", "recall", "f1"))


def test_third_iris_version_misses_the_accuracy_threshold(look: Look) -> None:
    metrics = look("prod.ml_team.iris_classifier", 3).metrics
    assert metrics["accuracy"] < 0.80
    assert metrics["precision"] < 0.80


def test_fourth_iris_version_has_neither_card_nor_description(look: Look) -> None:
    bare = look("prod.ml_team.iris_classifier", 4)
    assert bare.card is None
    assert not bare.version.description


def test_assistant_parameters_are_those_of_the_table(look: Look) -> None:
    name = "sandbox.nasa_gcn_models.gcn_rag_assistant"
    params = [look(name, version).run.data.params for version in (1, 2)]
    assert params == [
        {"retriever_k": "5", "temperature": "0.1", "max_tokens": "1024"},
        {"retriever_k": "7", "temperature": "0.05", "max_tokens": "1500"},
    ]


def test_only_the_third_assistant_is_below_the_faithfulness_criterion(look: Look) -> None:
    name = "sandbox.nasa_gcn_models.gcn_rag_assistant"
    faithfulness = [look(name, version).metrics["faithfulness"] for version in (1, 2, 3)]
    assert [value >= 0.85 for value in faithfulness] == [True, True, False]


@pytest.mark.parametrize(
    "name", [n for n in TABLE if n != "sandbox.nasa_gcn_models.gcn_rag_assistant"]
)
def test_only_the_assistant_is_judged_for_faithfulness(look: Look, name: str) -> None:
    assert "faithfulness" not in look(name, 1).metrics
