"""Registered models and versions in the wire form of the Unity Catalog paths."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.databricks.bodies import JsonObject
from bot.sandbox.databricks.mlflow_stores import version_source

OWNER = "ml-platform@acme.example"


def model_summary(model: Any) -> JsonObject:
    """Return a model as a search shows it: without aliases and tags."""
    return {
        "name": model.name,
        "creation_timestamp": model.creation_timestamp,
        "last_updated_timestamp": model.last_updated_timestamp,
        "user_id": OWNER,
        "description": model.description or "",
    }


def model_json(model: Any) -> JsonObject:
    """Return a model with its aliases and tags."""
    return {
        **model_summary(model),
        "aliases": [
            {"alias": alias, "version": str(version)}
            for alias, version in sorted(model.aliases.items())
        ],
        "tags": tag_list(model.tags),
    }


def version_summary(version: Any, status: str) -> JsonObject:
    """Return a version as a search shows it: without aliases, tags and metrics."""
    return {
        "name": version.name,
        "version": str(version.version),
        "creation_timestamp": version.creation_timestamp,
        "last_updated_timestamp": version.last_updated_timestamp,
        "user_id": version.user_id or OWNER,
        "description": version.description or "",
        "source": version_source(version),
        "run_id": version.run_id or "",
        "status": status,
        "storage_location": storage_location(version.name, version.version),
    }


def version_json(version: Any, status: str, logged: Any) -> JsonObject:
    """Return a version with aliases, tags and what its logged model knows of it."""
    return {
        **version_summary(version, status),
        "aliases": [
            {"alias": alias, "version": str(version.version)} for alias in sorted(version.aliases)
        ],
        "tags": tag_list(version.tags),
        **({} if logged is None else logged_fields(logged)),
    }


def storage_location(name: str, version: object) -> str:
    """Return the cloud address that the catalog would name for a version."""
    return f"s3://acme-unity-catalog/models/{name.replace('.', '/')}/{version}"


def logged_fields(logged: Any) -> JsonObject:
    """Return what a logged model tells of the version made from it."""
    return {
        "model_id": logged.model_id,
        "model_params": [
            {"name": name, "value": value} for name, value in sorted((logged.params or {}).items())
        ],
        "model_metrics": [
            {
                "key": metric.key,
                "value": metric.value,
                "timestamp": metric.timestamp,
                "step": metric.step,
                "dataset_name": metric.dataset_name or "",
                "dataset_digest": metric.dataset_digest or "",
                "model_id": logged.model_id,
                "run_id": metric.run_id or "",
            }
            for metric in logged.metrics or []
        ],
    }


def tag_list(tags: Mapping[str, str]) -> list[JsonObject]:
    """Return tags in the order of their keys."""
    return [{"key": key, "value": value} for key, value in sorted(tags.items())]
