"""The Unity Catalog registry paths: those of MLflow's legacy store and the catalog's own."""

from starlette.routing import Route

from bot.sandbox.databricks.bodies import JsonObject
from bot.sandbox.databricks.grants import Grants, Privilege
from bot.sandbox.databricks.mlflow_stores import MlflowStores
from bot.sandbox.databricks.model_versions import ModelVersions
from bot.sandbox.databricks.native_registry import NativeRegistry
from bot.sandbox.databricks.registered_models import RegisteredModels
from bot.sandbox.databricks.registry_call import Call, CatalogCall

_PREFIX = "/api/2.0/mlflow/unity-catalog/"


def registry_routes(stores: MlflowStores, grants: Grants) -> list[Route]:
    """Return the routes for registered models and model versions."""
    models = RegisteredModels(stores, grants)
    versions = ModelVersions(stores, models)
    calls = [*_legacy(models, versions), *NativeRegistry(models, versions).calls()]
    return [call.route(grants) for call in calls]


def _legacy(models: RegisteredModels, versions: ModelVersions) -> list[CatalogCall]:
    table: list[tuple[str, str, Call, Privilege | None]] = [
        ("GET", "registered-models/get", models.get, Privilege.EXECUTE),
        ("GET", "registered-models/search", models.search, None),
        ("POST", "registered-models/create", models.create, None),
        ("PATCH", "registered-models/update", models.update, Privilege.MANAGE),
        ("DELETE", "registered-models/delete", models.delete, Privilege.MANAGE),
        ("GET", "registered-models/alias", versions.get_by_alias, Privilege.EXECUTE),
        ("POST", "registered-models/alias", models.set_alias, Privilege.MANAGE),
        ("DELETE", "registered-models/alias", models.delete_alias, Privilege.MANAGE),
        ("POST", "registered-models/set-tag", models.set_tag, Privilege.APPLY_TAG),
        ("DELETE", "registered-models/delete-tag", models.delete_tag, Privilege.APPLY_TAG),
        ("GET", "model-versions/get", versions.get, Privilege.EXECUTE),
        ("GET", "model-versions/search", versions.search, None),
        ("POST", "model-versions/create", versions.create, None),
        ("POST", "model-versions/finalize", versions.finalize, None),
        ("PATCH", "model-versions/update", versions.update, Privilege.MANAGE),
        ("DELETE", "model-versions/delete", versions.delete, Privilege.MANAGE),
        ("GET", "model-versions/get-download-uri", versions.download_uri, Privilege.EXECUTE),
        (
            "POST",
            "model-versions/generate-temporary-credentials",
            versions.temporary_credentials,
            Privilege.EXECUTE,
        ),
        ("POST", "model-versions/set-tag", versions.set_tag, Privilege.APPLY_TAG),
        ("DELETE", "model-versions/delete-tag", versions.delete_tag, Privilege.APPLY_TAG),
        ("POST", "model-versions/emit-lineage", versions.emit_lineage, Privilege.EXECUTE),
        (
            "GET",
            "registered-models:is-databricks-sdk-models-artifact-repository-enabled",
            _files_api_enabled,
            None,
        ),
    ]
    return [
        CatalogCall(verb=verb, path=_PREFIX + path, call=call, privilege=privilege)
        for verb, path, call, privilege in table
    ]


def _files_api_enabled(_: JsonObject) -> JsonObject:
    return {"is_databricks_sdk_models_artifact_repository_enabled": True}
