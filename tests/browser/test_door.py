"""The page's way to the faults of the Databricks double."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox.page.door import PATH, databricks_door


async def echo(request: web.Request) -> web.Response:
    """Answer as the double does, with what arrived."""
    body = await request.json() if request.can_read_body else None
    status = 400 if body == {"kind": "nonsense"} else 200
    return web.json_response({"method": request.method, "body": body}, status=status)


@pytest.fixture
async def double() -> AsyncIterator[TestServer]:
    """Start something that stands at the control side's address."""
    app = web.Application()
    app.router.add_route("*", "/sandbox/faults", echo)
    server = TestServer(app)
    async with server:
        yield server


@pytest.fixture
async def page(
    double: TestServer,
) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """Serve the door to it."""
    app = web.Application()
    async with ClientSession() as session:
        app.add_routes(databricks_door(str(double.make_url("")).rstrip("/"), session))
        async with TestClient(TestServer(app)) as client:
            yield client


async def test_faults_are_listed_begun_and_ended_through_the_door(
    page: TestClient[web.Request, web.Application],
) -> None:
    listed = await (await page.get(PATH)).json()
    begun = await (await page.post(PATH, json={"kind": "hang"})).json()
    ended = await (await page.delete(PATH)).json()
    assert [each["method"] for each in (listed, begun, ended)] == ["GET", "POST", "DELETE"]
    assert begun["body"] == {"kind": "hang"}


async def test_a_refusal_comes_back_as_it_was(
    page: TestClient[web.Request, web.Application],
) -> None:
    assert (await page.post(PATH, json={"kind": "nonsense"})).status == 400


async def test_a_double_that_is_down_is_told_as_such(
    page: TestClient[web.Request, web.Application], double: TestServer
) -> None:
    await double.close()
    answer = await page.get(PATH)
    assert answer.status == 503
    assert await answer.json() == {"ok": False, "error": "databricks_down"}
