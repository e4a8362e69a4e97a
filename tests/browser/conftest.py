"""One browser, one sandbox and one scripted app for all tests of the page."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser.chromium import chromium
from tests.browser.desk import Desk
from tests.browser.scripted import Scripted, scripted_world
from tests.sandbox_process import sandbox, sandbox_state

Open = Callable[..., Awaitable[Desk]]


@pytest.fixture(scope="package")
def herald(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Start the sandbox with its bot, and hand out its ready line."""
    with sandbox(sandbox_state(tmp_path_factory.mktemp("page"))) as started:
        yield started.ready


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Start the browser."""
    path = await asyncio.to_thread(chromium)
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--force-prefers-reduced-motion"]
        )
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def scripted() -> AsyncIterator[Scripted]:
    """Start a Slack double with a small app whose every answer is known."""
    async with scripted_world() as world:
        yield world


@pytest_asyncio.fixture(loop_scope="session")
async def open_desk(browser: Browser) -> AsyncIterator[Open]:
    """Open pages, each in a browser of its own; they must load nothing foreign nor stumble."""
    desks: list[Desk] = []

    async def opened(address: str, user: str = "U0REQUESTER", *, width: int = 1280) -> Desk:
        desk = await Desk.open(browser, address, user, width)
        desks.append(desk)
        return desk

    yield opened
    for desk in desks:
        await desk.close()
    assert [trouble for desk in desks for trouble in desk.troubles] == []
