"""The sandbox's child processes: what they say is passed on, and none outlives the sandbox."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.errors import ChildEndedError

KEPT_LINES = 12
LINE_BYTES = 1024 * 1024
STOP_S = 12.0
"""Herald brings what it began to a resting point before it stops; that takes at most this long."""

_FOREIGN = ("HERALD_", "SLACK_", "DATABRICKS_", "MLFLOW_", "_MLFLOW_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def tell(line: str) -> None:
    """Say something to whoever started the sandbox; stdout belongs to the ready line."""
    try:
        print(line, file=sys.stderr, flush=True)  # noqa: T201 - the sandbox talks in a terminal
    except BrokenPipeError:
        return


def bare_environment() -> dict[str, str]:
    """Return this process's environment without what would point a child at another world."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_FOREIGN) and name.lower() not in _PROXIES
    }


class LastWill:
    """Sees to it that the children end with this process, even when it is killed."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def add(self, pid: int) -> None:
        """Name a child."""
        self._write(f"+{pid}\n")

    def remove(self, pid: int) -> None:
        """Cross out a child that has ended."""
        self._write(f"-{pid}\n")

    def _write(self, line: str) -> None:
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(line.encode())


@asynccontextmanager
async def last_will() -> AsyncIterator[LastWill]:
    """Keep a last will for as long as children may run."""
    process = await asyncio.create_subprocess_exec(
        *module("bot.sandbox.last_will"),
        stdin=PIPE,
        stdout=DEVNULL,
        env=bare_environment(),
        start_new_session=True,
    )
    try:
        yield LastWill(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


def module(name: str, *arguments: str) -> list[str]:
    """Return the command that runs one of our modules."""
    return [sys.executable, "-m", name, *arguments]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a child runs.

    Attributes:
        name: For people, in sentences.
        tag: Stands before each line of its stderr that is passed on.
    """

    name: str
    tag: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path


@dataclass(slots=True, kw_only=True)
class Child:
    """A running child, leader of a process group of its own."""

    program: Program
    process: Process
    will: LastWill
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    _listening: asyncio.Task[None] = field(init=False)

    def __post_init__(self) -> None:
        self.will.add(self.process.pid)
        self._listening = asyncio.create_task(self._listen())

    @property
    def last_lines(self) -> str:
        """What it said last on stderr."""
        return "\n".join(self.lines)

    async def first_line(self) -> bytes:
        """Return the first line of its stdout; empty when it ended without one."""
        out = self.process.stdout
        return await out.readline() if out is not None else b""

    async def ended(self) -> int:
        """Wait for its end and return the exit code."""
        code = await self.process.wait()
        await self._listening
        return code

    def failure(self) -> ChildEndedError:
        """Return what to tell of a child that ended by itself."""
        return ChildEndedError(self.program.name, self.process.returncode, self.last_lines)

    async def stop(self) -> None:
        """Ask it to end, wait, then end whatever is left of its group."""
        if self.process.returncode is None:
            self.process.terminate()
            try:
                await asyncio.wait_for(self.process.wait(), STOP_S)
            except TimeoutError:
                tell(f"{self.program.name} did not stop in {STOP_S:g} s and is killed.")
        self._kill_group()
        await self.ended()
        self.will.remove(self.process.pid)

    def _kill_group(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    async def _listen(self) -> None:
        err = self.process.stderr
        while err is not None and (line := await err.readline()):
            text = line.decode(errors="replace").rstrip()
            self.lines.append(text)
            tell(f"{self.program.tag}: {text}")


async def start(program: Program, will: LastWill) -> Child:
    """Start a child."""
    process = await asyncio.create_subprocess_exec(
        *program.command,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env=dict(program.environment),
        cwd=program.folder,
        limit=LINE_BYTES,
        start_new_session=True,
    )
    return Child(program=program, process=process, will=will)


@asynccontextmanager
async def running(program: Program, will: LastWill) -> AsyncIterator[Child]:
    """Run a child until the end of the block."""
    child = await start(program, will)
    try:
        yield child
    finally:
        await child.stop()
