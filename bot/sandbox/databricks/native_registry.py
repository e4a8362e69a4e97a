"""Unity Catalog's own registry paths, as databricks-sdk and MLflow's native store use them."""

from bot.sandbox.databricks.bodies import JsonObject, objects, optional_text, required_text
from bot.sandbox.databricks.errors import invalid
from bot.sandbox.databricks.grants import Privilege
from bot.sandbox.databricks.model_versions import ModelVersions
from bot.sandbox.databricks.native_json import (
    alias_info,
    model_info,
    version_info,
    whole_version_info,
)
from bot.sandbox.databricks.registered_models import RegisteredModels, bounded_page, next_page
from bot.sandbox.databricks.registry_call import Call, CatalogCall

PREFIX = "/api/2.1/unity-catalog/"
MODEL, VERSION = "models/{full_name}", "models/{full_name}/versions/{version}"
ALIAS = "models/{full_name}/aliases/{alias}"
_LIST_DEFAULT = 100


class NativeRegistry:
    """Calls in the catalog's own terms; they work on the same models as the legacy paths."""

    def __init__(self, models: RegisteredModels, versions: ModelVersions) -> None:
        self._models = models
        self._versions = versions
        self._depends: dict[tuple[str, str], object] = {}

    def calls(self) -> list[CatalogCall]:
        """Return each call with its method, path and the privilege that it needs."""
        tags = "tags/FUNCTION/{full_name}"
        table: list[tuple[str, str, Call, Privilege | None]] = [
            ("GET", "models", self._list, None),
            ("POST", "models", self._create, None),
            ("POST", "models/versions", self._create_version, None),
            ("GET", MODEL, self._get, Privilege.EXECUTE),
            ("PATCH", MODEL, self._update, Privilege.MANAGE),
            ("DELETE", MODEL, self._delete, Privilege.MANAGE),
            ("GET", f"{MODEL}/versions", self._list_versions, Privilege.EXECUTE),
            ("GET", VERSION, self._get_version, Privilege.EXECUTE),
            ("PATCH", VERSION, self._update_version, Privilege.MANAGE),
            ("DELETE", VERSION, self._delete_version, Privilege.MANAGE),
            ("PATCH", f"{VERSION}/finalize", self._finalize, Privilege.EXECUTE),
            ("GET", ALIAS, self._by_alias, Privilege.EXECUTE),
            ("PUT", ALIAS, self._set_alias, Privilege.MANAGE),
            ("DELETE", ALIAS, self._delete_alias, Privilege.MANAGE),
            ("PATCH", f"securable-{tags}", self._tag, Privilege.APPLY_TAG),
            ("PATCH", f"subentity-{tags}/{{version}}", self._tag, Privilege.APPLY_TAG),
            ("POST", "temporary-model-version-credentials", self._credentials, None),
        ]
        return [
            CatalogCall(verb=verb, path=PREFIX + path, call=call, privilege=privilege)
            for verb, path, call, privilege in table
        ]

    def _list(self, params: JsonObject) -> JsonObject:
        place = [optional_text(params, key) for key in ("catalog_name", "schema_name")]
        if any(place) and not all(place):
            raise invalid("catalog_name and schema_name must be specified together.")
        found, token = self._models.page(
            bounded_page(params, _LIST_DEFAULT),
            optional_text(params, "page_token"),
            f"{place[0]}.{place[1]}." if all(place) else "",
        )
        shown = [model_info(model, with_aliases=False, with_tags=False) for model in found]
        return {"registered_models": shown} | next_page(token)

    def _create(self, params: JsonObject) -> JsonObject:
        name = _placed(params, "name")
        self._models.create({**params, "name": name, "description": params.get("comment")})
        return self._get({"full_name": name})

    def _get(self, params: JsonObject) -> JsonObject:
        model = self._models.find(_name(params))
        return model_info(model, with_aliases=_wants_aliases(params), with_tags=True)

    def _update(self, params: JsonObject) -> JsonObject:
        asked = _named(params)
        if "comment" in params:
            asked["description"] = params["comment"]
        new_name = optional_text(params, "new_name")
        if new_name:
            new_name = ".".join([*str(asked["name"]).split(".")[:2], new_name.split(".")[-1]])
            asked["new_name"] = new_name
        self._models.update(asked)
        return self._get({"full_name": new_name or asked["name"]})

    def _delete(self, params: JsonObject) -> JsonObject:
        return self._models.delete(_named(params))

    def _list_versions(self, params: JsonObject) -> JsonObject:
        name = _name(params)
        self._models.find(name)
        asked = {**params, "filter": f"name='{name}'"}
        found = self._versions.page(asked, bounded_page(params, _LIST_DEFAULT))
        shown = [version_info(version, self._versions.status(version)) for version in found]
        return {"model_versions": shown} | next_page(found.token)

    def _get_version(self, params: JsonObject) -> JsonObject:
        version, status, logged = self._versions.whole(_named(params))
        shown = whole_version_info(version, status, logged, with_aliases=_wants_aliases(params))
        depends = self._depends.get((version.name, str(version.version)))
        return {**shown, **({"model_version_dependencies": depends} if depends else {})}

    def _by_alias(self, params: JsonObject) -> JsonObject:
        version = self._models.aliased(_name(params), required_text(params, "alias"))
        return self._get_version({**params, "version": version})

    def _create_version(self, params: JsonObject) -> JsonObject:
        name = _placed(params, "model_name")
        created = self._versions.register(
            {**params, "name": name, "description": params.get("comment")}
        )
        version = str(created.version)
        self._depends[name, version] = params.get("model_version_dependencies")
        return self._get_version({"full_name": name, "version": version})

    def _update_version(self, params: JsonObject) -> JsonObject:
        self._versions.update({**_named(params), "description": params.get("comment")})
        return self._get_version(params)

    def _finalize(self, params: JsonObject) -> JsonObject:
        self._versions.finalize(_named(params))
        return self._get_version(params)

    def _delete_version(self, params: JsonObject) -> JsonObject:
        return self._versions.delete(_named(params))

    def _set_alias(self, params: JsonObject) -> JsonObject:
        alias, version = required_text(params, "alias"), required_text(params, "version_num")
        self._models.set_alias({"name": _name(params), "alias": alias, "version": version})
        return alias_info(_name(params), alias, version)

    def _delete_alias(self, params: JsonObject) -> JsonObject:
        return self._models.delete_alias(_named(params) | {"alias": params["alias"]})

    def _tag(self, params: JsonObject) -> JsonObject:
        """Add and remove tags of a model, or of its version where the path names one."""
        owner = self._versions if "version" in params else self._models
        changes, named = params.get("changes"), _named(params)
        if not isinstance(changes, dict):
            raise invalid("Missing required field: changes")
        for tag in objects(changes.get("add_tags"), "add_tags"):
            owner.set_tag({**named, "key": tag.get("key"), "value": tag.get("value")})
        removed = changes.get("remove") or []
        for key in removed if isinstance(removed, list) else []:
            owner.delete_tag({**named, "key": key})
        return {}

    def _credentials(self, params: JsonObject) -> JsonObject:
        name = _placed(params, "model_name")
        return self._versions.storage_credentials({"name": name, "version": params.get("version")})


def _named(params: JsonObject) -> JsonObject:
    """Return the parameters by which the legacy calls name a model, and its version if any."""
    named: JsonObject = {"name": _name(params)}
    return named | ({"version": str(params["version"])} if "version" in params else {})


def _name(params: JsonObject) -> str:
    return required_text(params, "full_name")


def _placed(params: JsonObject, key: str) -> str:
    parts = (required_text(params, part) for part in ("catalog_name", "schema_name", key))
    return ".".join(parts)


def _wants_aliases(params: JsonObject) -> bool:
    return str(params.get("include_aliases")).lower() == "true"
