"""The page fits what it is served beside: routes, blocks and commands."""

import re
from collections.abc import Mapping

import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from bot.sandbox.slack.app import slack_app
from bot.sandbox.slack.seed import demo_workspace
from bot.sandbox.slack.validator.blocks import BLOCKS
from bot.sandbox.slack.validator.elements import ELEMENTS
from bot.sandbox.slack.validator.rich_text import INLINE, RICH_PARTS
from bot.sandbox.world import MANIFEST, PAGE
from handlers.table import TABLE

_CALL = re.compile(r'call\("(GET|POST|PATCH)", [`"](\w+)')
_USAGE = re.compile(r"^  (\w+): \"(.*)\",$", re.MULTILINE)
_CASE = re.compile(r'case "(\w+)"')


def _text(name: str) -> str:
    return (PAGE / name).read_text()


def _kinds(name: str) -> set[str]:
    table = re.search(r"const KINDS = \{(.*?)\};", _text(name), re.DOTALL)
    assert table is not None
    return set(re.findall(r"(\w+)(?:: \w+)?,", table[1] + ","))


async def test_the_page_and_its_files_are_served_beside_the_chat() -> None:
    app: web.Application = slack_app(demo_workspace(), page_dir=PAGE)
    async with TestClient(TestServer(app)) as client:
        page = await client.get("/")
        assert page.content_type == "text/html"
        for path in PAGE.iterdir():
            answer = await client.get(f"/page/{path.name}")
            assert answer.status == 200, path.name
        script = await client.get("/page/app.js")
        assert script.content_type in ("text/javascript", "application/javascript")
        outside = await client.get("/page/../slack/app.py")
        assert outside.status == 404


def test_the_page_lets_nothing_in_but_its_own_files() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', _text("index.html"))
    assert policy is not None
    assert "default-src 'self';" in policy[1]
    assert "unsafe" not in policy[1]
    assert not re.search(r"<script>|<style|\son\w+=|\sstyle=", _text("index.html"))


async def test_every_call_of_the_page_has_a_route() -> None:
    app = slack_app(demo_workspace(), page_dir=PAGE)
    calls = [*_CALL.findall(_text("api.js")), ("GET", "events")]
    assert len(calls) > 10
    for method, path in calls:
        match = await app.router.resolve(make_mocked_request(method, f"/human/{path}"))
        assert match.http_exception is None, path


async def test_a_permalink_leads_to_the_page() -> None:
    app = slack_app(demo_workspace(), page_dir=PAGE)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/archives/C0RELEASES/p1700000000000100", allow_redirects=False)
        assert answer.status == 302
        assert answer.headers["Location"] == "/#/archives/C0RELEASES/p1700000000000100"


@pytest.mark.parametrize(
    ("script", "known"),
    [("blocks.js", BLOCKS), ("elements.js", ELEMENTS)],
    ids=["blocks", "elements"],
)
def test_the_page_shows_every_kind_that_the_chat_takes(
    script: str, known: Mapping[str, object]
) -> None:
    assert set(known) <= _kinds(script)


def test_the_page_shows_all_that_may_stand_in_rich_text() -> None:
    assert {*INLINE, *RICH_PARTS} <= set(_CASE.findall(_text("rich_text.js")))


def test_the_page_completes_exactly_the_commands_that_there_are() -> None:
    shown = dict(_USAGE.findall(_text("commands.js")))
    assert shown == {row.command.name: row.command.arguments for row in TABLE}


def test_the_page_offers_exactly_the_shortcuts_of_the_manifest() -> None:
    shortcuts = yaml.safe_load(MANIFEST.read_text())["features"]["shortcuts"]
    listed = re.search(r"SHORTCUTS = \[\n(.*?)\];", _text("commands.js"), re.DOTALL)
    assert listed is not None
    told = [(each["callback_id"], each["name"]) for each in shortcuts]
    assert re.findall(r'\["(\w+)", "([^"]+)"\]', listed[1]) == told
