"""The double as the process that `herald sandbox` starts."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.contract.databricks_double.double import TOKEN

DEADLINE_S = 60


def command(state: Path, *options: str) -> list[str]:
    module = [sys.executable, "-m", "bot.sandbox.databricks", "--state", str(state)]
    return [*module, "--token", TOKEN, "--update-seconds", "0.2", *options]


def run_to_end(state: Path, port: str) -> subprocess.CompletedProcess[str]:
    """Run a process that is expected to give up."""
    return subprocess.run(  # noqa: S603 - our own module
        command(state, "--port", port),
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleProcess:
    """A running process and the ready line that it printed."""

    child: subprocess.Popen[str]
    ready: dict[str, object]

    @classmethod
    def start(cls, state: Path) -> "DoubleProcess":
        child = subprocess.Popen(  # noqa: S603 - our own module
            command(state),
            stdout=subprocess.PIPE,
            text=True,
        )
        line = child.stdout.readline() if child.stdout else ""
        return cls(child=child, ready=json.loads(line))

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.ready['port']}"

    def stop(self) -> int:
        """Ask the process to end and return its exit code."""
        self.child.terminate()
        code = self.child.wait(DEADLINE_S)
        if self.child.stdout:
            self.child.stdout.close()
        return code
