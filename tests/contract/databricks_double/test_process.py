import asyncio
import socket
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from tests.contract.databricks_double.process import DoubleProcess, run_to_end


async def arrived(session: ClientSession) -> None:
    async with asyncio.timeout(60):
        while True:
            async with session.get("/sandbox/calls") as answer:
                if (await answer.json())["calls"]:
                    return
            await asyncio.sleep(0.01)


async def test_process_ends_cleanly_on_sigterm_while_a_call_hangs(state: Path) -> None:
    process = await asyncio.to_thread(DoubleProcess.start, state)
    async with ClientSession(process.origin) as session:
        await session.post("/sandbox/faults", json={"kind": "hang", "path_prefix": "/api/"})
        hanging = asyncio.ensure_future(session.get("/api/2.0/serving-endpoints"))
        await arrived(session)
        process.child.terminate()
        with pytest.raises(ClientError):
            await hanging

    assert process.ready["ready"] is True
    assert await asyncio.to_thread(process.stop) == 0


def test_process_names_the_port_that_is_taken(state: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        done = run_to_end(state, port)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith(
        f"The Databricks double cannot listen on port {port}:"
    )
