"""Reading who holds which privileges in the catalog."""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.bodies import JsonObject
from bot.sandbox.databricks.errors import ApiError
from bot.sandbox.databricks.grants import Grants, Held, securable_type
from bot.sandbox.databricks.mlflow_stores import MlflowStores

_UC = "/api/2.1/unity-catalog"
_SECURABLE = "{type}/{name}"


class GrantRoutes:
    """The permissions of catalogs, schemas and models; models are of type FUNCTION."""

    def __init__(self, grants: Grants, stores: MlflowStores) -> None:
        self._grants = grants
        self._stores = stores

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(f"{_UC}/effective-permissions/{_SECURABLE}", self._effective, methods=["GET"]),
            Route(f"{_UC}/permissions/{_SECURABLE}", self._direct, methods=["GET"]),
        ]

    async def _effective(self, request: Request) -> Response:
        kind, held = await self._held(request)
        found = {name: [_effective_privilege(h, kind) for h in of] for name, of in held.items()}
        return _assignments(request, found)

    async def _direct(self, request: Request) -> Response:
        kind, held = await self._held(request)
        found = {
            name: [str(h.privilege) for h in of if h.type == kind] for name, of in held.items()
        }
        return _assignments(request, found)

    async def _held(self, request: Request) -> tuple[str, dict[str, list[Held]]]:
        name = request.path_params["name"]
        kind = securable_type(request.path_params["type"], name)
        if not await asyncio.to_thread(self._exists, name, kind):
            code = "RESOURCE_DOES_NOT_EXIST" if kind == "FUNCTION" else f"{kind}_DOES_NOT_EXIST"
            raise ApiError(404, code, f"{kind.capitalize()} '{name}' does not exist.")
        everybody = self._grants.principals()
        return kind, {who: self._grants.effective(name, who) for who in everybody}

    def _exists(self, name: str, kind: str) -> bool:
        pattern = name.replace("'", "") + ("" if kind == "FUNCTION" else ".%")
        found = self._stores.registry.search_registered_models(
            filter_string=f"name LIKE '{pattern}'", max_results=1
        )
        return any(model.name.startswith(name) for model in found)


def _effective_privilege(held: Held, kind: str) -> JsonObject:
    inherited: JsonObject = {"inherited_from_type": held.type, "inherited_from_name": held.name}
    return {"privilege": held.privilege, **(inherited if held.type != kind else {})}


def _assignments(request: Request, found: Mapping[str, Sequence[JsonObject | str]]) -> Response:
    asked = request.query_params.get("principal")
    given = [
        {"principal": principal, "privileges": privileges}
        for principal, privileges in found.items()
        if privileges and asked in {None, principal}
    ]
    return JSONResponse({"privilege_assignments": given})
