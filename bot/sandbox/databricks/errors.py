"""Refusals in the shape in which Databricks answers them."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse


class ApiError(Exception):
    """A call that the platform refuses: HTTP status, error code and message."""

    def __init__(self, status: int, error_code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_code = error_code


def invalid(message: str) -> ApiError:
    """Return the refusal of a call that can never be right."""
    return ApiError(400, "INVALID_PARAMETER_VALUE", message)


def not_found(message: str) -> ApiError:
    """Return the refusal of a call about something that does not exist."""
    return ApiError(404, "RESOURCE_DOES_NOT_EXIST", message)


def denied(message: str) -> ApiError:
    """Return the refusal of a call for which the caller lacks a permission."""
    return ApiError(403, "PERMISSION_DENIED", message)


def already_exists(message: str) -> ApiError:
    """Return the refusal to create something a second time."""
    return ApiError(409, "RESOURCE_ALREADY_EXISTS", message)


def conflict(message: str) -> ApiError:
    """Return the refusal of a change while another one is under way."""
    return ApiError(409, "RESOURCE_CONFLICT", message)


def error_response(status: int, error_code: str, message: str) -> JSONResponse:
    """Return an error answer with Databricks' body."""
    return JSONResponse({"error_code": error_code, "message": message}, status_code=status)


async def answer_api_error(_: Request, error: Exception) -> JSONResponse:
    """Turn an `ApiError` into its answer."""
    if not isinstance(error, ApiError):
        raise error
    return error_response(error.status, error.error_code, str(error))


async def answer_http_error(request: Request, error: Exception) -> JSONResponse:
    """Answer a path or method that the double does not know."""
    if not isinstance(error, HTTPException):
        raise error
    message = f"No API found for '{request.method} {request.url.path}'"
    return error_response(error.status_code, "ENDPOINT_NOT_FOUND", message)
