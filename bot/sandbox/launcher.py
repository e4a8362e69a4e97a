"""Starts the whole sandbox: Slack and its page here, Databricks and the bot as children."""

import asyncio
import os
import signal
import webbrowser
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from bot.sandbox.bot_keeper import BotKeeper
from bot.sandbox.children import last_will, tell
from bot.sandbox.errors import SandboxError, UnknownRegistryError, UnusableAddressError
from bot.sandbox.lines import say
from bot.sandbox.state_folder import held_state
from bot.sandbox.tour.play import play
from bot.sandbox.world import (
    DATABRICKS_TOKEN,
    POLICIES,
    REGISTRIES,
    Layout,
    World,
    bot_program,
    laid_out,
)

LOOK_S = 0.05
LOOPBACK = ("127.0.0.1", "localhost")
TOUR_UPDATE_S = 1.0
TOUR_POLICIES = Path(__file__).parent / "tour" / "policies.yml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxOptions:
    """What the command line asks for.

    Attributes:
        port: For page and Slack; Databricks gets the next one. 0 picks free ones.
        state: Folder in which the world is kept.
        registry: Through which registry the bot reads and writes models: ``uc`` or ``mlflow``.
        with_bot: Whether the bot is started as a child.
        fresh: Whether an earlier world is forgotten.
        tour: Whether the scripted release is played, after which the sandbox ends.
    """

    port: int = 8700
    state: Path = Path(".herald/sandbox")
    registry: str = "uc"
    headless: bool = False
    with_bot: bool = True
    fresh: bool = False
    tour: bool = False


async def run_sandbox(options: SandboxOptions) -> int:
    """Run the sandbox until a signal, or the tour, ends it; return the exit code."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    try:
        if options.registry not in REGISTRIES:
            raise UnknownRegistryError(options.registry)
        with held_state(options.state, fresh=options.fresh) as state:
            return await _unless(stopped, _run(options, state))
    except SandboxError as error:
        tell(str(error))
        return error.exit_code


async def _unless(stopped: asyncio.Event, work: Awaitable[int]) -> int:
    """Return what the work returns, or 0 when a signal comes first; then the work is ended."""
    task, signalled = asyncio.ensure_future(work), asyncio.ensure_future(stopped.wait())
    await asyncio.wait({task, signalled}, return_when=asyncio.FIRST_COMPLETED)
    signalled.cancel()
    if task.done():
        return task.result()
    task.cancel()
    await asyncio.wait({task})
    return 0


async def _run(options: SandboxOptions, state: Path) -> int:
    async with AsyncExitStack() as stack:
        will = await stack.enter_async_context(last_will())
        world = await stack.enter_async_context(laid_out(_layout(options, state), will))
        if options.with_bot:
            keeper = BotKeeper(bot_program(world, state), will)
            await stack.enter_async_context(keeper.kept())
            await _linked(world)
        say(world.ready_line())
        _welcome(world, options)
        if not options.tour:
            await world.child.ended()
            raise world.child.failure()
        await _linked(world)
        return await _tour(world)


def _layout(options: SandboxOptions, state: Path) -> Layout:
    """Return the usual world; the tour's has a second policy, and endpoints that are quick."""
    layout = Layout(state=state, port=options.port, registry=options.registry, http_url=_http_url())
    if not options.tour:
        return layout
    return replace(layout, update_s=TOUR_UPDATE_S, policies=(POLICIES, TOUR_POLICIES))


def _http_url() -> str | None:
    """Return where the bot is to listen instead of holding links, if that is asked for.

    Raises:
        UnusableAddressError: It is not a port of this machine.
    """
    url = os.environ.get("HERALD_HTTP_URL")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme == "http" and parts.hostname in LOOPBACK and bool(parts.port)
    except ValueError:
        is_usable = False
    if not is_usable:
        raise UnusableAddressError(url)
    return url


async def _linked(world: World) -> None:
    """Wait until a bot hears Slack."""
    while not world.workspace.hub.is_up:  # noqa: ASYNC110 - the hub has no event for it
        await asyncio.sleep(LOOK_S)


async def _tour(world: World) -> int:
    failures = await play(world.page, world.databricks, DATABRICKS_TOKEN, say)
    return 1 if failures else 0


def _welcome(world: World, options: SandboxOptions) -> None:
    if options.headless or options.tour:
        return
    tell(f"The sandbox is ready: open {world.page} (Ctrl-C ends it).")
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(world.page)
