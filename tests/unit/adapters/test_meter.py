"""What Herald counts of itself."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import test_utils, web

from bot.adapters.bulkhead import Bulkhead
from bot.adapters.meter import Meter
from bot.adapters.metrics_page import MetricsPage, Vitals
from bot.adapters.system import SystemClock
from bot.domain.errors import BackEndRefusedError, BackEndUnavailableError, ConfigurationError
from bot.domain.store import Store, UnitOfWork
from bot.persistence.database import open_store


class NoStore:
    """A store that does not answer."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[UnitOfWork]:
        raise BackEndUnavailableError("The database", "it does not answer or is busy")
        yield  # type: ignore[unreachable]  # makes it a generator


@asynccontextmanager
async def shown(
    store: Store, links: int, host: str = "127.0.0.1", port: int = 0, *, valid: bool = True
) -> AsyncIterator[MetricsPage]:
    async def up() -> int:
        return links

    page = MetricsPage(Meter(), Vitals(store, up, lambda: 3, lambda: valid), host, port)
    await page.open()
    try:
        yield page
    finally:
        await page.close()


async def _get(page: MetricsPage, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(page.address + path) as answer:
        return answer.status, await answer.text()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_store(f"sqlite:///{tmp_path}/herald.db", SystemClock())
    yield store
    await store.close()


async def test_the_page_shows_hands_links_and_record(store: Store) -> None:
    async with shown(store, links=2) as page:
        status, text = await _get(page, "/metrics")
    lines = text.splitlines()
    assert status == 200
    assert "herald_questions_in_hand 3.0" in lines
    assert "herald_slack_links_up 2.0" in lines
    assert "herald_database_up 1.0" in lines
    assert "herald_outbox_waiting 0.0" in lines
    assert 'herald_change_requests{state="pending"} 0.0' in lines


async def test_the_page_shows_whether_the_policy_files_are_in_force(store: Store) -> None:
    for valid in (True, False):
        async with shown(store, links=1, valid=valid) as page:
            lines = (await _get(page, "/metrics"))[1].splitlines()
        assert f"herald_config_valid {float(valid)}" in lines


async def test_herald_is_ready_with_a_link_and_its_database(store: Store) -> None:
    async with shown(store, links=1) as page:
        assert await _get(page, "/readyz") == (200, "ready\n")


async def test_what_is_missing_is_said_while_herald_is_alive() -> None:
    async with shown(NoStore(), links=0) as page:
        missing = "no link to Slack is up; the database does not answer\n"
        assert await _get(page, "/readyz") == (503, missing)
        assert await _get(page, "/healthz") == (200, "alive\n")
        assert "herald_database_up 0.0" in (await _get(page, "/metrics"))[1].splitlines()


async def test_a_port_that_is_taken_is_told(store: Store) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=f"HERALD_METRICS_PORT.*port {port}: address"):
            async with shown(store, links=0, port=port):
                pass


async def test_a_host_of_another_machine_is_told(store: Store) -> None:
    with pytest.raises(ConfigurationError, match="HERALD_METRICS_PORT"):
        async with shown(store, links=0, host="192.0.2.1"):
            pass


async def test_calls_are_counted_by_how_they_ended() -> None:
    meter = Meter()
    pool = Bulkhead("The registry", 1, timedelta(seconds=5), SystemClock(), meter.called)

    def refuse() -> None:
        raise BackEndRefusedError("The registry", "no")

    def fail() -> None:
        raise BackEndUnavailableError("The registry", "gone")

    await pool.run(lambda: None)
    for call, error in ((refuse, BackEndRefusedError), (fail, BackEndUnavailableError)):
        with pytest.raises(error):
            await pool.run(call)
    await pool.close()
    lines = meter.page().decode().splitlines()
    for outcome in ("ok", "refused", "unavailable"):
        labels = f'back_end="The registry",outcome="{outcome}"'
        assert f"herald_back_end_calls_total{{{labels}}} 1.0" in lines
    assert 'herald_back_end_call_seconds_count{back_end="The registry"} 3.0' in lines


async def test_acknowledgements_are_counted_by_their_seconds() -> None:
    meter = Meter()
    meter.acked(0.004)
    lines = meter.page().decode().splitlines()
    assert 'herald_ack_seconds_bucket{le="0.005"} 1.0' in lines
    assert 'herald_ack_seconds_bucket{le="0.0025"} 0.0' in lines


async def test_calls_to_slack_are_counted_by_the_session() -> None:
    meter = Meter()

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=int(request.query["status"]))

    slack = web.Application()
    slack.router.add_get("/", answer)
    async with (
        test_utils.TestServer(slack, host="127.0.0.1") as server,
        aiohttp.ClientSession(trace_configs=[meter.of_slack()]) as session,
    ):
        for status in ("200", "429"):
            async with session.get(server.make_url("/"), params={"status": status}):
                pass
        with pytest.raises(aiohttp.ClientError):
            await session.get("http://127.0.0.1:9/")
    lines = meter.page().decode().splitlines()
    for outcome in ("ok", "refused", "unavailable"):
        labels = f'back_end="Slack",outcome="{outcome}"'
        assert f"herald_back_end_calls_total{{{labels}}} 1.0" in lines
