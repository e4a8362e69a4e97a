"""Models, versions and runs out of the JSON that MLflow's paths answer."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.domain.names import AliasName, ModelName
from bot.domain.registry import Dataset, Metric, ModelVersion, RegisteredModel, Run

CONTEXT_TAG = "mlflow.data.context"
USER_TAG = "mlflow.user"
_ORIGINS = ("delta_table_name", "table_name", "uri", "url", "path")
"""Where the sources of MLflow's datasets (delta_table, spark, s3, http, local …) name a place."""
_CREDENTIALS = re.compile(r"(?<=//)[^/@]*@|\?.*")
"""What an address can carry beside the place: who reads it, and a signature."""

_LOGGED_MODEL_SOURCE = re.compile(r"models:/(m-[0-9a-f]{32})")

Raw = Mapping[str, Any]


def model_from(raw: Raw) -> RegisteredModel:
    """Return a registered model; aliases are empty where the answer lacks them."""
    return RegisteredModel(
        name=ModelName(raw["name"]),
        description=raw.get("description") or "",
        aliases={AliasName(a["alias"]): int(a["version"]) for a in raw.get("aliases") or []},
        tags=_pairs(raw.get("tags")),
    )


def version_from(raw: Raw) -> ModelVersion:
    """Return a version; numbers come as text from some servers."""
    return ModelVersion(
        name=ModelName(raw["name"]),
        version=int(raw["version"]),
        description=raw.get("description") or "",
        run_id=raw.get("run_id") or None,
        model_id=raw.get("model_id") or _model_id(raw.get("source")),
        created_at=_moment(raw.get("creation_timestamp")),
        created_by=raw.get("user_id") or "",
        is_ready=raw.get("status", "READY") == "READY",
        tags=_pairs(raw.get("tags")),
        metrics=_metrics(raw.get("model_metrics")),
        parameters=_pairs(raw.get("model_params"), key="name"),
    )


def run_from(raw: Raw) -> Run:
    """Return a run with the datasets that it read."""
    about, data = raw["info"], raw.get("data") or {}
    tags = _pairs(data.get("tags"))
    inputs = raw.get("inputs") or {}
    return Run(
        run_id=about.get("run_id") or about["run_uuid"],
        user=about.get("user_id") or tags.get(USER_TAG, ""),
        started_at=_moment(about.get("start_time")),
        parameters=_pairs(data.get("params")),
        metrics=_metrics(data.get("metrics")),
        tags=tags,
        datasets=tuple(_dataset(item) for item in inputs.get("dataset_inputs") or []),
    )


def logged_model(raw: Raw) -> tuple[tuple[Metric, ...], dict[str, str]]:
    """Return metrics and parameters of a logged model."""
    data = raw.get("data") or {}
    return _metrics(data.get("metrics")), _pairs(data.get("params"))


def with_logged(version: ModelVersion, raw: Raw) -> ModelVersion:
    """Return a version with what the logged model knows that its registry does not repeat."""
    metrics, parameters = logged_model(raw)
    return replace(version, metrics=metrics, parameters={**parameters, **version.parameters})


def _model_id(source: object) -> str | None:
    found = _LOGGED_MODEL_SOURCE.fullmatch(str(source))
    return found[1] if found else None


def _metrics(raw: Iterable[Raw] | None) -> tuple[Metric, ...]:
    """Return the latest value of each key and dataset, in the order of their first values.

    A metric that was logged several times comes once for each step; the last step counts.
    """
    latest: dict[tuple[str, str, str], Raw] = {}
    for item in raw or []:
        place = (item["key"], item.get("dataset_name") or "", item.get("dataset_digest") or "")
        if place not in latest or _age(item) >= _age(latest[place]):
            latest[place] = item
    return tuple(_metric(item) for item in latest.values())


def _age(raw: Raw) -> tuple[int, int]:
    return int(raw.get("step") or 0), int(raw.get("timestamp") or 0)


def _metric(raw: Raw) -> Metric:
    """Return a metric; numbers that JSON lacks come as ``"NaN"`` and ``"Infinity"``."""
    return Metric(
        key=raw["key"],
        value=float(raw.get("value", 0.0)),  # protobuf leaves a zero out
        dataset_name=raw.get("dataset_name") or None,
        dataset_digest=raw.get("dataset_digest") or None,
        logged_at=_moment(raw.get("timestamp")),
    )


def _dataset(raw: Raw) -> Dataset:
    dataset = raw["dataset"]
    return Dataset(
        name=dataset.get("name") or "",
        digest=dataset.get("digest") or "",
        context=_pairs(raw.get("tags")).get(CONTEXT_TAG, ""),
        source=_origin(dataset.get("source")),
    )


def _origin(source: object) -> str:
    """Return the table or path in a dataset's source, which MLflow writes as JSON text."""
    try:
        described = json.loads(source) if isinstance(source, str) else None
    except ValueError:
        return ""
    if not isinstance(described, dict):
        return ""
    named = (described.get(key) for key in _ORIGINS)
    place = next((place for place in named if place and isinstance(place, str)), "")
    return _CREDENTIALS.sub("", place)


def _pairs(raw: Iterable[Raw] | None, key: str = "key") -> dict[str, str]:
    return {item[key]: item.get("value") or "" for item in raw or []}


def _moment(milliseconds: object) -> datetime | None:
    if not isinstance(milliseconds, int | str) or not milliseconds:
        return None
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
