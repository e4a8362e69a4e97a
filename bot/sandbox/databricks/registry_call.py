"""A call on the catalog: its route, the privilege that it needs, and its refusals."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.bodies import JsonObject, json_object
from bot.sandbox.databricks.grants import Grants, Privilege
from bot.sandbox.databricks.mlflow_stores import mlflow_refusals

Call = Callable[[JsonObject], JsonObject]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogCall:
    """A call that takes its path, query and body as one set of parameters."""

    verb: str
    path: str
    call: Call
    privilege: Privilege | None = None

    def route(self, grants: Grants) -> Route:
        """Return the route."""

        async def answer(request: Request) -> Response:
            body = await json_object(request)
            params: JsonObject = {**request.query_params, **body, **request.path_params}
            return JSONResponse(await asyncio.to_thread(self._answered, params, grants))

        return Route(self.path, answer, methods=[self.verb])

    def _answered(self, params: JsonObject, grants: Grants) -> JsonObject:
        name = params.get("full_name", params.get("name"))
        if self.privilege is not None and isinstance(name, str) and name.count(".") == 2:  # noqa: PLR2004 - catalog.schema.model
            grants.require(name, self.privilege)
        with mlflow_refusals():
            return self.call(params)
