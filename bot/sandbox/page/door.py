"""The page's way to the Databricks double: it knows one origin only, so its calls are handed on."""

from aiohttp import ClientError, ClientSession, web

PATH = "/human/databricks/faults"
_DOWN = {"ok": False, "error": "databricks_down"}


def databricks_door(databricks: str, session: ClientSession) -> list[web.RouteDef]:
    """Return the routes that list, begin and end the faults of the Databricks double.

    Args:
        databricks: Address of the double, without a last slash.
        session: Used for the calls; its time-out counts.
    """

    async def hand_on(request: web.Request) -> web.Response:
        call = session.request(
            request.method,
            f"{databricks}/sandbox/faults",
            data=await request.read(),
            headers={"Content-Type": "application/json"},
        )
        try:
            async with call as answer:
                return web.json_response(await answer.json(), status=answer.status)
        except (ClientError, TimeoutError, ValueError):
            return web.json_response(_DOWN, status=503)

    return [web.route(method, PATH, hand_on) for method in ("GET", "POST", "DELETE")]
