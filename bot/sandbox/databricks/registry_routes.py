"""The Unity Catalog registry paths that MLflow's own client uses (its legacy store)."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.bodies import JsonObject, json_object
from bot.sandbox.databricks.mlflow_stores import MlflowStores, mlflow_refusals
from bot.sandbox.databricks.model_versions import ModelVersions
from bot.sandbox.databricks.registered_models import RegisteredModels

Call = Callable[[JsonObject], JsonObject]
_PREFIX = "/api/2.0/mlflow/unity-catalog/"


def registry_routes(stores: MlflowStores) -> list[Route]:
    """Return the routes for registered models and model versions."""
    models = RegisteredModels(stores)
    versions = ModelVersions(stores, models)
    table: list[tuple[str, str, Call]] = [
        ("GET", "registered-models/get", models.get),
        ("GET", "registered-models/search", models.search),
        ("POST", "registered-models/create", models.create),
        ("PATCH", "registered-models/update", models.update),
        ("DELETE", "registered-models/delete", models.delete),
        ("GET", "registered-models/alias", versions.get_by_alias),
        ("POST", "registered-models/alias", models.set_alias),
        ("DELETE", "registered-models/alias", models.delete_alias),
        ("POST", "registered-models/set-tag", models.set_tag),
        ("DELETE", "registered-models/delete-tag", models.delete_tag),
        ("GET", "model-versions/get", versions.get),
        ("GET", "model-versions/search", versions.search),
        ("POST", "model-versions/create", versions.create),
        ("POST", "model-versions/finalize", versions.finalize),
        ("PATCH", "model-versions/update", versions.update),
        ("DELETE", "model-versions/delete", versions.delete),
        ("GET", "model-versions/get-download-uri", versions.download_uri),
        ("POST", "model-versions/generate-temporary-credentials", versions.temporary_credentials),
        ("POST", "model-versions/set-tag", versions.set_tag),
        ("DELETE", "model-versions/delete-tag", versions.delete_tag),
        (
            "GET",
            "registered-models:is-databricks-sdk-models-artifact-repository-enabled",
            _files_api_enabled,
        ),
    ]
    return [Route(_PREFIX + path, _endpoint(call), methods=[verb]) for verb, path, call in table]


def _endpoint(call: Call) -> Callable[..., object]:
    async def answer(request: Request) -> Response:
        params: JsonObject = {**request.query_params, **await json_object(request)}
        return JSONResponse(await asyncio.to_thread(_refused_like_mlflow, call, params))

    return answer


def _refused_like_mlflow(call: Call, params: JsonObject) -> JsonObject:
    with mlflow_refusals():
        return call(params)


def _files_api_enabled(_: JsonObject) -> JsonObject:
    return {"is_databricks_sdk_models_artifact_repository_enabled": True}
