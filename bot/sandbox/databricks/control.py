"""The control side under `/sandbox/`: faults, the call log, traffic and the truth."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.bodies import json_object
from bot.sandbox.databricks.calls import CallLog
from bot.sandbox.databricks.crowd import (
    CROWD_PREFIX,
    PATTERN_ENDPOINT,
    Crowd,
    crowd_endpoints,
    register_crowd,
)
from bot.sandbox.databricks.directory import Directory, Member
from bot.sandbox.databricks.errors import invalid
from bot.sandbox.databricks.faults import Fault, FaultBook
from bot.sandbox.databricks.grants import Grant, Grants
from bot.sandbox.databricks.invocations import Invocations
from bot.sandbox.databricks.serving import ServingEndpoints
from bot.sandbox.databricks.traffic import Samples, Traffic, send_traffic

_Asked = TypeVar("_Asked", bound=BaseModel)
_ALIASES = """
    SELECT m.name, a.alias, a.version FROM registered_models AS m
    LEFT JOIN registered_model_aliases AS a ON a.name = m.name ORDER BY m.name, a.alias
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSide:
    """What a test, the page or the tour may do to the world and see of it; it asks no token."""

    faults: FaultBook
    calls: CallLog
    grants: Grants
    directory: Directory
    endpoints: ServingEndpoints
    invocations: Invocations
    samples: Samples
    database: Path

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/sandbox/faults", self._add_fault, methods=["POST"]),
            Route("/sandbox/faults", self._clear_faults, methods=["DELETE"]),
            Route("/sandbox/faults", self._list_faults, methods=["GET"]),
            Route("/sandbox/calls", self._list_calls, methods=["GET"]),
            Route("/sandbox/calls", self._clear_calls, methods=["DELETE"]),
            Route("/sandbox/traffic", self._send_traffic, methods=["POST"]),
            Route("/sandbox/crowd", self._add_crowd, methods=["POST"]),
            Route("/sandbox/grants", self._grant, methods=["POST"]),
            Route("/sandbox/grants", self._reset_grants, methods=["DELETE"]),
            Route("/sandbox/grants", self._list_grants, methods=["GET"]),
            Route("/sandbox/people", self._put_person, methods=["POST"]),
            Route("/sandbox/endpoints/{name}", self._delete_endpoint, methods=["DELETE"]),
            Route("/sandbox/truth", self._truth, methods=["GET"]),
        ]

    async def _add_fault(self, request: Request) -> Response:
        self.faults.add(await _asked(request, Fault))
        return JSONResponse({"faults": self.faults.listed()})

    async def _clear_faults(self, _: Request) -> Response:
        return JSONResponse({"cleared": self.faults.clear()})

    async def _list_faults(self, _: Request) -> Response:
        active = self.faults.listed()
        return JSONResponse({"faults": active, "active": active, "kinds": self.faults.kinds()})

    async def _list_calls(self, _: Request) -> Response:
        return JSONResponse({"calls": self.calls.listed()})

    async def _clear_calls(self, _: Request) -> Response:
        self.calls.clear()
        return JSONResponse({})

    async def _send_traffic(self, request: Request) -> Response:
        traffic = await _asked(request, Traffic)
        self.endpoints.get(traffic.endpoint)
        of_crowd = traffic.endpoint.startswith(CROWD_PREFIX)
        payload = traffic.payload or self.samples(
            PATTERN_ENDPOINT if of_crowd else traffic.endpoint
        )
        return JSONResponse(await send_traffic(traffic, self.invocations, payload))

    async def _add_crowd(self, request: Request) -> Response:
        crowd = await _asked(request, Crowd)
        await asyncio.to_thread(register_crowd, self.database, crowd)
        self.endpoints.add_ready(crowd_endpoints(crowd))
        return JSONResponse(crowd.model_dump())

    async def _grant(self, request: Request) -> Response:
        self.grants.apply(await _asked(request, Grant))
        return JSONResponse(self.grants.listed())

    async def _reset_grants(self, _: Request) -> Response:
        self.grants.reset()
        return JSONResponse(self.grants.listed())

    async def _list_grants(self, _: Request) -> Response:
        return JSONResponse(self.grants.listed())

    async def _put_person(self, request: Request) -> Response:
        self.directory.put(await _asked(request, Member))
        return JSONResponse({"people": self.directory.listed()})

    async def _delete_endpoint(self, request: Request) -> Response:
        """Delete as somebody else would, without a call in the log."""
        await self.endpoints.delete(request.path_params["name"])
        return JSONResponse({})

    async def _truth(self, _: Request) -> Response:
        models = await asyncio.to_thread(aliases, self.database)
        return JSONResponse({"models": models, "endpoints": self.endpoints.truth()})


def aliases(database: Path) -> dict[str, dict[str, int]]:
    """Return every model's aliases straight from the registry's tables."""
    found: dict[str, dict[str, int]] = {}
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for name, alias, version in connection.execute(_ALIASES):
            held = found.setdefault(name, {})
            if alias is not None:
                held[alias] = int(version)
    return found


async def _asked(request: Request, shape: type[_Asked]) -> _Asked:
    try:
        return shape.model_validate(await json_object(request))
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()
        ]
        raise invalid("; ".join(problems)) from error
