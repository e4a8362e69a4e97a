"""The workspace itself: how it is discovered."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.gate import ORG_ID


def workspace_routes() -> list[Route]:
    """Return the routes."""
    return [
        Route("/.well-known/databricks-config", _discovery, methods=["GET"]),
    ]


async def _discovery(request: Request) -> Response:
    oidc = f"{str(request.base_url).rstrip('/')}/oidc"
    return JSONResponse({"workspace_id": ORG_ID, "oidc_endpoint": oidc, "cloud": "AWS"})
