"""Reading the JSON objects that clients send."""

import json
from typing import TypeAlias

from starlette.requests import Request

from bot.sandbox.databricks.errors import ApiError, invalid

JsonObject: TypeAlias = dict[str, object]


async def json_object(request: Request) -> JsonObject:
    """Return the request's body as a JSON object; an empty body is an empty object.

    Raises:
        ApiError: If the body is not a JSON object.
    """
    raw = await request.body()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError as error:
        raise ApiError(400, "MALFORMED_REQUEST", "The body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise ApiError(400, "MALFORMED_REQUEST", "The body must be a JSON object.")
    return body


def required_text(body: JsonObject, key: str) -> str:
    """Return a field that must be a non-empty string; a number is taken as its digits.

    Raises:
        ApiError: If it is absent, empty or of another type.
    """
    value = body.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value:
        raise invalid(f"Missing required field: {key}")
    return value


def optional_text(body: JsonObject, key: str) -> str | None:
    """Return a field that may be absent, and is a string where present.

    Raises:
        ApiError: If it is of another type.
    """
    value = body.get(key)
    if value is not None and not isinstance(value, str):
        raise invalid(f"Field {key} must be a string")
    return value


def objects(value: object, key: str) -> list[JsonObject]:
    """Return a field that must be a list of JSON objects; absent is the empty list.

    Raises:
        ApiError: If it is of another type.
    """
    items = [] if value is None else value
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise invalid(f"Field {key} must be a list of objects")
    return items
