"""The registry of Unity Catalog, by the paths that MLflow's own client uses."""

from collections.abc import Mapping
from typing import Any

from bot.adapters.databricks_client import DatabricksClient, Json
from bot.adapters.mlflow_json import model_from, run_from, version_from, with_logged
from bot.adapters.registry_reading import PAGE, VERSIONS_PAGE, every_page, quotable
from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.names import AliasName, ModelName
from bot.domain.registry import ModelVersion, RegisteredModel, Run

UC = "/api/2.0/mlflow/unity-catalog"
MLFLOW = "/api/2.0/mlflow"


class UnityCatalog:
    """Reads and writes registered models, and reads the runs behind them.

    Unity Catalog knows neither filters by tag nor an order of its own; names are exact.
    """

    def __init__(self, client: DatabricksClient) -> None:
        self._client = client

    async def models(self) -> tuple[RegisteredModel, ...]:
        """Return every registered model, by name, without aliases.

        Pages are offsets and no snapshot, so that a model may come twice; it is returned once.
        """
        path = f"{UC}/registered-models/search"
        found = await self._pages(path, {"max_results": PAGE}, "registered_models")
        with self._client.reading():
            models = {raw["name"]: model_from(raw) for raw in found}
        return tuple(models[name] for name in sorted(models))

    async def model(self, name: ModelName) -> RegisteredModel:
        """Return a model with all its aliases; ``NotFoundError`` when there is none."""
        answer = await self._client.get(f"{UC}/registered-models/get", {"name": name})
        with self._client.reading():
            return model_from(answer["registered_model"])

    async def versions(self, name: ModelName) -> tuple[ModelVersion, ...]:
        """Return the versions of a model, newest first, without tags and metrics."""
        query = {
            "filter": f"name='{quotable(self._client.name, name)}'",
            "max_results": VERSIONS_PAGE,
        }
        found = await self._pages(f"{UC}/model-versions/search", query, "model_versions")
        with self._client.reading():
            versions = {version.version: version for version in map(version_from, found)}
        return tuple(versions[number] for number in sorted(versions, reverse=True))

    async def version(self, name: ModelName, version: int) -> ModelVersion:
        """Return one version whole; ``NotFoundError`` when there is none."""
        query = {"name": name, "version": str(version)}
        answer = await self._client.get(f"{UC}/model-versions/get", query)
        with self._client.reading():
            found = version_from(answer["model_version"])
        if found.model_id is None or found.metrics:
            return found
        return await self._with_logged(found, found.model_id)

    async def set_alias(self, name: ModelName, alias: AliasName, version: int | None) -> None:
        """Let an alias name a version, or nothing when ``version`` is None."""
        path = f"{UC}/registered-models/alias"
        if version is not None:
            body = {"name": name, "alias": alias, "version": str(version)}
            await self._client.send("POST", path, body)
            return
        try:
            await self._client.send("DELETE", path, {"name": name, "alias": alias})
        except (NotFoundError, BackEndRefusedError):
            if alias in (await self.model(name)).aliases:
                raise

    async def set_tags(self, name: ModelName, version: int, tags: Mapping[str, str | None]) -> None:
        """Set tags of a version one by one; None takes a tag away. Other tags stay."""
        for key, value in sorted(tags.items()):
            body = {"name": name, "version": str(version), "key": key}
            if value is None:
                await self._delete_tag(name, version, body)
            else:
                path = f"{UC}/model-versions/set-tag"
                await self._client.send("POST", path, {**body, "value": value})

    async def run(self, run_id: str) -> Run:
        """Return a run; ``NotFoundError`` when there is none."""
        answer = await self._client.get(f"{MLFLOW}/runs/get", {"run_id": run_id})
        with self._client.reading():
            return run_from(answer["run"])

    async def _delete_tag(self, name: ModelName, version: int, body: Json) -> None:
        try:
            await self._client.send("DELETE", f"{UC}/model-versions/delete-tag", body)
        except (NotFoundError, BackEndRefusedError):
            if body["key"] in (await self.version(name, version)).tags:
                raise

    async def _with_logged(self, version: ModelVersion, model_id: str) -> ModelVersion:
        """Add what the logged model knows where the catalog does not repeat it.

        A logged model that is gone or closed adds nothing: its metrics then count as missing.
        """
        path = f"{MLFLOW}/logged-models/{self._client.segment(model_id)}"
        try:
            answer = await self._client.get(path)
        except (NotFoundError, BackEndRefusedError):
            return version
        with self._client.reading():
            return with_logged(version, answer["model"])

    async def _pages(self, path: str, query: Mapping[str, Any], key: str) -> list[Json]:
        async def page(token: str) -> tuple[list[Json], str]:
            asked = {**query, "page_token": token} if token else query
            answer = await self._client.get(path, asked)
            with self._client.reading():
                return list(answer.get(key) or []), str(answer.get("next_page_token") or "")

        return await every_page(self._client.name, page)
