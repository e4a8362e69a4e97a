"""What the caller may do: privileges in the catalog and levels on endpoints."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, model_validator

from bot.sandbox.databricks.errors import ApiError, denied

PRINCIPAL = "6f0c1d6e-0000-4000-8000-0000herald00"
"""The application id by which the catalog knows the caller."""


class Privilege(StrEnum):
    """Privileges of Unity Catalog that matter to models."""

    USE_CATALOG = "USE_CATALOG"
    USE_SCHEMA = "USE_SCHEMA"
    EXECUTE = "EXECUTE"
    APPLY_TAG = "APPLY_TAG"
    MANAGE = "MANAGE"
    ALL_PRIVILEGES = "ALL_PRIVILEGES"


class Level(StrEnum):
    """Permission levels on an endpoint, lowest first."""

    CAN_VIEW = "CAN_VIEW"
    CAN_QUERY = "CAN_QUERY"
    CAN_MANAGE = "CAN_MANAGE"


_AT_FIRST = [privilege for privilege in Privilege if privilege is not Privilege.ALL_PRIVILEGES]
_LEVELS = list(Level)
_TYPES = ("CATALOG", "SCHEMA", "FUNCTION")
_WORDS = ("Catalog", "Schema", "Routine or Model")


class Grant(BaseModel):
    """What a principal holds from now on, directly, on a securable; or the caller on an endpoint.

    A securable is `catalog`, `catalog.schema` or `catalog.schema.model`; what is granted on a
    catalog or schema holds for all in it. Until told otherwise every privilege is granted on every
    catalog to the caller and nothing to others, and CAN_MANAGE on every endpoint.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    securable: str | None = None
    principal: str = PRINCIPAL
    privileges: tuple[Privilege, ...] = ()
    endpoint: str | None = None
    level: Level | None = None

    @model_validator(mode="after")
    def _of_one_thing(self) -> "Grant":
        if bool(self.securable) == bool(self.endpoint):
            raise ValueError("name either a securable or an endpoint")
        if self.securable and self.securable.count(".") >= len(_TYPES):
            raise ValueError("a securable has at most three levels")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A privilege and the securable on which it was granted."""

    privilege: Privilege
    type: str
    name: str


class Grants:
    """The privileges of all, and the caller's levels."""

    def __init__(self) -> None:
        self._direct: dict[str, dict[str, tuple[Privilege, ...]]] = {PRINCIPAL: {}}
        self._levels: dict[str, Level | None] = {}

    def apply(self, grant: Grant) -> None:
        """Replace what is held on one securable or endpoint."""
        if grant.securable:
            self._direct.setdefault(grant.principal, {})[grant.securable] = grant.privileges
        elif grant.endpoint:
            self._levels[grant.endpoint] = grant.level

    def reset(self) -> None:
        """Grant everything again."""
        self._direct = {PRINCIPAL: {}}
        self._levels.clear()

    def listed(self) -> dict[str, object]:
        """Return what was changed."""
        others = {name: held for name, held in self._direct.items() if name != PRINCIPAL}
        securables = self._direct[PRINCIPAL]
        return {"securables": securables, "others": others, "endpoints": self._levels}

    def principals(self) -> list[str]:
        """Return everybody who may hold something, the caller first."""
        return list(self._direct)

    def effective(self, securable: str, principal: str = PRINCIPAL) -> list[Held]:
        """Return what is held on a securable, from the top of the catalog down."""
        parts = securable.split(".")
        return [
            Held(privilege=privilege, type=_TYPES[level], name=name)
            for level, name in enumerate(".".join(parts[: n + 1]) for n in range(len(parts)))
            for privilege in self._held(name, principal)
        ]

    def may(self, model: str, privilege: Privilege) -> bool:
        """Tell whether a privilege on a model is held, with those on the way to it."""
        return self._missing(model, privilege) is None

    def require(self, model: str, privilege: Privilege) -> None:
        """Refuse a call on a model for which a privilege is missing.

        Raises:
            ApiError: 403, naming the first privilege that is missing.
        """
        if missing := self._missing(model, privilege):
            raise denied(f"User does not have {missing}.")

    def level(self, endpoint: str) -> Level | None:
        """Return the level on an endpoint."""
        return self._levels.get(endpoint, Level.CAN_MANAGE)

    def require_level(self, endpoint: str, level: Level) -> None:
        """Refuse a call on an endpoint for which the level is too low.

        Raises:
            ApiError: 403.
        """
        held = self.level(endpoint)
        if held is None or _LEVELS.index(held) < _LEVELS.index(level):
            raise denied(f"User does not have {level} permission on endpoint '{endpoint}'.")

    def _held(self, name: str, principal: str) -> tuple[Privilege, ...]:
        is_callers = principal == PRINCIPAL and "." not in name
        return self._direct.get(principal, {}).get(name, tuple(_AT_FIRST) if is_callers else ())

    def _missing(self, model: str, privilege: Privilege) -> str | None:
        catalog, _, rest = model.partition(".")
        schema = f"{catalog}.{rest.partition('.')[0]}"
        needed = (Privilege.USE_CATALOG, Privilege.USE_SCHEMA, privilege)
        for name, wanted, word in zip((catalog, schema, model), needed, _WORDS, strict=True):
            if wanted not in {held.privilege for held in self.effective(name)}:
                return f"{wanted.replace('_', ' ')} on {word} '{name}'"
        return None


def securable_type(given: str, name: str) -> str:
    """Return the type under which a securable is asked for, in the catalog's own spelling.

    Raises:
        ApiError: If there is no such type, or the name has not as many levels.
    """
    kind = given.upper()
    if kind not in _TYPES:
        message = f"'{given}' is not a valid securable type; models are of type FUNCTION."
        raise ApiError(400, "INVALID_PARAMETER_VALUE", message)
    if name.count(".") != _TYPES.index(kind):
        raise ApiError(400, "INVALID_PARAMETER_VALUE", f"'{name}' is not a valid name of a {kind}.")
    return kind
