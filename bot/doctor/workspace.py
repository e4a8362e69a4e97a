"""May Herald do in Databricks what it has to do there."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from bot.adapters.databricks_client import DatabricksClient
from bot.adapters.databricks_serving import PATH
from bot.doctor.findings import Finding, error, note, ok, warning
from bot.domain.errors import BackEndRefusedError, NotFoundError
from bot.domain.registry import RegisteredModel

T = TypeVar("T")
R = TypeVar("R")

ME = "/api/2.0/preview/scim/v2/Me"
PERMISSIONS = "/api/2.1/unity-catalog/effective-permissions/FUNCTION"
LOOKED_AT = 50
"""Models and endpoints of which the rights are read."""
AT_A_TIME = 8

ON_CATALOG = ("USE_CATALOG",)
ON_SCHEMA = ("USE_SCHEMA", "EXECUTE", "APPLY_TAG", "MANAGE")
ALL, UNCOVERED = "ALL_PRIVILEGES", "MANAGE"
"""ALL PRIVILEGES does not bring MANAGE (Databricks, Unity Catalog privileges)."""
CAN_MANAGE = "CAN_MANAGE"


class WorkspaceChecks:
    """Looks at what the owner of the Databricks token may do."""

    def __init__(self, client: DatabricksClient) -> None:
        self._client = client

    async def principal(self) -> str:
        """Return the name by which grants know the owner of the token."""
        return str((await self._client.get(ME)).get("userName") or "")

    async def token(self) -> Iterable[Finding]:
        """See whose token it is."""
        me = await self._client.get(ME)
        shown = str(me.get("displayName") or "")
        return [ok("databricks token", f"{shown} ({me.get('userName')})")]

    async def grants(self, models: Sequence[RegisteredModel]) -> Iterable[Finding]:
        """Compare the rights on each model with those that a promotion needs."""
        principal = await self.principal()
        looked_at = models[:LOOKED_AT]
        held = await each_of(looked_at, lambda model: self._held(model, principal))
        missing: dict[tuple[str, str], set[str]] = defaultdict(set)
        for model, privileges in zip(looked_at, held, strict=True):
            if privileges is None:
                return [note("grants", "Databricks does not let Herald read them")]
            catalog, schema, _ = model.name.split(".", 2)
            missing["CATALOG", catalog] |= _lacking(ON_CATALOG, privileges)
            missing["SCHEMA", f"{catalog}.{schema}"] |= _lacking(ON_SCHEMA, privileges)
        return [_grant(on, lacking, principal) for on, lacking in missing.items() if lacking] or [
            ok("grants", f"all that is needed on {len(looked_at)} of {len(models)} models")
        ]

    async def endpoints(self, names: Sequence[str]) -> Iterable[Finding]:
        """See whether Herald may change each endpoint."""
        looked_at = names[:LOOKED_AT]
        levels = await each_of(looked_at, self._level)
        low = [name for name, level in zip(looked_at, levels, strict=True) if level != CAN_MANAGE]
        if not low:
            seen = f"Herald may change {len(looked_at)} of {len(names)}"
            return [ok("endpoints", seen)]
        remedy = (
            "On the page of each endpoint open Permissions and give Herald's principal Can Manage"
        )
        return [warning("endpoints", f"Herald may not change {', '.join(low)}", remedy)]

    async def _held(self, model: RegisteredModel, principal: str) -> frozenset[str] | None:
        path = f"{PERMISSIONS}/{self._client.segment(model.name)}"
        try:
            answer = await self._client.get(path, {"principal": principal})
        except (BackEndRefusedError, NotFoundError):
            return None
        with self._client.reading():
            return frozenset(
                str(privilege["privilege"])
                for given in answer.get("privilege_assignments") or []
                for privilege in given["privileges"]
            )

    async def _level(self, name: str) -> str:
        try:
            answer = await self._client.get(f"{PATH}/{self._client.segment(name)}")
        except (BackEndRefusedError, NotFoundError):
            return ""
        return str(answer.get("permission_level") or "")


def metrics_finding(endpoint: str, problem: str) -> Finding:
    """Return whether an endpoint's metrics can be read."""
    if not problem:
        return ok("metrics", f"those of {endpoint} can be read")
    remedy = "Without them health and digests say 'no data'; Can Query on the endpoint is enough"
    return note("metrics", f"{endpoint}: {problem}", remedy)


def registry_finding(models: Sequence[RegisteredModel]) -> Finding:
    """Return whether there is anything to release."""
    if models:
        return ok("registry", f"{len(models)} models can be seen")
    remedy = "Give its principal USE CATALOG, USE SCHEMA and EXECUTE; see docs/connecting.md"
    return error("registry", "Herald can see no model", remedy)


def _lacking(needed: Sequence[str], held: frozenset[str]) -> set[str]:
    covered = {UNCOVERED} & set(needed) if ALL in held else set(needed)
    return covered - held


def _grant(on: tuple[str, str], lacking: set[str], principal: str) -> Finding:
    order = [p.replace("_", " ") for p in (*ON_CATALOG, *ON_SCHEMA) if p in lacking]
    kind, name = on
    quoted = ".".join(f"`{part}`" for part in name.split("."))
    statement = f"GRANT {', '.join(order)} ON {kind} {quoted} TO `{principal}`"
    seen = f"{', '.join(order)} on the {kind.lower()} {name} is not granted to Herald itself"
    return warning("grants", seen, f"Unless a group of its has it: {statement}")


async def each_of(
    things: Sequence[T], ask: Callable[[T], Awaitable[R]], at_a_time: int = AT_A_TIME
) -> list[R]:
    """Return what is answered about each thing, in order, with few questions at a time."""
    few = asyncio.Semaphore(at_a_time)

    async def one(thing: T) -> R:
        async with few:
            return await ask(thing)

    return list(await asyncio.gather(*(one(thing) for thing in things)))
