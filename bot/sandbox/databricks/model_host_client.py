"""How the Databricks double asks for models: in a process that really has them, or instantly."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Protocol, cast

import aiohttp

from bot.sandbox.demo.seed import child_environment

START_S = 30
LOAD = aiohttp.ClientTimeout(total=120)
INVOKE = aiohttp.ClientTimeout(total=60)
STOP_S = 5


class ModelLoadError(Exception):
    """A model version could not be loaded; `reason` is what its code said."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ModelHost(Protocol):
    """Where model versions are loaded and answer requests."""

    async def load(self, name: str, version: int) -> None:
        """Load that version; loading it again replaces it.

        Raises:
            ModelLoadError: If it cannot be loaded.
        """

    async def invoke(
        self, name: str, version: int, payload: dict[str, object]
    ) -> tuple[int, dict[str, object]]:
        """Return HTTP status and body of the version's answer to MLflow's scoring JSON."""

    async def unload(self, name: str, version: int) -> None:
        """Forget that version, loaded or not."""

    def memory_percentage(self) -> float | None:
        """Return the share of the machine's memory that models take, None if nobody measures."""


class ProcessModelHost:
    """A model host in a child process, which ends with this one."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None

    async def start(self, state: Path) -> None:
        """Start the process on that state; it imports MLflow while the caller goes on.

        Raises:
            ModelLoadError: If the process does not come up.
        """
        command = ["-m", "bot.sandbox.databricks.model_host", "--state", str(state)]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            "--with-parent",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=child_environment(),
        )
        port = await self._port(self._process)
        self._session = aiohttp.ClientSession(f"http://127.0.0.1:{port}")

    async def stop(self) -> None:
        """End the process; safe to call twice."""
        if self._session is not None:
            await self._session.close()
            self._session = None
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._ended(self._process)

    async def load(self, name: str, version: int) -> None:
        """Load that version from the registry of the state."""
        status, answer = await self._ask("POST", "/load", {"key": f"{name}/{version}"}, LOAD)
        if status != 200:  # noqa: PLR2004 - the one good answer
            raise ModelLoadError(str(answer["message"]))

    async def invoke(
        self, name: str, version: int, payload: dict[str, object]
    ) -> tuple[int, dict[str, object]]:
        """Return the model's answer; 503 when the process is gone or does not answer."""
        return await self._ask("POST", f"/invoke/{name}/{version}", payload, INVOKE)

    async def unload(self, name: str, version: int) -> None:
        """Forget that version."""
        await self._ask("DELETE", f"/load/{name}/{version}", {}, INVOKE)

    def memory_percentage(self) -> float | None:
        """Return the process's share of the machine's memory; None where there is no /proc."""
        if self._process is None:
            return None
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text("ascii").split()[1]
            return 100 * int(pages) / os.sysconf("SC_PHYS_PAGES")
        except (OSError, IndexError, ValueError):
            return None

    async def _ask(
        self, method: str, path: str, body: dict[str, object], limit: aiohttp.ClientTimeout
    ) -> tuple[int, dict[str, object]]:
        if self._session is None:
            return 503, _unavailable("is not running")
        try:
            async with self._session.request(method, path, json=body, timeout=limit) as answer:
                return answer.status, await answer.json()
        except (aiohttp.ClientError, TimeoutError) as error:
            return 503, _unavailable(f"does not answer ({type(error).__name__})")

    async def _port(self, process: asyncio.subprocess.Process) -> int:
        out = cast("asyncio.StreamReader", process.stdout)  # start asked for a pipe
        try:
            line = await asyncio.wait_for(out.readline(), START_S)
            return int(json.loads(line)["port"])
        except (TimeoutError, ValueError) as error:
            await self.stop()
            raise ModelLoadError("The model host did not start.") from error

    async def _ended(self, process: asyncio.subprocess.Process) -> None:
        try:
            await asyncio.wait_for(process.wait(), STOP_S)
        except TimeoutError:
            process.kill()
            await process.wait()


class InstantModelHost:
    """A model host without models: loads at once, answers with the rows it was asked about."""

    def __init__(self, failing: dict[tuple[str, int], str] | None = None) -> None:
        self.failing = failing or {}
        self.loaded: set[tuple[str, int]] = set()

    async def load(self, name: str, version: int) -> None:
        """Load that version, unless it is one of the failing ones."""
        if reason := self.failing.get((name, version)):
            raise ModelLoadError(reason)
        self.loaded.add((name, version))

    async def invoke(
        self, name: str, version: int, payload: dict[str, object]
    ) -> tuple[int, dict[str, object]]:
        """Echo the payload as the prediction."""
        if (name, version) not in self.loaded:
            return 404, {
                "error_code": "RESOURCE_DOES_NOT_EXIST",
                "message": f"{name}/{version} is not loaded.",
            }
        return 200, {"predictions": [payload]}

    async def unload(self, name: str, version: int) -> None:
        """Forget that version."""
        self.loaded.discard((name, version))

    def memory_percentage(self) -> float | None:
        """Return None: there are no models."""
        return None


def _unavailable(why: str) -> dict[str, object]:
    return {"error_code": "TEMPORARILY_UNAVAILABLE", "message": f"The model host {why}."}
