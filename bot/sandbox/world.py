"""The sandbox's world: Slack and its page in this process, Databricks in a child of its own."""

import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import yaml
from aiohttp import web

from bot.hanging_up import hang_up
from bot.sandbox.children import Child, LastWill, Program, bare_environment, module, running, tell
from bot.sandbox.databricks.mlflow_server import MLFLOW_SERVER
from bot.sandbox.demo.seed import is_seeded
from bot.sandbox.errors import PortTakenError
from bot.sandbox.page.door import databricks_door
from bot.sandbox.slack.app import slack_app
from bot.sandbox.slack.http_sender import HttpSender
from bot.sandbox.slack.seed import demo_workspace
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.state_folder import RECORD_FILE, SLACK_FILE

HOST = "127.0.0.1"
REGISTRIES = ("uc", "mlflow")
DATABRICKS_TOKEN = "sandbox-databricks-token"  # noqa: S105 - it opens nothing but the sandbox
PAGE = Path(__file__).parent / "page" / "static"
POLICIES = Path(__file__).parents[2] / "policies" / "sandbox.yml"
MANIFEST = Path(__file__).parents[2] / "manifest.yml"
TIMEOUT = aiohttp.ClientTimeout(total=5)
UPDATE_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a world is to be.

    Attributes:
        state: Folder in which it is kept.
        port: For page and Slack; Databricks gets the next one. 0 picks free ones.
        registry: Through which registry the bot reads and writes models: ``uc`` or ``mlflow``.
        update_s: Seconds that an endpoint's update takes at least.
        policies: Policy files of the bot that joins.
        http_url: Where the bot listens in HTTP mode; None for Socket Mode.
    """

    state: Path
    port: int
    registry: str = "uc"
    update_s: float = UPDATE_S
    policies: tuple[Path, ...] = (POLICIES,)
    http_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A world that is up.

    Attributes:
        page: Address of the page, with its last slash.
        databricks: Address of the Databricks double.
        environment: What a bot, or any official client, needs to join.
        child: The process of the Databricks double.
    """

    workspace: Workspace
    page: str
    databricks: str
    environment: dict[str, str]
    child: Child

    def ready_line(self) -> str:
        """Return the one line that says that everything is up, as JSON."""
        return json.dumps(
            {
                "ready": True,
                "page": self.page,
                "databricks": self.databricks,
                "mlflow_tracking_uri": self.environment["MLFLOW_TRACKING_URI"],
                "env": self.environment,
            }
        )


@asynccontextmanager
async def laid_out(layout: Layout, will: LastWill) -> AsyncIterator[World]:
    """Bring the world up, and keep it until the end of the block.

    Raises:
        PortTakenError: Another program listens on the port.
        ChildEndedError: Databricks did not come up.
    """
    _see_that_free(layout.port)
    if not is_seeded(layout.state):
        tell("First start: training and registering the demo models takes about half a minute.")
    async with running(_databricks_program(layout), will) as child:
        databricks = await _address(child, layout.port)
        async with _slack(layout, databricks) as (workspace, page):
            yield World(
                workspace=workspace,
                page=page,
                databricks=databricks,
                environment=_environment(workspace, page, databricks, layout),
                child=child,
            )


def bot_program(world: World, state: Path) -> Program:
    """Return the bot, with nothing but the environment of the ready line to know the world by."""
    return Program(
        name="Herald",
        tag="herald",
        command=module("bot", "run"),
        environment={**bare_environment(), **world.environment},
        folder=state,
    )


def _see_that_free(port: int) -> None:
    """Refuse taken ports before the demo models are made, which takes half a minute."""
    for own in (port, port + 1) if port else ():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, own))
            except (OSError, OverflowError):
                raise PortTakenError(own) from None


def _databricks_program(layout: Layout) -> Program:
    own = str(layout.port + 1 if layout.port else 0)
    return Program(
        name="The Databricks double",
        tag="databricks",
        command=[
            *module("bot.sandbox.databricks", "--state", str(layout.state)),
            *("--port", own, "--token", DATABRICKS_TOKEN),
            *("--update-seconds", str(layout.update_s)),
        ],
        environment=bare_environment(),
        folder=layout.state,
    )


async def _address(child: Child, port: int) -> str:
    line = await child.first_line()
    if line:
        return f"http://{HOST}:{json.loads(line)['port']}"
    await child.ended()
    if "cannot listen" in child.last_lines:
        raise PortTakenError(port + 1)
    raise child.failure()


def _workspace(layout: Layout) -> Workspace:
    """Install the app as its manifest says: a scope or an event that it lacks shows here first."""
    manifest = yaml.safe_load(MANIFEST.read_text())
    workspace = demo_workspace(
        scopes=frozenset(manifest["oauth_config"]["scopes"]["bot"]),
        events=frozenset(manifest["settings"]["event_subscriptions"]["bot_events"]),
    )
    if layout.http_url is not None:
        workspace.hub.sender = HttpSender(
            hub=workspace.hub,
            url=layout.http_url,
            signing_secret=workspace.tokens.signing_secret,
        )
    return workspace


@asynccontextmanager
async def _slack(layout: Layout, databricks: str) -> AsyncIterator[tuple[Workspace, str]]:
    workspace = _workspace(layout)
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        app = slack_app(
            workspace,
            truth=_truth_of(databricks, session),
            page_dir=PAGE,
            state_file=layout.state / SLACK_FILE,
        )
        app.add_routes(databricks_door(databricks, session))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            yield workspace, await _listening(runner, layout.port)
        finally:
            await hang_up(runner)


async def _listening(runner: web.AppRunner, port: int) -> str:
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError:
        raise PortTakenError(port) from None
    return f"http://{HOST}:{runner.addresses[0][1]}/"


def _truth_of(
    databricks: str, session: aiohttp.ClientSession
) -> Callable[[], Awaitable[dict[str, object]]]:
    async def truth() -> dict[str, object]:
        async with session.get(f"{databricks}/sandbox/truth") as answer:
            found: dict[str, object] = await answer.json()
        return found

    return truth


def _environment(
    workspace: Workspace, page: str, databricks: str, layout: Layout
) -> dict[str, str]:
    tokens = workspace.tokens
    return {
        "SLACK_BOT_TOKEN": tokens.bot,
        "SLACK_APP_TOKEN": tokens.app,
        "SLACK_SIGNING_SECRET": tokens.signing_secret,
        "HERALD_SLACK_API_URL": f"{page}api/",
        "DATABRICKS_HOST": databricks,
        "DATABRICKS_TOKEN": DATABRICKS_TOKEN,
        **_registry(databricks, layout.registry),
        "HERALD_DATABASE_URL": f"sqlite:///{layout.state / RECORD_FILE}",
        "HERALD_POLICIES": ",".join(map(str, layout.policies)),
        "HERALD_RELEASES_CHANNEL": "C0RELEASES",
        "HERALD_DIGEST__CHANNEL": "C0HEALTH",
        "HERALD_ENDPOINT_POLL_S": "1",
        **_mode(layout.http_url),
    }


def _mode(http_url: str | None) -> dict[str, str]:
    """Return what lets the bot listen where this world's Slack posts to."""
    if http_url is None:
        return {}
    return {"HERALD_MODE": "http", "HERALD_HTTP_PORT": str(urlsplit(http_url).port)}


def _registry(databricks: str, registry: str) -> dict[str, str]:
    """Return what leads to the registry, in Herald's words and in MLflow's own."""
    if registry == "uc":
        return {"MLFLOW_TRACKING_URI": "databricks", "MLFLOW_REGISTRY_URI": "databricks-uc"}
    server = f"{databricks}{MLFLOW_SERVER}"
    return {
        "HERALD_REGISTRY": "mlflow",
        "MLFLOW_TRACKING_URI": server,
        "MLFLOW_REGISTRY_URI": server,
        "MLFLOW_TRACKING_TOKEN": DATABRICKS_TOKEN,
    }
