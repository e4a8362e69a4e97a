"""The configuration of a serving endpoint as raw JSON: read, and changed for one model only."""

from collections.abc import Mapping
from typing import Any

from bot.domain.names import ModelName
from bot.domain.serving import Route

Raw = Mapping[str, Any]

ENTITIES = "served_entities"
MODELS = "served_models"  # its deprecated synonym, with fields of other names
_FIELDS = {ENTITIES: ("entity_name", "entity_version"), MODELS: ("model_name", "model_version")}
_ENTITY_NAMES = ("served_entity_name", "served_model_name")
_READ_ONLY = {"state", "creator", "creation_timestamp", "foundation_model"}
_CONFIG_READ_ONLY = {"config_version", "start_time", ENTITIES, MODELS, "traffic_config"}
IDENTITY = {"name", "entity_name", "entity_version", "model_name", "model_version"}
ALL_TRAFFIC = 100


class UnfitRoutesError(Exception):
    """An endpoint cannot take these routes; the message says why, for people."""


def form_of(config: Raw) -> str:
    """Return under which of the two names a configuration lists what it serves.

    The platform shows both; only one may be sent.
    """
    return MODELS if config.get(MODELS) and not config.get(ENTITIES) else ENTITIES


def entities_of(config: Raw) -> list[Raw]:
    """Return what a configuration serves."""
    return list(config.get(form_of(config)) or [])


def model_of(entity: Raw) -> ModelName | None:
    """Return which registered model an entity serves, None for external and foundation models."""
    name = entity.get("entity_name") or entity.get("model_name")
    return ModelName(str(name)) if name and version_of(entity) is not None else None


def version_of(entity: Raw) -> int | None:
    """Return which version an entity serves, None for external and foundation models."""
    version = str(entity.get("entity_version") or entity.get("model_version") or "")
    return int(version) if version.isascii() and version.isdecimal() else None


def traffic_of(config: Raw) -> dict[str, int]:
    """Return each entity's share by name; all of it for one that is alone and has no route."""
    entities, routes = entities_of(config), routes_of(config)
    if not routes and len(entities) == 1:
        return {str(entities[0].get("name") or ""): ALL_TRAFFIC}
    return {_target(route): int(route.get("traffic_percentage") or 0) for route in routes}


def routes_of(config: Raw) -> list[Raw]:
    """Return the raw traffic routes of a configuration."""
    return list((config.get("traffic_config") or {}).get("routes") or [])


def settings_of(entity: Raw) -> dict[str, Any]:
    """Return what an entity is set to beside what it serves: sizes, environment and the like."""
    return {key: value for key, value in entity.items() if key not in IDENTITY | _READ_ONLY}


def with_routes(config: Raw, model: ModelName, routes: tuple[Route, ...]) -> dict[str, Any]:
    """Return the whole configuration to send: the model's own entities replaced, the rest as it is.

    The platform replaces everything by what is sent, so that unknown fields are sent back too. A
    new entity gets the settings of the own entity of the same version, else of the first.

    Raises:
        UnfitRoutesError: The endpoint does not serve the model, two entities would have one name,
            or the shares would not sum to 100.
    """
    entities, form = entities_of(config), form_of(config)
    own = [entity for entity in entities if model_of(entity) == model]
    if not own:
        raise UnfitRoutesError(f"it serves nothing of {model}, so its sizes are not known")
    at = entities.index(own[0])
    new = [_entity(own, form, model, route) for route in routes]
    before = [_writable(entity) for entity in entities[:at]]
    after = [_writable(entity) for entity in entities[at:] if model_of(entity) != model]
    shares = _shares(config, own, routes)
    _check([*before, *new, *after], shares)
    return {
        **{key: value for key, value in config.items() if key not in _CONFIG_READ_ONLY},
        form: [*before, *new, *after],
        "traffic_config": {**(config.get("traffic_config") or {}), "routes": shares},
    }


def _entity(own: list[Raw], form: str, model: ModelName, route: Route) -> dict[str, Any]:
    pattern = next((entity for entity in own if version_of(entity) == route.version), own[0])
    name_field, version_field = _FIELDS[form]
    return {
        "name": route.entity,
        name_field: model,
        version_field: str(route.version),
        **settings_of(pattern),
    }


def _writable(entity: Raw) -> dict[str, Any]:
    return {key: value for key, value in entity.items() if key not in _READ_ONLY}


def _shares(config: Raw, own: list[Raw], routes: tuple[Route, ...]) -> list[Raw]:
    """Return the traffic routes: the neighbours' as they are, the model's own in their place."""
    names, raw = {entity.get("name") for entity in own}, routes_of(config)
    mine = [index for index, route in enumerate(raw) if _target(route) in names]
    at = mine[0] if mine else len(raw)
    fields = [field for field in _ENTITY_NAMES if raw and field in raw[at if mine else 0]]
    new: list[Raw] = [
        dict.fromkeys(fields or _ENTITY_NAMES[:1], route.entity)
        | {"traffic_percentage": route.traffic_percentage}
        for route in routes
    ]
    return raw[:at] + new + [route for route in raw[at:] if _target(route) not in names]


def _check(entities: list[dict[str, Any]], shares: list[Raw]) -> None:
    names = [entity.get("name") for entity in entities]
    if len(set(names)) < len(names):
        raise UnfitRoutesError(
            f"two of its entities would have one name: {', '.join(map(str, names))}"
        )
    total = sum(int(share.get("traffic_percentage") or 0) for share in shares)
    if total != ALL_TRAFFIC:
        raise UnfitRoutesError(f"its traffic would sum to {total} %, not to 100 %")


def _target(route: Raw) -> str:
    return str(next((route[field] for field in _ENTITY_NAMES if route.get(field)), ""))
