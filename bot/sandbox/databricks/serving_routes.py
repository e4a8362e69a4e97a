"""The Model Serving paths: endpoints, their logs and metrics, and invocations."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.bodies import json_object
from bot.sandbox.databricks.entity_logs import EntityLogs
from bot.sandbox.databricks.errors import not_found
from bot.sandbox.databricks.invocations import Invocations
from bot.sandbox.databricks.serving import ServingEndpoints

_ENDPOINTS = "/api/2.0/serving-endpoints"


class ServingRoutes:
    """HTTP in front of the endpoints."""

    def __init__(
        self, endpoints: ServingEndpoints, invocations: Invocations, logs: EntityLogs
    ) -> None:
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
        return JSONResponse({"endpoints": self._endpoints.listed()})

    async def _create(self, request: Request) -> Response:
        return JSONResponse(await self._endpoints.create(await json_object(request)))

    async def _get(self, request: Request) -> Response:
        return JSONResponse(self._endpoints.get(request.path_params["name"]))

    async def _delete(self, request: Request) -> Response:
        await self._endpoints.delete(request.path_params["name"])
        return JSONResponse({})

    async def _put_config(self, request: Request) -> Response:
        body = await json_object(request)
        return JSONResponse(await self._endpoints.put_config(request.path_params["name"], body))

    async def _patch_tags(self, request: Request) -> Response:
        body = await json_object(request)
        return JSONResponse(self._endpoints.patch_tags(request.path_params["name"], body))

    async def _metrics(self, request: Request) -> Response:
        return PlainTextResponse(self._invocations.metrics(request.path_params["name"]))

    async def _service_log(self, request: Request) -> Response:
        name, entity = self._known_entity(request)
        return JSONResponse({"logs": self._logs.service_text(name, entity)})

    async def _build_log(self, request: Request) -> Response:
        name, entity = self._known_entity(request)
        return JSONResponse({"logs": self._logs.build_text(name, entity)})

    def _known_entity(self, request: Request) -> tuple[str, str]:
        name, entity = request.path_params["name"], request.path_params["entity"]
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
        if asked not in {endpoint["id"] for endpoint in self._endpoints.listed()}:
            raise not_found(f"Endpoint with id '{asked}' does not exist.")
        levels = [{"permission_level": "CAN_MANAGE", "inherited": False}]
        return JSONResponse(
            {
                "object_id": f"/serving-endpoints/{asked}",
                "object_type": "serving-endpoint",
                "access_control_list": [{"group_name": "admins", "all_permissions": levels}],
            }
        )

    async def _invoke(self, request: Request) -> Response:
        payload = await json_object(request)
        name, entity = request.path_params["name"], request.path_params.get("entity")
        answer = await self._invocations.invoke(name, payload, entity)
        headers = {"served-model-name": answer.entity}
        return JSONResponse(answer.body, status_code=answer.status, headers=headers)
