"""The workspace itself: discovery and the caller's identity."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.gate import ORG_ID
from bot.sandbox.databricks.grants import PRINCIPAL


def workspace_routes() -> list[Route]:
    """Return the routes."""
    return [
        Route("/.well-known/databricks-config", _discovery, methods=["GET"]),
        Route("/api/2.0/preview/scim/v2/Me", _me, methods=["GET"]),
    ]


async def _discovery(request: Request) -> Response:
    oidc = f"{str(request.base_url).rstrip('/')}/oidc"
    return JSONResponse({"workspace_id": ORG_ID, "oidc_endpoint": oidc, "cloud": "AWS"})


async def _me(_: Request) -> Response:
    name = "herald-bot"
    return JSONResponse(
        {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal"],
            "id": "7060504030201",
            "userName": PRINCIPAL,
            "applicationId": PRINCIPAL,
            "displayName": name,
            "active": True,
            "emails": [{"type": "work", "value": f"{name}@acme.example", "primary": True}],
            "groups": [{"display": "users", "value": "1001", "type": "direct"}],
        }
    )
