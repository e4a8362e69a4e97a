"""Registered models and versions in the flat form of Unity Catalog's own paths."""

import hashlib
from typing import Any

from bot.sandbox.databricks.bodies import JsonObject
from bot.sandbox.databricks.mlflow_stores import version_source
from bot.sandbox.databricks.registry_json import OWNER, logged_fields, storage_location, tag_list

METASTORE_ID = "2f1c5d7e-0000-4000-8000-000000000001"


def model_info(model: Any, *, with_aliases: bool, with_tags: bool) -> JsonObject:
    """Return a model; a list shows neither aliases nor tags."""
    aliases = [
        _alias(model.name, alias, version) for alias, version in sorted(model.aliases.items())
    ]
    return {
        **_place(model.name, "name"),
        **_record(model, model.name),
        "full_name": model.name,
        "owner": OWNER,
        "comment": model.description or "",
        "storage_location": f"s3://acme-unity-catalog/models/{model.name.replace('.', '/')}",
        **({"aliases": aliases} if with_aliases else {}),
        **({"tags": tag_list(model.tags)} if with_tags else {}),
    }


def version_info(version: Any, status: str) -> JsonObject:
    """Return a version as a list shows it."""
    return {
        **_place(version.name, "model_name"),
        **_record(version, f"{version.name}/{version.version}"),
        "version": int(version.version),
        "comment": version.description or "",
        "source": version_source(version),
        "run_id": version.run_id or "",
        "status": status,
        "storage_location": storage_location(version.name, version.version),
    }


def whole_version_info(version: Any, status: str, logged: Any, *, with_aliases: bool) -> JsonObject:
    """Return a version with its tags and what its logged model knows of it."""
    aliases = [_alias(version.name, alias, version.version) for alias in sorted(version.aliases)]
    return {
        **version_info(version, status),
        **({"aliases": aliases} if with_aliases else {}),
        "tags": tag_list(version.tags),
        **({} if logged is None else logged_fields(logged)),
    }


def alias_info(full_name: str, alias: str, version: object) -> JsonObject:
    """Return an alias as the answer to the call that set it."""
    return _alias(full_name, alias, version)


def _alias(full_name: str, alias: str, version: object) -> JsonObject:
    place = _place(full_name, "model_name")
    return {"alias_name": alias, "version_num": int(str(version)), **place}


def _place(full_name: str, key: str) -> JsonObject:
    catalog, schema, model = full_name.split(".", 2)
    return {"catalog_name": catalog, "schema_name": schema, key: model}


def _record(entity: Any, identity: str) -> JsonObject:
    return {
        "created_at": entity.creation_timestamp,
        "created_by": OWNER,
        "updated_at": entity.last_updated_timestamp,
        "updated_by": OWNER,
        "metastore_id": METASTORE_ID,
        "id": hashlib.sha256(identity.encode()).hexdigest()[:32],
    }
