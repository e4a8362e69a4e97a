"""The registry and the runs of a SQLite file of MLflow's, or of an MLflow server."""

from collections.abc import Mapping

from bot.adapters.mlflow_calls import MlflowCalls
from bot.adapters.mlflow_json import Raw, model_from, run_from, version_from, with_logged
from bot.adapters.registry_reading import PAGE, VERSIONS_PAGE, every_page, quotable, reading
from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.names import AliasName, ModelName
from bot.domain.registry import ModelVersion, RegisteredModel, Run


class MlflowRegistry:
    """Reads and writes registered models, and reads the runs behind them."""

    def __init__(self, calls: MlflowCalls) -> None:
        self._calls = calls

    async def models(self) -> tuple[RegisteredModel, ...]:
        """Return every registered model, by name; pages are no snapshot, each comes once."""

        async def page(token: str) -> tuple[list[Raw], str]:
            return await self._calls.page(
                lambda mlflow: mlflow.search_registered_models(
                    max_results=PAGE, page_token=token or None
                )
            )

        found = await every_page(self._calls.name, page)
        with reading(self._calls.name):
            models = {raw["name"]: model_from(raw) for raw in found}
        return tuple(models[name] for name in sorted(models))

    async def model(self, name: ModelName) -> RegisteredModel:
        """Return a model with all its aliases; ``NotFoundError`` when there is none."""
        raw = await self._calls.one(lambda mlflow: mlflow.get_registered_model(name))
        with reading(self._calls.name):
            return model_from(_named(raw, name))

    async def versions(self, name: ModelName) -> tuple[ModelVersion, ...]:
        """Return the versions of a model, newest first, without metrics."""
        wanted = f"name='{quotable(self._calls.name, name)}'"

        async def page(token: str) -> tuple[list[Raw], str]:
            return await self._calls.page(
                lambda mlflow: mlflow.search_model_versions(
                    wanted, max_results=VERSIONS_PAGE, page_token=token or None
                )
            )

        found = await every_page(self._calls.name, page)
        with reading(self._calls.name):
            versions = {version.version: version for version in map(version_from, found)}
        return tuple(versions[number] for number in sorted(versions, reverse=True))

    async def version(self, name: ModelName, version: int) -> ModelVersion:
        """Return one version whole; ``NotFoundError`` when there is none."""
        raw = await self._calls.one(lambda mlflow: mlflow.get_model_version(name, str(version)))
        with reading(self._calls.name):
            found = version_from(_named(raw, name))
        return found if found.model_id is None else await self._with_logged(found, found.model_id)

    async def set_alias(self, name: ModelName, alias: AliasName, version: int | None) -> None:
        """Let an alias name a version, or nothing when ``version`` is None."""
        if version is None:
            await self._take_alias(name, alias)
            return
        await self._calls.write(
            lambda mlflow: mlflow.set_registered_model_alias(name, alias, str(version))
        )

    async def set_tags(self, name: ModelName, version: int, tags: Mapping[str, str | None]) -> None:
        """Set tags of a version one by one; None takes a tag away. Other tags stay."""
        for key, value in sorted(tags.items()):
            if value is None:
                await self._delete_tag(name, version, key)
            else:
                await self._set_tag(name, version, key, value)

    async def run(self, run_id: str) -> Run:
        """Return a run; ``NotFoundError`` when there is none."""
        raw = await self._calls.one(lambda mlflow: mlflow.get_run(run_id))
        with reading(self._calls.name):
            return run_from(raw)

    async def _take_alias(self, name: ModelName, alias: AliasName) -> None:
        try:
            await self._calls.write(
                lambda mlflow: mlflow.delete_registered_model_alias(name, alias)
            )
        except (NotFoundError, BackEndRefusedError):
            if alias in (await self.model(name)).aliases:
                raise

    async def _set_tag(self, name: ModelName, version: int, key: str, value: str) -> None:
        await self._calls.write(
            lambda mlflow: mlflow.set_model_version_tag(name, str(version), key, value)
        )

    async def _delete_tag(self, name: ModelName, version: int, key: str) -> None:
        try:
            await self._calls.write(
                lambda mlflow: mlflow.delete_model_version_tag(name, str(version), key)
            )
        except (NotFoundError, BackEndRefusedError):
            if key in (await self.version(name, version)).tags:
                raise

    async def _with_logged(self, version: ModelVersion, model_id: str) -> ModelVersion:
        """Add metrics and parameters; a logged model that is gone or closed has none."""
        try:
            raw = await self._calls.one(lambda mlflow: mlflow.get_logged_model(model_id))
        except (NotFoundError, BackEndRefusedError):
            return version
        with reading(self._calls.name):
            return with_logged(version, raw)


def _named(raw: Raw, name: ModelName) -> Raw:
    """Return what was answered if it is what was asked for; MLflow fills in empty names."""
    if raw["name"] != name:
        raise LookupError(name)
    return raw
