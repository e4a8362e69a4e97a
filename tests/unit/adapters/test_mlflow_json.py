"""What MLflow's paths answer, in each of the forms that servers give it."""

import math
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.mlflow_json import logged_model, model_from, run_from, version_from
from bot.domain.registry import Dataset, Metric

LOGGED = "m-0123456789abcdef0123456789abcdef"


def version(**fields: object) -> Any:
    return version_from({"name": "prod.fraud.scorer", "version": "7", **fields})


@pytest.mark.parametrize("number", ["7", 7])
def test_version_numbers_are_numbers(number: object) -> None:
    assert version(version=number).version == 7


@pytest.mark.parametrize("number", ["7", 7])
def test_alias_numbers_are_numbers(number: object) -> None:
    raw = {"name": "a.b.c", "aliases": [{"alias": "Champion", "version": number}]}
    assert model_from(raw).aliases == {"Champion": 7}


@pytest.mark.parametrize("empty", ["", None])
def test_empty_run_is_no_run(empty: object) -> None:
    assert version(run_id=empty).run_id is None


@pytest.mark.parametrize("status", ["PENDING_REGISTRATION", "FAILED_REGISTRATION", "NEW"])
def test_version_in_any_other_state_is_not_ready(status: str) -> None:
    assert not version(status=status).is_ready


def test_ready_version_is_ready() -> None:
    assert version(status="READY").is_ready


def test_logged_model_is_known_by_its_source() -> None:
    assert version(source=f"models:/{LOGGED}").model_id == LOGGED


@pytest.mark.parametrize("source", ["models:/prod.fraud.scorer/3", "dbfs:/x/y", "", None])
def test_other_sources_are_no_logged_model(source: object) -> None:
    assert version(source=source).model_id is None


@pytest.mark.parametrize("moment", [1_767_571_200_000, "1767571200000"])
def test_moments_are_aware(moment: object) -> None:
    assert version(creation_timestamp=moment).created_at == datetime(2026, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize("value", ["NaN", float("nan")])
def test_nan_survives(value: object) -> None:
    (metric,) = version(model_metrics=[{"key": "auc", "value": value}]).metrics
    assert math.isnan(metric.value)


@pytest.mark.parametrize("value", ["Infinity", "-Infinity", float("inf")])
def test_infinity_survives(value: object) -> None:
    (metric,) = version(model_metrics=[{"key": "auc", "value": value}]).metrics
    assert math.isinf(metric.value)


def test_zero_that_protobuf_leaves_out_is_zero() -> None:
    assert version(model_metrics=[{"key": "auc"}]).metrics == (Metric(key="auc", value=0.0),)


def test_each_dataset_keeps_its_own_value() -> None:
    metrics = [
        {"key": "auc", "value": 0.9, "dataset_name": "test", "dataset_digest": "d1"},
        {"key": "auc", "value": 0.8, "dataset_name": "test", "dataset_digest": "d2"},
    ]
    assert version(model_metrics=metrics).metrics == (
        Metric(key="auc", value=0.9, dataset_name="test", dataset_digest="d1"),
        Metric(key="auc", value=0.8, dataset_name="test", dataset_digest="d2"),
    )


def test_last_step_of_a_metric_counts_in_whatever_order_they_come() -> None:
    metrics = [
        {"key": "loss", "value": 0.1, "step": 2, "timestamp": "5"},
        {"key": "loss", "value": 0.3, "step": "1", "timestamp": 9},
    ]
    at = datetime(1970, 1, 1, microsecond=5000, tzinfo=UTC)
    last = Metric(key="loss", value=0.1, logged_at=at)
    assert version(model_metrics=metrics).metrics == (last,)


def test_run_comes_with_its_datasets_and_what_they_were_read_for() -> None:
    raw = {
        "info": {"run_id": "r1", "start_time": 1_767_571_200_000},
        "data": {"tags": [{"key": "mlflow.user", "value": "dana"}], "params": [{"key": "C"}]},
        "inputs": {
            "dataset_inputs": [
                {
                    "dataset": {
                        "name": "cards",
                        "digest": "d1",
                        "source": '{"delta_table_name": "prod.payments.cards"}',
                    },
                    "tags": [{"key": "mlflow.data.context", "value": "eval"}],
                },
                {"dataset": {"name": "more", "digest": "d2"}},
            ]
        },
    }
    run = run_from(raw)
    assert run.datasets == (
        Dataset(name="cards", digest="d1", context="eval", source="prod.payments.cards"),
        Dataset(name="more", digest="d2"),
    )
    assert (run.user, run.parameters) == ("dana", {"C": ""})


def test_bare_run_has_nothing() -> None:
    run = run_from({"info": {"run_uuid": "r1"}})
    assert (run.run_id, run.metrics, run.datasets, run.started_at) == ("r1", (), (), None)


def test_logged_model_gives_metrics_and_parameters() -> None:
    data = {"metrics": [{"key": "auc", "value": 1}], "params": [{"key": "C", "value": "1"}]}
    assert logged_model({"data": data}) == ((Metric(key="auc", value=1.0),), {"C": "1"})


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ('{"path": "/Volumes/a/b", "delta_table_name": "c.s.t"}', "c.s.t"),
        ('{"table_name": "s.t"}', "s.t"),
        ('{"uri": "s3://bucket/cards.csv"}', "s3://bucket/cards.csv"),
        ('{"url": "https://me:secret@host/cards?sig=secret"}', "https://host/cards"),
        ('{"path": "/Volumes/a/b"}', "/Volumes/a/b"),
        ('{"tags": {"mlflow.source.name": "train.py"}}', ""),
        ('{"uri": 7}', ""),
        ('["s3://bucket"]', ""),
        ("s3://bucket", ""),
        (None, ""),
    ],
)
def test_dataset_says_where_it_came_from(source: str | None, place: str) -> None:
    dataset = {"name": "cards", "digest": "d1", "source": source}
    raw = {"info": {"run_id": "r1"}, "inputs": {"dataset_inputs": [{"dataset": dataset}]}}
    (found,) = run_from(raw).datasets
    assert found.source == place
