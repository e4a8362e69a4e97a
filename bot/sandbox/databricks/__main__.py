"""Run the Databricks double as a process: `python -m bot.sandbox.databricks --state DIR ...`."""

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from bot.sandbox.databricks.app import databricks_app
from bot.sandbox.databricks.model_host_client import ProcessModelHost
from bot.sandbox.databricks.server import serving
from bot.sandbox.databricks.world import DatabricksWorld, WorldSettings
from bot.sandbox.demo.seed import QUIET_MLFLOW, seed


def main() -> int:
    """Serve until SIGTERM or SIGINT; one JSON line on stdout says when all is ready."""
    asked = _arguments().parse_args()
    os.environ.update(QUIET_MLFLOW)
    seed(asked.state)
    settings = WorldSettings(
        state=asked.state, token=asked.token, update_seconds=asked.update_seconds
    )
    try:
        asyncio.run(_run(settings, asked.port))
    except OSError as error:
        sys.stderr.write(f"The Databricks double cannot listen on port {asked.port}: {error}\n")
        return 1
    return 0


async def _run(settings: WorldSettings, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    host = ProcessModelHost()
    starting = asyncio.create_task(host.start(settings.state))
    world = await asyncio.to_thread(DatabricksWorld, settings, host)
    app = await asyncio.to_thread(databricks_app, world)
    await starting
    try:
        async with serving(app, port, world.faults.clear) as bound:
            print(json.dumps({"ready": True, "port": bound}), flush=True)  # noqa: T201 - the ready line
            await stop.wait()
    finally:
        await host.stop()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox.databricks")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", required=True)
    parser.add_argument("--update-seconds", type=float, default=3.0)
    return parser


if __name__ == "__main__":
    sys.exit(main())
