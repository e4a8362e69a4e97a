"""A process that loads model versions with MLflow and answers requests to them over HTTP.

`python -m bot.sandbox.databricks.model_host --state DIR [--port 0] [--with-parent]` prints one line
`{"port": n}` once it listens. Loading runs the model's own code, hence the process of its own.

    POST   /load                     {"key": "NAME/VERSION", "uri"?}  -> 200 | 422 {"message"}
    DELETE /load/NAME/VERSION        -> 200 | 404
    POST   /invoke/NAME/VERSION      MLflow's scoring JSON -> {"predictions"} | MLflow's error
    GET    /health                   -> {"loaded": [keys]}
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aiohttp import web

from bot.hanging_up import hang_up
from bot.sandbox.databricks.model_host_shelf import NotLoadedError, Shelf

HOST = "127.0.0.1"
SCORING_THREADS = 16
REQUEST_BYTES = 16 * 1024 * 1024  # Databricks Model Serving takes 16 MB a request


class ModelRoutes:
    """The host's routes; what blocks runs in threads, so that it goes on listening."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._loading = ThreadPoolExecutor(1, "load")
        self._scoring = ThreadPoolExecutor(SCORING_THREADS, "score")

    def app(self) -> web.Application:
        """Return the application; it begins to import MLflow as soon as it runs."""
        app = web.Application(client_max_size=REQUEST_BYTES)
        app.add_routes(
            [
                web.post("/load", self.load),
                web.delete("/load/{name}/{version}", self.unload),
                web.post("/invoke/{name}/{version}", self.invoke),
                web.get("/health", self.health),
            ]
        )
        app.on_startup.append(self._begin)
        app.on_cleanup.append(self._end)
        return app

    async def load(self, request: web.Request) -> web.Response:
        """Load a model; the reason of a failure is the error's own text."""
        asked = await request.json()
        key = str(asked["key"])
        uri = str(asked.get("uri") or f"models:/{key}")
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._loading, self._shelf.load, key, uri)
        except Exception as error:  # noqa: BLE001 - a model's code may raise anything
            return web.json_response({"message": f"{type(error).__name__}: {error}"}, status=422)
        return web.json_response({"loaded": key})

    async def unload(self, request: web.Request) -> web.Response:
        """Forget a model."""
        known = self._shelf.unload(_key(request))
        return web.json_response({}, status=200 if known else 404)

    async def invoke(self, request: web.Request) -> web.Response:
        """Answer a scoring request."""
        key, body = _key(request), await request.read()
        loop = asyncio.get_running_loop()
        try:
            status, answer = await loop.run_in_executor(
                self._scoring, self._shelf.invoke, key, body
            )
        except NotLoadedError:
            return web.json_response(not_loaded(key), status=404)
        return web.json_response(answer, status=status)

    async def health(self, _request: web.Request) -> web.Response:
        """Say what is loaded."""
        return web.json_response({"loaded": self._shelf.loaded()})

    async def _begin(self, _app: web.Application) -> None:
        self._loading.submit(self._shelf.warm_up)

    async def _end(self, _app: web.Application) -> None:
        for pool in (self._loading, self._scoring):
            pool.shutdown(wait=False, cancel_futures=True)


def not_loaded(key: str) -> dict[str, object]:
    """Return the error body for a key under which nothing is loaded."""
    return {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": f"{key} is not loaded."}


def _key(request: web.Request) -> str:
    return f"{request.match_info['name']}/{request.match_info['version']}"


async def serve(state: Path, port: int, *, with_parent: bool) -> None:
    """Serve until SIGTERM or SIGINT, or until standard input closes when `with_parent`."""
    runner = web.AppRunner(ModelRoutes(Shelf(state)).app())
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)  # noqa: T201 - the ready line
    try:
        await _told_to_stop(with_parent=with_parent)
    finally:
        await hang_up(runner)


async def _told_to_stop(*, with_parent: bool) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    waits: set[asyncio.Task[object]] = {asyncio.create_task(stop.wait())}
    if with_parent:
        waits.add(asyncio.create_task(_parent_gone()))
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)


async def _parent_gone() -> None:
    """Wait until the other end of standard input is closed; a killed parent closes it too."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="Loads demo models and answers requests to them.")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--with-parent", action="store_true")
    asked = parser.parse_args()
    asyncio.run(serve(asked.state.resolve(), asked.port, with_parent=asked.with_parent))
    os._exit(0)  # without waiting for threads that still import or score: nothing is lost


if __name__ == "__main__":
    main()
