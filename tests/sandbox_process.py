"""The sandbox as people start it, in a process of its own on a copy of the seeded world."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.state_folder import MARKER
from tests.seeded_world import copied_world

END_S = 120


def sandbox_state(folder: Path) -> Path:
    """Return a new state below a folder, as a sandbox leaves it after its first start."""
    state = folder / "state"
    state.mkdir()
    (state / MARKER).touch()
    return copied_world(state)


@dataclass
class Sandbox:
    """A sandbox that said it is ready."""

    process: subprocess.Popen[str]
    ready: dict[str, Any]

    @property
    def environment(self) -> dict[str, str]:
        environment: dict[str, str] = self.ready["env"]
        return environment

    def output(self) -> str:
        """Return the rest of what it says on stdout, when it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.read()


def bare_environment() -> dict[str, str]:
    """Return the environment without anything that points at another world."""
    foreign = ("HERALD_", "SLACK_", "DATABRICKS_", "MLFLOW_")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


@contextmanager
def sandbox(state: Path, *flags: str, **chosen: str) -> Iterator[Sandbox]:
    """Start a sandbox on free ports, with these environment variables; it ends with the block."""
    command = [sys.executable, "-m", "bot", "sandbox", "--headless", "--port", "0"]
    with (state.parent / f"{state.name}.stderr").open("w") as stderr:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*command, "--state", str(state), *flags],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**bare_environment(), **chosen},
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, Path(stderr.name).read_text()
            yield Sandbox(process, json.loads(line))
        finally:
            stop(process)


@contextmanager
def joined(module: Sequence[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Let a bot from outside join a sandbox."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", *module], env={**bare_environment(), **environment}
    )
    try:
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[Any]) -> int:
    """End a process as a terminal would, and return its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    code = process.wait(END_S)
    if process.stdout is not None:
        process.stdout.close()
    return code
