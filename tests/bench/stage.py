"""The world that is measured: a sandbox without its bot, and the bots that join it."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from tests.bench.crowd import Crowd, add_endpoints, add_models
from tests.sandbox_process import bare_environment, sandbox, sandbox_state

Json = dict[str, Any]

POLICIES = Path(__file__).parent / "policies.yml"
CHANNEL = "C0RELEASES"
REQUESTER, LEAD, VIEWER = "U0REQUESTER", "U0MLLEAD", "U0VIEWER"
LINKS = 2
LOOK_S = 0.002
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A bot that joined."""

    pid: int


class Stage:
    """A world in which bots can be measured."""

    def __init__(self, ready: Json, state: Path, session: aiohttp.ClientSession) -> None:
        self.environment: dict[str, str] = {
            **ready["env"],
            "HERALD_POLICIES": str(POLICIES),
            "HERALD_DATABASE_URL": f"sqlite:///{state / 'bench.db'}",
        }
        self.page: str = ready["page"]
        self.databricks: str = ready["databricks"]
        self.session = session

    @contextmanager
    def joined(self, *module: str) -> Iterator[Bot]:
        """Start a bot, and end it with the block; what it says is thrown away."""
        process = subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, "-m", *module],
            env={**bare_environment(), **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield Bot(pid=process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)

    async def linked(self, links: int = LINKS) -> None:
        """Wait until a bot has so many links."""
        async with asyncio.timeout(PATIENCE_S):
            while await self._links() != links:  # noqa: ASYNC110 - it happens in another process
                await asyncio.sleep(LOOK_S)

    async def _links(self) -> int:
        return int((await self.human("GET", "workspace"))["bot"]["links"])

    async def command(self, text: str, user: str = VIEWER, channel: str = CHANNEL) -> Json:
        """Type a command and return how it was acknowledged."""
        body = {"user": user, "channel": channel, "command": "/model", "text": text}
        return await self.human("POST", "command", body)

    async def messages(self, user: str, after: float, channel: str = CHANNEL) -> list[Json]:
        """Return what somebody sees in a channel from a moment on."""
        found = await self.human("GET", f"messages?user={user}&channel={channel}")
        return [message for message in found["messages"] if float(message["ts"]) > after]

    async def answer(self, user: str, after: float, words: str, channel: str = CHANNEL) -> float:
        """Wait for a message with these words; return when it came, in seconds since 1970."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                for message in await self.messages(user, after, channel):
                    if words in message["text"]:
                        return float(message["ts"])
                await asyncio.sleep(LOOK_S)

    async def human(self, verb: str, path: str, body: Json | None = None) -> Json:
        """Call the human side of Slack."""
        async with self.session.request(verb, f"{self.page}human/{path}", json=body) as answer:
            found: Json = await answer.json()
        return found

    async def control(self, verb: str, path: str, body: Json | None = None) -> Json:
        """Call the control side of Databricks."""
        address = f"{self.databricks}/sandbox/{path}"
        async with self.session.request(verb, address, json=body) as answer:
            found: Json = await answer.json()
        return found

    async def calls(self) -> list[Json]:
        """Return every call that the back ends received since the list was cleared."""
        found: list[Json] = (await self.control("GET", "calls"))["calls"]
        return found


def seconds(moment: str) -> float:
    """Return a moment of the list of calls in seconds since 1970."""
    return datetime.fromisoformat(moment).timestamp()


@asynccontextmanager
async def stage(folder: Path, crowd: Crowd) -> AsyncIterator[Stage]:
    """Lay out a world with a crowd in it."""
    state = sandbox_state(folder)
    await asyncio.to_thread(_populate, state, crowd)
    with sandbox(state, "--no-bot") as running:
        async with aiohttp.ClientSession() as session:
            yield Stage(running.ready, state, session)


def _populate(state: Path, crowd: Crowd) -> None:
    add_models(state, crowd)
    with sandbox(state, "--no-bot"):
        """The first start writes down the demo's endpoints."""
    add_endpoints(state, crowd)


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (resident,) = [line for line in lines if line.startswith("VmRSS")]
    return int(resident.split()[1]) / 1024


def spans(calls: Sequence[Json]) -> list[tuple[float, float]]:
    """Return when each call was in the back end's hands."""
    return [(seconds(c["at"]), seconds(c["ended_at"])) for c in calls if c["ended_at"]]
