"""Registered models, their aliases and tags, as Unity Catalog's legacy paths offer them."""

import re
from threading import Lock
from typing import Any

from bot.sandbox.databricks.bodies import JsonObject, objects, optional_text, required_text
from bot.sandbox.databricks.errors import invalid, not_found
from bot.sandbox.databricks.grants import Grants, Privilege
from bot.sandbox.databricks.mlflow_stores import MlflowStores, mlflow_module
from bot.sandbox.databricks.registry_json import model_json, model_summary

_THREE_LEVELS = re.compile(r"[^./\s]+\.[^./\s]+\.[^./\s]+")
_DEFAULT_PAGE, _LARGEST_PAGE = 100, 1000


def full_name(params: JsonObject) -> str:
    """Return the model name of a call.

    Raises:
        ApiError: If it is not `catalog.schema.model`.
    """
    name = required_text(params, "name")
    if not _THREE_LEVELS.fullmatch(name):
        raise invalid(f"'{name}' is not a valid name: expected catalog.schema.model")
    return name


def page_size(params: JsonObject, default: int) -> int:
    """Return the page size that a search asks for.

    Raises:
        ApiError: If it is not a number.
    """
    asked = str(params.get("max_results") or default)
    if not asked.isascii() or not asked.isdecimal():
        raise invalid("max_results must be a positive integer")
    return int(asked)


def bounded_page(params: JsonObject, default: int) -> int:
    """Return the page size of a list on the catalog's own paths; 0 asks for the default.

    Source: databricks-sdk, `RegisteredModelsAPI.list`: more than 1000 is taken as 1000.

    Raises:
        ApiError: If it is negative or not a number.
    """
    return min(page_size(params, default) or default, _LARGEST_PAGE)


def next_page(token: str | bytes | None) -> JsonObject:
    """Return the field that leads to the next page; MLflow's tokens are text or bytes."""
    if not token:
        return {}
    return {"next_page_token": token.decode() if isinstance(token, bytes) else token}


def refuse(params: JsonObject, *unsupported: str) -> None:
    """Refuse search arguments that the catalog does not take.

    Raises:
        ApiError: If one of them is given.
    """
    for argument in unsupported:
        if params.get(argument):
            raise invalid(f"Argument '{argument}' is unsupported for models in the Unity Catalog.")


class RegisteredModels:
    """Calls on registered models; each takes the call's parameters and returns its answer."""

    def __init__(self, stores: MlflowStores, grants: Grants) -> None:
        self._store = stores.registry
        self._grants = grants
        self._entities = mlflow_module("entities.model_registry")
        # Two writers of one alias meet a constraint in MLflow's own store; here the last one wins.
        self._aliases = Lock()

    def get(self, params: JsonObject) -> JsonObject:
        """Return one model."""
        return {"registered_model": model_json(self.find(full_name(params)))}

    def search(self, params: JsonObject) -> JsonObject:
        """Return one page of models, by name."""
        refuse(params, "filter", "order_by")
        size, token = page_size(params, _DEFAULT_PAGE), optional_text(params, "page_token")
        found, following = self.page(size, token)
        models = [model_summary(model) for model in found]
        return {"registered_models": models} | next_page(following)

    def page(
        self, size: int, token: str | None, prefix: str = ""
    ) -> tuple[list[Any], str | bytes | None]:
        """Return the visible models of one page, which may be none, and the next page's token."""
        found = self._store.search_registered_models(
            filter_string=f"name LIKE '{prefix.replace(chr(39), '')}%'" if prefix else None,
            max_results=size,
            order_by=["name ASC"],
            page_token=token or None,
        )
        shown = [
            model
            for model in found
            if model.name.startswith(prefix) and self._grants.may(model.name, Privilege.EXECUTE)
        ]
        return shown, found.token

    def create(self, params: JsonObject) -> JsonObject:
        """Create a model without versions."""
        tags = [
            self._entities.RegisteredModelTag(
                required_text(tag, "key"), optional_text(tag, "value") or ""
            )
            for tag in objects(params.get("tags"), "tags")
        ]
        name, description = full_name(params), optional_text(params, "description")
        created = self._store.create_registered_model(name, tags, description)
        return {"registered_model": model_json(created)}

    def update(self, params: JsonObject) -> JsonObject:
        """Change a model's name or description."""
        name, new_name = full_name(params), optional_text(params, "new_name")
        if new_name:
            new_name = full_name({"name": new_name})
            self._store.rename_registered_model(name, new_name)
        if "description" in params:
            description = optional_text(params, "description")
            self._store.update_registered_model(new_name or name, description)
        return self.get({"name": new_name or name})

    def delete(self, params: JsonObject) -> JsonObject:
        """Delete a model with all its versions."""
        self._store.delete_registered_model(full_name(params))
        return {}

    def set_alias(self, params: JsonObject) -> JsonObject:
        """Point an alias at a version; the last write wins."""
        name, alias = full_name(params), required_text(params, "alias")
        self.find(name)
        with self._aliases:
            self._store.set_registered_model_alias(name, alias, required_text(params, "version"))
        return {}

    def delete_alias(self, params: JsonObject) -> JsonObject:
        """Delete an alias."""
        name, alias = full_name(params), required_text(params, "alias")
        with self._aliases:
            self.aliased(name, alias)
            self._store.delete_registered_model_alias(name, alias)
        return {}

    def set_tag(self, params: JsonObject) -> JsonObject:
        """Set a model's tag."""
        tag = self._entities.RegisteredModelTag(
            required_text(params, "key"), optional_text(params, "value") or ""
        )
        self._store.set_registered_model_tag(full_name(params), tag)
        return {}

    def delete_tag(self, params: JsonObject) -> JsonObject:
        """Delete a model's tag."""
        self._store.delete_registered_model_tag(full_name(params), required_text(params, "key"))
        return {}

    def find(self, name: str) -> Any:
        """Return the model of that exact name."""
        full_name({"name": name})
        return self._store.get_registered_model(name)

    def aliased(self, name: str, alias: str) -> str:
        """Return the version that an alias names; upper and lower case differ.

        Raises:
            ApiError: If the model has no such alias.
        """
        version = self.find(name).aliases.get(alias)
        if version is None:
            raise not_found(f"Alias '{alias}' does not exist for registered model '{name}'.")
        return str(version)
