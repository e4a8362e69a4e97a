"""The endpoint as a document, in each state that an update takes it through."""

import hashlib
from typing import Any

from bot.sandbox.databricks.bodies import JsonObject, objects, required_text
from bot.sandbox.databricks.serving_config import CREATOR, Document, traffic_of, with_states

_CONFIG_FIELDS = frozenset({"config", "name"})
_SUMMARY_ENTITY_FIELDS = ("name", "entity_name", "entity_version")


def new_endpoint(name: str, body: JsonObject, at_ms: int) -> Document:
    """Return an endpoint that serves nothing yet; unknown fields of the call are kept."""
    return {
        **{key: value for key, value in body.items() if key not in _CONFIG_FIELDS},
        "name": name,
        "id": hashlib.sha256(name.encode()).hexdigest()[:32],
        "creator": CREATOR,
        "creation_timestamp": at_ms,
        "last_updated_timestamp": at_ms,
        "permission_level": "CAN_MANAGE",
        "tags": objects(body.get("tags"), "tags"),
        "state": {"ready": "NOT_READY", "config_update": "NOT_UPDATING"},
    }


def updating(endpoint: Document, config: Document, at_ms: int) -> Document:
    """Return the endpoint with a new configuration under way; the present one goes on serving."""
    version = endpoint.get("config", {}).get("config_version", 0) + 1
    creating = with_states(config, "DEPLOYMENT_CREATING", {})
    return {
        **endpoint,
        "pending_config": {**creating, "config_version": version, "start_time": at_ms},
        "state": {**endpoint["state"], "config_update": "IN_PROGRESS"},
        "last_updated_timestamp": at_ms,
    }


def updated(endpoint: Document) -> Document:
    """Return the endpoint with its pending configuration serving."""
    pending = {k: v for k, v in endpoint["pending_config"].items() if k != "start_time"}
    rest = {key: value for key, value in endpoint.items() if key != "pending_config"}
    return {
        **rest,
        "config": with_states(pending, "DEPLOYMENT_READY", {}),
        "state": {"ready": "READY", "config_update": "NOT_UPDATING"},
    }


def update_failed(endpoint: Document, reasons: dict[str, str]) -> Document:
    """Return the endpoint after a failure: what served before still serves, what failed is kept."""
    ready = with_states(endpoint["pending_config"], "DEPLOYMENT_ABORTED", {})
    failed = with_states(endpoint["pending_config"], "DEPLOYMENT_FAILED", reasons)
    entities = [
        bad if bad["name"] in reasons else good
        for bad, good in zip(failed["served_entities"], ready["served_entities"], strict=True)
    ]
    return {
        **endpoint,
        "pending_config": {**failed, "served_entities": entities},
        "state": {**endpoint["state"], "config_update": "UPDATE_FAILED"},
    }


def update_canceled(endpoint: Document) -> Document:
    """Return the endpoint after its update was canceled: what served before still serves."""
    aborted = with_states(endpoint["pending_config"], "DEPLOYMENT_ABORTED", {})
    return {
        **endpoint,
        "pending_config": aborted,
        "state": {**endpoint["state"], "config_update": "UPDATE_CANCELED"},
    }


def retagged(endpoint: Document, body: JsonObject) -> Document:
    """Return the endpoint with tags added and deleted."""
    deleted = body.get("delete_tags") or []
    tags = {tag["key"]: tag for tag in endpoint["tags"]}
    for tag in objects(body.get("add_tags"), "add_tags"):
        tags[required_text(tag, "key")] = tag
    kept = [tag for key, tag in tags.items() if not (isinstance(deleted, list) and key in deleted)]
    return {**endpoint, "tags": kept}


def summary(endpoint: Document) -> Document:
    """Return the endpoint as the list shows it: without traffic, version or pending change."""
    rest = {k: v for k, v in endpoint.items() if k not in {"config", "pending_config"}}
    entities = endpoint.get("config", {}).get("served_entities", [])
    specs = [{key: entity[key] for key in _SUMMARY_ENTITY_FIELDS} for entity in entities]
    return {**rest, "config": {"served_entities": specs}}


def truth(endpoint: Document) -> dict[str, Any]:
    """Return what the endpoint serves and what is under way, in few words."""
    config, pending = endpoint.get("config"), endpoint.get("pending_config")
    return {
        "state": endpoint["state"],
        "config_version": config["config_version"] if config else 0,
        "entities": _shares(config) if config else [],
        "pending": {"entities": _shares(pending)} if pending else None,
    }


def _shares(config: Document) -> list[dict[str, Any]]:
    traffic = traffic_of(config)
    return [
        {
            "name": entity["name"],
            "model": entity["entity_name"],
            "version": int(entity["entity_version"]),
            "traffic": traffic[entity["name"]],
            "deployment": entity["state"]["deployment"],
            "reason": entity["state"]["deployment_state_message"],
        }
        for entity in config["served_entities"]
    ]
