"""Model versions and their tags, as Unity Catalog's legacy paths offer them."""

import re
import secrets
import time
from typing import Any

from bot.sandbox.databricks.bodies import JsonObject, objects, optional_text, required_text
from bot.sandbox.databricks.errors import invalid
from bot.sandbox.databricks.mlflow_stores import MlflowStores, mlflow_module
from bot.sandbox.databricks.registered_models import (
    RegisteredModels,
    full_name,
    next_page,
    page_size,
    refuse,
)
from bot.sandbox.databricks.registry_json import storage_location, version_json, version_summary
from bot.sandbox.databricks.signed_storage import LIFETIME_S

_FILTER = re.compile(r"\s*(name|run_id)\s*=\s*(?:'([^']*)'|\"([^\"]*)\")\s*")
_DEFAULT_PAGE = 10_000


class ModelVersions:
    """Calls on model versions; each takes the call's parameters and returns its answer."""

    def __init__(self, stores: MlflowStores, models: RegisteredModels) -> None:
        self._stores = stores
        self._store = stores.registry
        self._entities = mlflow_module("entities.model_registry")
        self._models = models
        self._unfinished: set[tuple[str, str]] = set()

    def get(self, params: JsonObject) -> JsonObject:
        """Return one version."""
        return {"model_version": version_json(*self.whole(params))}

    def whole(self, params: JsonObject) -> tuple[Any, str, Any]:
        """Return one version, its status and its logged model."""
        found = self._store.get_model_version(*_named(params))
        return found, self.status(found), self._stores.logged_model(found)

    def get_by_alias(self, params: JsonObject) -> JsonObject:
        """Return the version that an alias names."""
        name = full_name(params)
        version = self._models.aliased(name, required_text(params, "alias"))
        return self.get({"name": name, "version": version})

    def search(self, params: JsonObject) -> JsonObject:
        """Return one page of a model's or a run's versions."""
        found = self.page(params, page_size(params, _DEFAULT_PAGE))
        versions = [version_summary(version, self.status(version)) for version in found]
        return {"model_versions": versions} | next_page(found.token)

    def page(self, params: JsonObject, size: int) -> Any:
        """Return one page of versions, newest first, as MLflow's paged list."""
        refuse(params, "order_by")
        return self._store.search_model_versions(
            filter_string=_plain_filter(optional_text(params, "filter") or ""),
            max_results=size,
            order_by=["version_number DESC"],
            page_token=optional_text(params, "page_token") or None,
        )

    def create(self, params: JsonObject) -> JsonObject:
        """Register a version; its files are uploaded next, then `finalize` makes it ready."""
        created = self.register(params)
        return self.get({"name": created.name, "version": str(created.version)})

    def register(self, params: JsonObject) -> Any:
        """Register a version that is not ready yet, and return it."""
        tags = [
            self._entities.ModelVersionTag(
                required_text(tag, "key"), optional_text(tag, "value") or ""
            )
            for tag in objects(params.get("tags"), "tags")
        ]
        model_id = optional_text(params, "model_id")
        created = self._store.create_model_version(
            full_name(params),
            source=f"mlflow-artifacts:/uploads/{secrets.token_hex(16)}",
            run_id=optional_text(params, "run_id") or None,
            tags=tags,
            run_link=f"models:/{model_id}" if model_id else required_text(params, "source"),
            description=optional_text(params, "description"),
        )
        self._unfinished.add((created.name, str(created.version)))
        return created

    def finalize(self, params: JsonObject) -> JsonObject:
        """Make a version ready once its files are there."""
        self._unfinished.discard(_named(params))
        return self.get(params)

    def update(self, params: JsonObject) -> JsonObject:
        """Change a version's description."""
        name, version = _named(params)
        self._store.update_model_version(name, version, optional_text(params, "description"))
        return self.get(params)

    def delete(self, params: JsonObject) -> JsonObject:
        """Delete a version and with it its aliases."""
        self._store.delete_model_version(*_named(params))
        return {}

    def download_uri(self, params: JsonObject) -> JsonObject:
        """Return the cloud address of a version's files."""
        name, version = _named(params)
        self._store.get_model_version(name, version)
        return {"artifact_uri": storage_location(name, version)}

    def temporary_credentials(self, params: JsonObject) -> JsonObject:
        """Return how a version's files are reached."""
        return {"credentials": self.storage_credentials(params)}

    def storage_credentials(self, params: JsonObject) -> JsonObject:
        """Return that the files lie in the platform's storage, behind signed addresses."""
        self._store.get_model_version(*_named(params))
        expires = round((time.time() + LIFETIME_S) * 1000)
        return {"storage_mode": "DEFAULT_STORAGE", "expiration_time": expires}

    def emit_lineage(self, params: JsonObject) -> JsonObject:
        """Take the note of a client that it reads a version."""
        self._store.get_model_version(*_named(params))
        return {}

    def set_tag(self, params: JsonObject) -> JsonObject:
        """Set a version's tag."""
        tag = self._entities.ModelVersionTag(
            required_text(params, "key"), optional_text(params, "value") or ""
        )
        self._store.set_model_version_tag(*_named(params), tag)
        return {}

    def delete_tag(self, params: JsonObject) -> JsonObject:
        """Delete a version's tag."""
        self._store.delete_model_version_tag(*_named(params), required_text(params, "key"))
        return {}

    def status(self, version: Any) -> str:
        """Return whether a version's files are all there."""
        unfinished = (version.name, str(version.version)) in self._unfinished
        return "PENDING_REGISTRATION" if unfinished else "READY"


def _named(params: JsonObject) -> tuple[str, str]:
    version = required_text(params, "version")
    if not version.isascii() or not version.isdecimal():
        raise invalid(f"'{version}' is not a valid model version number.")
    return full_name(params), version


def _plain_filter(given: str) -> str:
    """Return MLflow's form of the two filters that the catalog knows."""
    found = _FILTER.fullmatch(given)
    if found is None:
        raise invalid(f"Unsupported filter: {given!r}; only name='…' and run_id='…' are supported.")
    field, single, double = found.groups()
    if field == "name":
        full_name({"name": single or double})
    return f"{field}='{single or double}'"
