"""Reading and checking the configuration of a serving endpoint."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.sandbox.databricks.bodies import JsonObject, objects, required_text
from bot.sandbox.databricks.errors import invalid

Document: TypeAlias = dict[str, Any]

CREATOR = "ml-platform@acme.example"
ENDPOINT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}")
_ENTITY_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}")
_OF_THE_PLATFORM = frozenset({"state", "creation_timestamp", "creator"})
_WHOLE_TRAFFIC = 100
_NOT_CONFIGURED = frozenset(
    {"name", "served_models", "served_entities", "traffic_config", "config_version", "start_time"}
)


@dataclass(frozen=True, slots=True, order=True)
class ModelKey:
    """One version of one registered model."""

    name: str
    version: int


def read_config(body: JsonObject, at_ms: int) -> Document:
    """Return the configuration that a call asks for, complete and checked.

    Fields that the double does not know are kept as they are.

    Raises:
        ApiError: If the platform would refuse it.
    """
    entities = [_entity(given, at_ms) for given in _given_entities(body)]
    names = [str(entity["name"]) for entity in entities]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise invalid(f"Served entity names must be unique, but '{twice[0]}' is used twice.")
    return {
        **{key: value for key, value in body.items() if key not in _NOT_CONFIGURED},
        "served_entities": entities,
        "traffic_config": {"routes": _routes(body.get("traffic_config"), names)},
    }


def model_keys(config: Document | None) -> set[ModelKey]:
    """Return the model versions that a configuration serves."""
    entities = (config or {}).get("served_entities", [])
    return {entity_key(entity) for entity in entities}


def entity_key(entity: Document) -> ModelKey:
    """Return the model version of a served entity."""
    return ModelKey(entity["entity_name"], int(entity["entity_version"]))


def traffic_of(config: Document) -> dict[str, int]:
    """Return each served entity's share of the traffic, 0 where no route names it."""
    shares = {entity["name"]: 0 for entity in config["served_entities"]}
    routes = config["traffic_config"]["routes"]
    return shares | {route["served_entity_name"]: route["traffic_percentage"] for route in routes}


def with_states(config: Document, deployment: str, messages: dict[str, str]) -> Document:
    """Return the configuration with each entity's deployment state; messages go by entity name."""
    entities = [
        {
            **entity,
            "state": {
                "deployment": deployment,
                "deployment_state_message": messages.get(entity["name"], ""),
            },
        }
        for entity in config["served_entities"]
    ]
    return {**config, "served_entities": entities}


def _given_entities(body: JsonObject) -> list[JsonObject]:
    entities = objects(body.get("served_entities"), "served_entities")
    models = objects(body.get("served_models"), "served_models")
    if bool(entities) == bool(models):
        raise invalid("Exactly one of served_entities and served_models must be given.")
    return entities or [_from_served_model(model) for model in models]


def _from_served_model(model: JsonObject) -> JsonObject:
    """Return the entity form of the deprecated `served_models` entry."""
    entity = {k: v for k, v in model.items() if k not in {"model_name", "model_version"}}
    return {
        **entity,
        "entity_name": model.get("model_name"),
        "entity_version": model.get("model_version"),
    }


def _entity(given: JsonObject, at_ms: int) -> Document:
    model, version = required_text(given, "entity_name"), required_text(given, "entity_version")
    if not version.isascii() or not version.isdecimal():
        raise invalid(f"entity_version '{version}' is not a model version number.")
    name = str(given.get("name") or f"{model.rsplit('.', 1)[-1]}-{version}")
    if not _ENTITY_NAME.fullmatch(name):
        raise invalid(f"Served entity name '{name}' may hold only letters, digits, dashes and _.")
    return {
        **{key: value for key, value in given.items() if key not in _OF_THE_PLATFORM},
        "name": name,
        "entity_name": model,
        "entity_version": version,
        "creation_timestamp": at_ms,
        "creator": CREATOR,
    }


def _routes(given: object, names: list[str]) -> list[Document]:
    if given is None and len(names) == 1:
        return [_route(names[0], _WHOLE_TRAFFIC)]
    if not isinstance(given, dict):
        raise invalid("traffic_config with routes is required for several served entities.")
    routes = [_read_route(route, names) for route in objects(given.get("routes"), "routes")]
    targets = [str(route["served_entity_name"]) for route in routes]
    if len(set(targets)) != len(targets):
        raise invalid("Each served entity may have only one traffic route.")
    total = sum(int(route["traffic_percentage"]) for route in routes)
    if total != _WHOLE_TRAFFIC:
        raise invalid(f"Traffic percentages must sum to 100, but they sum to {total}.")
    return routes


def _read_route(given: JsonObject, names: list[str]) -> Document:
    targets = {given.get("served_model_name"), given.get("served_entity_name")} - {None, ""}
    if len(targets) != 1:
        raise invalid("A traffic route must name exactly one served entity.")
    name, share = str(targets.pop()), given.get("traffic_percentage")
    if name not in names:
        raise invalid(f"Traffic route names '{name}', which is not a served entity.")
    if type(share) is not int or not 0 <= share <= _WHOLE_TRAFFIC:
        raise invalid("traffic_percentage must be an integer from 0 to 100.")
    return _route(name, share)


def _route(name: str, share: int) -> Document:
    return {"served_model_name": name, "served_entity_name": name, "traffic_percentage": share}
