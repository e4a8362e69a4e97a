"""The registry of Unity Catalog, by the paths that MLflow's own client uses."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.adapters.databricks_client import DatabricksClient, Json
from bot.domain.errors import NotFoundError
from bot.domain.names import AliasName, ModelName
from bot.domain.registry import Dataset, Metric, ModelVersion, RegisteredModel, Run

UC = "/api/2.0/mlflow/unity-catalog"
MLFLOW = "/api/2.0/mlflow"
PAGE = 100
VERSIONS_PAGE = 1000
CONTEXT_TAG = "mlflow.data.context"
USER_TAG = "mlflow.user"


class UnityCatalog:
    """Reads and writes registered models, and reads the runs behind them.

    Unity Catalog knows neither filters by tag nor an order of its own; names are exact.
    """

    def __init__(self, client: DatabricksClient) -> None:
        self._client = client

    async def models(self) -> tuple[RegisteredModel, ...]:
        """Return every registered model, by name; aliases may be missing here."""
        path = f"{UC}/registered-models/search"
        found = await self._pages(path, {"max_results": PAGE}, "registered_models")
        return tuple(sorted((_model(raw) for raw in found), key=lambda model: model.name))

    async def model(self, name: ModelName) -> RegisteredModel:
        """Return a model with all its aliases."""
        answer = await self._client.get(f"{UC}/registered-models/get", {"name": name})
        return _model(answer["registered_model"])

    async def versions(self, name: ModelName) -> tuple[ModelVersion, ...]:
        """Return the versions of a model, newest first."""
        quoted = name.replace("'", "''")
        query = {"filter": f"name='{quoted}'", "max_results": VERSIONS_PAGE}
        found = await self._pages(f"{UC}/model-versions/search", query, "model_versions")
        return tuple(sorted((_version(raw) for raw in found), key=lambda v: -v.version))

    async def version(self, name: ModelName, version: int) -> ModelVersion:
        """Return one version whole."""
        query = {"name": name, "version": str(version)}
        answer = await self._client.get(f"{UC}/model-versions/get", query)
        return _version(answer["model_version"])

    async def set_alias(self, name: ModelName, alias: AliasName, version: int | None) -> None:
        """Let an alias name a version, or nothing."""
        path = f"{UC}/registered-models/alias"
        if version is not None:
            body = {"name": name, "alias": alias, "version": str(version)}
            await self._client.send("POST", path, body=body)
            return
        try:
            await self._client.send("DELETE", path, body={"name": name, "alias": alias})
        except NotFoundError:
            await self.model(name)

    async def set_tags(self, name: ModelName, version: int, tags: Mapping[str, str | None]) -> None:
        """Set tags of a version one by one; None takes a tag away."""
        for key, value in sorted(tags.items()):
            body = {"name": name, "version": str(version), "key": key}
            if value is None:
                await self._delete_tag(body)
            else:
                path = f"{UC}/model-versions/set-tag"
                await self._client.send("POST", path, body={**body, "value": value})

    async def run(self, run_id: str) -> Run:
        """Return a run."""
        answer = await self._client.get(f"{MLFLOW}/runs/get", {"run_id": run_id})
        return _run(answer["run"])

    async def _delete_tag(self, body: Json) -> None:
        try:
            await self._client.send("DELETE", f"{UC}/model-versions/delete-tag", body=body)
        except NotFoundError:
            await self.version(body["name"], int(body["version"]))

    async def _pages(self, path: str, query: Json, key: str) -> list[Json]:
        found: list[Json] = []
        token = ""
        while True:
            paged = {**query, "page_token": token} if token else query
            answer = await self._client.get(path, paged)
            found += answer.get(key, [])
            token = answer.get("next_page_token", "")
            if not token:
                return found


def _model(raw: Json) -> RegisteredModel:
    return RegisteredModel(
        name=ModelName(raw["name"]),
        description=raw.get("description") or "",
        aliases={AliasName(a["alias"]): int(a["version"]) for a in raw.get("aliases", [])},
        tags=_pairs(raw.get("tags", [])),
    )


def _version(raw: Json) -> ModelVersion:
    return ModelVersion(
        name=ModelName(raw["name"]),
        version=int(raw["version"]),
        description=raw.get("description") or "",
        run_id=raw.get("run_id") or None,
        model_id=raw.get("model_id") or None,
        created_at=_moment(raw.get("creation_timestamp")),
        created_by=raw.get("user_id") or "",
        is_ready=raw.get("status", "READY") == "READY",
        tags=_pairs(raw.get("tags", [])),
        metrics=tuple(_metric(metric) for metric in raw.get("model_metrics", [])),
        parameters={p["name"]: p["value"] for p in raw.get("model_params", [])},
    )


def _run(raw: Json) -> Run:
    about, data = raw["info"], raw.get("data", {})
    tags = _pairs(data.get("tags", []))
    inputs = raw.get("inputs", {}).get("dataset_inputs", [])
    return Run(
        run_id=about.get("run_id") or about.get("run_uuid", ""),
        user=about.get("user_id") or tags.get(USER_TAG, ""),
        started_at=_moment(about.get("start_time")),
        parameters=_pairs(data.get("params", [])),
        metrics=tuple(_metric(metric) for metric in data.get("metrics", [])),
        tags=tags,
        datasets=tuple(_dataset(item) for item in inputs),
    )


def _metric(raw: Json) -> Metric:
    return Metric(
        key=raw["key"],
        value=float(raw.get("value", 0.0)),
        dataset_name=raw.get("dataset_name") or None,
        dataset_digest=raw.get("dataset_digest") or None,
    )


def _dataset(raw: Json) -> Dataset:
    dataset = raw.get("dataset", {})
    return Dataset(
        name=dataset.get("name", ""),
        digest=dataset.get("digest", ""),
        context=_pairs(raw.get("tags", [])).get(CONTEXT_TAG, ""),
    )


def _pairs(raw: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {item["key"]: item.get("value", "") for item in raw}


def _moment(milliseconds: object) -> datetime | None:
    if not isinstance(milliseconds, int | str) or not milliseconds:
        return None
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
