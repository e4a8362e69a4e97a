"""The Model Serving paths: endpoints, their logs and metrics, and invocations."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.bodies import json_object
from bot.sandbox.databricks.entity_logs import EntityLogs
from bot.sandbox.databricks.errors import not_found
from bot.sandbox.databricks.grants import PRINCIPAL, Grants, Level
from bot.sandbox.databricks.invocations import Invocations
from bot.sandbox.databricks.serving import ServingEndpoints
from bot.sandbox.databricks.serving_config import Document

_ENDPOINTS = "/api/2.0/serving-endpoints"


class ServingRoutes:
    """HTTP in front of the endpoints."""

    def __init__(
        self,
        endpoints: ServingEndpoints,
        invocations: Invocations,
        logs: EntityLogs,
        grants: Grants,
    ) -> None:
        self._grants = grants
        self._endpoints = endpoints
        self._invocations = invocations
        self._logs = logs

    def routes(self) -> list[Route]:
        """Return the routes."""
        one, entity = f"{_ENDPOINTS}/{{name}}", "served-models/{entity}"
        return [
            Route(_ENDPOINTS, self._list, methods=["GET"]),
            Route(_ENDPOINTS, self._create, methods=["POST"]),
            Route(one, self._get, methods=["GET"]),
            Route(one, self._delete, methods=["DELETE"]),
            Route(f"{one}/config", self._put_config, methods=["PUT"]),
            Route(f"{one}/tags", self._patch_tags, methods=["PATCH"]),
            Route(f"{one}/metrics", self._metrics, methods=["GET"]),
            Route(f"{one}/{entity}/logs", self._service_log, methods=["GET"]),
            Route(f"{one}/{entity}/build-logs", self._build_log, methods=["GET"]),
            Route("/api/2.0/permissions/serving-endpoints/{id}", self._permissions),
            Route("/serving-endpoints/{name}/invocations", self._invoke, methods=["POST"]),
            Route(
                f"/serving-endpoints/{{name}}/{entity}/invocations", self._invoke, methods=["POST"]
            ),
        ]

    async def _list(self, _: Request) -> Response:
        listed = [self._levelled(endpoint) for endpoint in self._endpoints.listed()]
        return JSONResponse({"endpoints": [e for e in listed if e["permission_level"]]})

    async def _create(self, request: Request) -> Response:
        return JSONResponse(await self._endpoints.create(await json_object(request)))

    async def _get(self, request: Request) -> Response:
        return JSONResponse(self._levelled(self._endpoints.get(self._name(request))))

    async def _delete(self, request: Request) -> Response:
        await self._endpoints.delete(self._name(request, Level.CAN_MANAGE))
        return JSONResponse({})

    async def _put_config(self, request: Request) -> Response:
        body, name = await json_object(request), self._name(request, Level.CAN_MANAGE)
        return JSONResponse(await self._endpoints.put_config(name, body))

    async def _patch_tags(self, request: Request) -> Response:
        body, name = await json_object(request), self._name(request, Level.CAN_MANAGE)
        return JSONResponse(self._endpoints.patch_tags(name, body))

    async def _metrics(self, request: Request) -> Response:
        return PlainTextResponse(self._invocations.metrics(self._name(request)))

    async def _service_log(self, request: Request) -> Response:
        name, entity = self._known_entity(request)
        return JSONResponse({"logs": self._logs.service_text(name, entity)})

    async def _build_log(self, request: Request) -> Response:
        name, entity = self._known_entity(request)
        return JSONResponse({"logs": self._logs.build_text(name, entity)})

    def _known_entity(self, request: Request) -> tuple[str, str]:
        name, entity = self._name(request), request.path_params["entity"]
        endpoint = self._endpoints.get(name)
        configs = [endpoint.get("config", {}), endpoint.get("pending_config", {})]
        known = {
            served["name"] for config in configs for served in config.get("served_entities", [])
        }
        if entity not in known:
            raise not_found(f"Served entity '{entity}' does not exist on endpoint '{name}'.")
        return name, entity

    async def _permissions(self, request: Request) -> Response:
        asked = request.path_params["id"]
        names = {endpoint["id"]: endpoint["name"] for endpoint in self._endpoints.listed()}
        if asked not in names:
            raise not_found(f"Endpoint with id '{asked}' does not exist.")
        self._grants.require_level(names[asked], Level.CAN_VIEW)
        level = {"permission_level": self._grants.level(names[asked]), "inherited": False}
        caller = {"service_principal_name": PRINCIPAL, "all_permissions": [level]}
        return JSONResponse(
            {
                "object_id": f"/serving-endpoints/{asked}",
                "object_type": "serving-endpoint",
                "access_control_list": [caller],
            }
        )

    def _name(self, request: Request, level: Level = Level.CAN_VIEW) -> str:
        """Return the endpoint that a call names, on which the caller has at least that level."""
        name: str = self._endpoints.get(request.path_params["name"])["name"]
        self._grants.require_level(name, level)
        return name

    def _levelled(self, endpoint: Document) -> Document:
        return {**endpoint, "permission_level": self._grants.level(endpoint["name"])}

    async def _invoke(self, request: Request) -> Response:
        payload = await json_object(request)
        name, entity = self._name(request, Level.CAN_QUERY), request.path_params.get("entity")
        answer = await self._invocations.invoke(name, payload, entity)
        headers = {"served-model-name": answer.entity}
        return JSONResponse(answer.body, status_code=answer.status, headers=headers)
