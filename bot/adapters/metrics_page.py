"""The page of metrics and of health, for those who operate Herald."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from bot.adapters.meter import Meter
from bot.domain.change_request import RequestState
from bot.domain.errors import BackEndUnavailableError, ConfigurationError
from bot.domain.store import Store
from bot.hanging_up import hang_up

DATABASE_S = 2.0
"""Seconds that the database has for being counted; less than Prometheus' own patience."""
STOP_S = 1.0
_TYPE = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}


class Vitals:
    """What is looked at when somebody asks: hands, links, policies, database."""

    def __init__(
        self,
        store: Store,
        links: Callable[[], Awaitable[int]],
        in_hand: Callable[[], int],
        is_config_valid: Callable[[], bool],
    ) -> None:
        self._store = store
        self._links = links
        self._in_hand = in_hand
        self._is_config_valid = is_config_valid

    async def is_ready(self) -> tuple[bool, str]:
        """Tell whether Herald hears Slack and has its database, and what is missing."""
        missing = [] if await self._links() else ["no link to Slack is up"]
        if await self._counted() is None:
            missing.append("the database does not answer")
        return not missing, "; ".join(missing) or "ready"

    async def show(self, meter: Meter) -> None:
        """Show everything as it is now."""
        meter.show("herald_questions_in_hand", "Questions that are worked on.", self._in_hand())
        meter.show("herald_slack_links_up", "Ways on which Slack is heard.", await self._links())
        is_valid = self._is_config_valid()
        meter.show("herald_config_valid", "Whether the policy files as they are count.", is_valid)
        counted = await self._counted()
        is_up = counted is not None
        meter.show("herald_database_up", "Whether the database answers.", is_up)
        if counted is None:
            return
        states, waiting = counted
        every = {state.value: states.get(state, 0) for state in RequestState}
        help_ = "Change requests in the record, by state."
        meter.show_each("herald_change_requests", help_, "state", every)
        meter.show("herald_outbox_waiting", "Messages that are to reach Slack.", waiting)

    async def _counted(self) -> tuple[dict[RequestState, int], int] | None:
        try:
            async with asyncio.timeout(DATABASE_S), self._store.transaction() as work:
                return dict(await work.requests.count()), await work.outbox.count()
        except (BackEndUnavailableError, TimeoutError):
            return None


class MetricsPage:
    """Serves ``/metrics``, ``/healthz`` and ``/readyz``."""

    def __init__(self, meter: Meter, vitals: Vitals, host: str, port: int) -> None:
        self._meter = meter
        self._vitals = vitals
        self._host = host
        self._port = port
        server = web.Application()
        server.router.add_get("/metrics", self._metrics)
        server.router.add_get("/healthz", _alive)
        server.router.add_get("/readyz", self._ready)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=STOP_S)

    @property
    def address(self) -> str:
        """Where it listens, once it is open."""
        host, port, *_ = self._runner.addresses[0]
        return f"http://{host}:{port}"

    async def open(self) -> None:
        """Listen.

        Raises:
            ConfigurationError: It cannot listen there.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await hang_up(self._runner)
            why = os.strerror(error.errno) if error.errno and error.errno > 0 else "unknown host"
            raise ConfigurationError(
                "HERALD_METRICS_PORT",
                f"Herald cannot listen at {self._host}, port {self._port}: {why.lower()}",
                "Choose another HERALD_METRICS_PORT or HERALD_METRICS_HOST",
            ) from None

    async def close(self) -> None:
        """Hang up."""
        await hang_up(self._runner)

    async def _metrics(self, _: web.Request) -> web.Response:
        await self._vitals.show(self._meter)
        return web.Response(body=self._meter.page(), headers=_TYPE)

    async def _ready(self, _: web.Request) -> web.Response:
        is_ready, told = await self._vitals.is_ready()
        status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        return web.Response(status=status, text=f"{told}\n")


async def _alive(_: web.Request) -> web.Response:
    return web.Response(text="alive\n")
