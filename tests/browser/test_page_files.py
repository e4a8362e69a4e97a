"""The page is plain files of the package: all there, and nothing from another host."""

import re

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox.slack.app import slack_app
from bot.sandbox.slack.seed import demo_workspace
from bot.sandbox.world import PAGE

FILES = sorted(path for path in PAGE.iterdir() if path.is_file())
TEXTS = {path.name: path.read_text() for path in FILES}

_REFERENCE = re.compile(r"""(?:href|src)="(/page/[^"]+)"|from "\./([^"]+)\"""")
_FOREIGN = re.compile(r"""(?:src|href|url|import|from|fetch)\s*[=(]?\s*["'(](?:https?:)?//""")


def _referenced() -> set[str]:
    found = {match for text in TEXTS.values() for match in _REFERENCE.findall(text)}
    return {(absolute or relative).rpartition("/")[2] for absolute, relative in found}


def test_every_file_that_is_named_is_there() -> None:
    assert _referenced() <= set(TEXTS)
    assert {"app.js", "style.css"} <= _referenced()


def test_every_file_is_used() -> None:
    assert set(TEXTS) - _referenced() == {"index.html"}


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_comes_from_another_host(name: str) -> None:
    assert not _FOREIGN.search(TEXTS[name])
    assert "@import" not in TEXTS[name]


@pytest.mark.parametrize("name", [name for name in TEXTS if name.endswith(".js")])
def test_words_of_messages_never_become_markup(name: str) -> None:
    for way_in in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way_in not in TEXTS[name]


async def test_the_page_and_its_files_are_served_beside_the_chat() -> None:
    app: web.Application = slack_app(demo_workspace(), page_dir=PAGE)
    async with TestClient(TestServer(app)) as client:
        page = await client.get("/")
        assert page.content_type == "text/html"
        assert "default-src 'self'" in await page.text()
        for name in TEXTS:
            answer = await client.get(f"/page/{name}")
            assert answer.status == 200, name
        outside = await client.get("/page/../slack/app.py")
        assert outside.status == 404
