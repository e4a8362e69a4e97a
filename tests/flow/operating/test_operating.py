"""What those see who operate Herald: metrics, readiness, a log; and no secret in any of it."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.flow.bad_input.world import APPROVE, LEAD, REQUESTER, Bot, World, until, world_of
from tests.flow.operating.proxy import Proxy, before
from tests.kept_port import kept_port
from tests.sandbox_process import bare_environment, sandbox, sandbox_state

HOST = "adb-planted-7.19.azuredatabricks.net"
PLANTED = ("dapiplanted0123456789abcdef", "planted-password", HOST)
TOLD = json.dumps(
    {
        "error_code": "PERMISSION_DENIED",
        "message": f"Token {PLANTED[0]} is not valid at https://{HOST}/api, password={PLANTED[1]}",
    }
)


class LoggedBot(Bot):
    """A bot whose log is kept."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        super().__init__(environment)
        self.log = log

    def start(self) -> None:
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                env={**bare_environment(), **self.environment, "HERALD_BACKEND_DEADLINE_S": "20"},
                stderr=log,
                stdout=log,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Operated:
    """A Herald of which everything that it sends and writes can be read."""

    world: World
    bot: LoggedBot
    slack: Proxy
    databricks: Proxy
    metrics: str
    record: Path

    async def page(self, path: str) -> tuple[int, str]:
        async with self.world.session.get(self.metrics + path) as answer:
            return answer.status, await answer.text()

    async def lines(self) -> list[str]:
        return (await self.page("/metrics"))[1].splitlines()


@pytest.fixture(params=["text", "json"])
async def operated(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[Operated]:
    folder = tmp_path_factory.mktemp("operating")
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        ready = stack.enter_context(sandbox(sandbox_state(folder), "--no-bot"))
        given, port = ready.environment, stack.enter_context(kept_port())
        slack = await stack.enter_async_context(before(ready.ready["page"], session))
        databricks = await stack.enter_async_context(before(given["DATABRICKS_HOST"], session))
        chosen = {
            "HERALD_SLACK_API_URL": f"{slack.origin}/api/",
            "DATABRICKS_HOST": databricks.origin,
            "HERALD_METRICS_PORT": str(port),
            "HERALD_LOG_FORMAT": request.param,
        }
        bot = LoggedBot({**given, **chosen}, folder / "log")
        bot.start()
        stack.callback(bot.stop)
        yield Operated(
            world=world_of(ready, bot, session),
            bot=bot,
            slack=slack,
            databricks=databricks,
            metrics=f"http://127.0.0.1:{port}",
            record=Path(given["HERALD_DATABASE_URL"].removeprefix("sqlite:///")),
        )


async def test_a_release_shows_in_the_metrics_and_no_secret_is_written_anywhere(
    operated: Operated,
) -> None:
    await _is_ready(operated)
    card = await operated.world.ask("promote churn 1 because it is the first")
    assert 'herald_change_requests{state="pending"} 1.0' in await operated.lines()
    await operated.world.clicked(LEAD, card, APPROVE)
    await operated.world.becomes(card, "churn v1 is champion")
    lines = await operated.lines()
    assert 'herald_change_requests{state="succeeded"} 1.0' in lines
    assert "herald_slack_links_up 2.0" in lines
    assert any(line.startswith('herald_back_end_calls_total{back_end="Slack",') for line in lines)
    operated.databricks.answer = (403, TOLD)
    told = await operated.world.told(REQUESTER, "compare gcn_rag_assistant")
    assert "access denied" in told
    operated.databricks.answer = (500, TOLD)
    await operated.world.told(REQUESTER, "endpoints")
    written = await _everything(operated)
    report = await _doctor(operated)
    operated.bot.stop()
    written["log"] = operated.bot.log.read_text()
    assert written["log"]
    written["doctor"] = report
    for where, text in written.items():
        for secret in _secrets(operated):
            assert secret not in text, (where, secret)
    if operated.bot.environment["HERALD_LOG_FORMAT"] == "json":
        kept = [json.loads(line) for line in written["log"].splitlines()]
        assert "Herald hears Slack" in [line["message"] for line in kept]


async def _is_ready(operated: Operated) -> None:
    async def look() -> bool:
        try:
            return (await operated.page("/readyz"))[0] == 200
        except aiohttp.ClientConnectionError:
            return False

    assert await until(look)
    assert await operated.page("/healthz") == (200, "alive\n")


def _secrets(operated: Operated) -> tuple[str, ...]:
    named = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "DATABRICKS_TOKEN")
    own = tuple(operated.bot.environment[name] for name in named)
    return (*own, *PLANTED, operated.databricks.origin.removeprefix("http://"))


async def _everything(operated: Operated) -> dict[str, str]:
    """Return all that Herald has written, by where."""
    seen = [await operated.world.messages(user) for user in (REQUESTER, LEAD)]
    files = [p for p in operated.record.parent.glob("herald.db*") if p.is_file()]
    return {
        "calls to Slack": b"\n".join(operated.slack.bodies).decode(errors="replace"),
        "calls to Databricks": b"\n".join(operated.databricks.bodies).decode(errors="replace"),
        "what people see": json.dumps(seen),
        "metrics": (await operated.page("/metrics"))[1],
        "record": "\n".join(p.read_bytes().decode(errors="replace") for p in files),
    }


async def _doctor(operated: Operated) -> str:
    environment = {**bare_environment(), **operated.bot.environment}
    process = await _run([sys.executable, "-m", "bot", "doctor"], environment)
    assert "databricks token" in process
    return process


async def _run(command: list[str], environment: dict[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return output.decode()


def test_the_password_of_a_database_that_is_not_there_is_not_told() -> None:
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "DATABRICKS_HOST": "http://127.0.0.1:9",
        "DATABRICKS_TOKEN": "none",
        "HERALD_POLICIES": str(Path(__file__).parents[3] / "policies" / "sandbox.yml"),
        "HERALD_DATABASE_URL": f"postgresql://herald:{PLANTED[1]}@127.0.0.1:9/herald",
    }
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        env={**bare_environment(), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert ended.stderr == "The database: it does not answer or is busy\n"
