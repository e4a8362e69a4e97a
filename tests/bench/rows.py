"""The rows of the table of goals, each measured beside its floor in the same world."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

import aiohttp

from bot.adapters.system import SystemClock
from bot.domain.change_request import RequestState
from bot.domain.messages import MessageRef
from bot.domain.names import ChannelId, MessageTs, ModelName
from bot.persistence.database import open_store
from tests.bench.crowd import crowd_model
from tests.bench.figures import Figure, covered, quantile
from tests.bench.stage import (
    CHANNEL,
    LEAD,
    REQUESTER,
    VIEWER,
    Json,
    Stage,
    cpu_seconds,
    memory_mb,
    seconds,
    spans,
)
from tests.builders import make_evidence, make_plan, make_request

HERALD = ("bot", "run")
ECHO = ("tests.bench.echo_bot",)

QUIET_COMMANDS = 60
QUIET_PAUSE_S = 0.25
"""Between two commands, so that what the one before began is over; for the floor too."""

RATE_PER_S = 20
LOADED_S = 15
HANGING = 50
HANGS = (
    "/api/2.0/mlflow/runs/",
    "/api/2.0/mlflow/logged-models/",
    "/api/2.0/mlflow/artifacts/",
    "/api/2.0/fs/",
    "/api/2.0/serving-endpoints",
)
"""Reads that come late in a question, so that each kind of back end has its calls in hand."""

COMPARISONS = 15
SLOW_S = 0.1
CLICKS = 100
CHANNELS = ("C0RELEASES", "C0HEALTH", "C0INCIDENTS")
"""Slack takes one new message a second and channel."""

SETTLE_S = 0.6
"""Between click and look, so that looking takes no time from what is measured."""
PENDING = 1000
IDLE_S = 60
"""A whole minute: endpoints are sampled, and models read, once a minute."""
STARTS = 5


async def ack(stage: Stage, scale: int) -> list[Figure]:
    """Measure acknowledgements: quiet beside a bare echo, then with back ends that hang."""
    with stage.joined(*ECHO):
        await stage.linked()
        floor = await _acks(stage, "compare scorer", QUIET_COMMANDS, QUIET_PAUSE_S)
    await stage.linked(0)
    with stage.joined(*HERALD):
        await _warm(stage)
        quiet = await _acks(stage, "compare scorer", QUIET_COMMANDS, QUIET_PAUSE_S)
        loaded, arrived = await _acks_while_hanging(stage)
    await stage.linked(0)
    half, most = quantile(floor, 0.5), quantile(floor, 0.99)
    return [
        _figure("ack", "quiet, p50", quantile(quiet, 0.5), "ms", scale, half, 2 * half),
        _figure("ack", "quiet, p99", quantile(quiet, 0.99), "ms", scale, most, None),
        _figure(
            "ack",
            f"p99 at {RATE_PER_S}/s, {arrived} calls hang",
            quantile(loaded, 0.99),
            "ms",
            scale,
            most,
            50.0,
        ),
    ]


async def _acks(stage: Stage, text: str, amount: int, pause_s: float = 0) -> list[float]:
    found = []
    for _ in range(amount):
        answer = await stage.command(text)
        if not answer["ok"]:
            raise RuntimeError(f"not acknowledged: {answer}")
        found.append(float(answer["ack_ms"]))
        await asyncio.sleep(pause_s)
    return found


async def _acks_while_hanging(stage: Stage) -> tuple[list[float], int]:
    await stage.control("DELETE", "calls")
    for prefix in HANGS:
        await stage.control("POST", "faults", {"kind": "hang", "path_prefix": prefix})
    waiting = []
    arrived = 0
    try:
        for number in range(RATE_PER_S * LOADED_S):
            waiting.append(asyncio.create_task(_acks(stage, _reading(number), 1)))
            await asyncio.sleep(1 / RATE_PER_S)
        found = [(await task)[0] for task in waiting]
        calls = await stage.calls()
        arrived = sum(call["path"].startswith(HANGS) for call in calls)
    finally:
        await stage.control("DELETE", "faults")
    if arrived < HANGING:
        raise RuntimeError(f"only {arrived} calls reached the back ends")
    return found, arrived


def _reading(number: int) -> str:
    words = ("compare scorer 4", "show iris_classifier", "check scorer 4", "show ranker", "list")
    return words[number % len(words)]


async def compare(stage: Stage, scale: int) -> list[Figure]:
    """Measure a comparison while each read takes a tenth of a second."""
    with stage.joined(*HERALD):
        await _warm(stage)
        for prefix in ("/api/", "/signed-storage/"):
            fault = {"kind": "slow", "seconds": SLOW_S, "path_prefix": prefix}
            await stage.control("POST", "faults", fault)
        try:
            took = [await _comparison(stage) for _ in range(COMPARISONS)]
            floor = [await _bare_chain(stage) for _ in range(COMPARISONS)]
        finally:
            await stage.control("DELETE", "faults")
    await stage.linked(0)
    half = quantile(floor, 0.5)
    return [
        _figure(
            "compare", "p50, reads take 100 ms", quantile(took, 0.5), "s", scale, half, 1.2 * half
        )
    ]


async def _comparison(stage: Stage) -> float:
    started = SystemClock().now().timestamp()
    await stage.command("compare scorer 4")
    return await stage.answer(VIEWER, started, "scorer v4") - started


async def _bare_chain(stage: Stage) -> float:
    """Do the reads of a comparison that have to wait for each other, and nothing else.

    Model (what is champion), version (its run), leave to read the test results of that run, and
    the file with them.
    """
    host, token = stage.databricks, stage.environment["DATABRICKS_TOKEN"]
    headers = {"Authorization": f"Bearer {token}"}
    uc = f"{host}/api/2.0/mlflow/unity-catalog"
    name = "prod.fraud.scorer"
    async with aiohttp.ClientSession() as session:
        await _get(session, f"{host}/api/2.0/serving-endpoints", headers)  # opens the connection
        started = time.perf_counter()
        await _get(session, f"{uc}/registered-models/get?name={name}", headers)
        address = f"{uc}/model-versions/get?name={name}&version=4"
        version = (await _get(session, address, headers))["model_version"]
        signed = await _leave(session, host, version["run_id"], headers)
        async with session.get(signed) as answer:
            await answer.read()
        return time.perf_counter() - started


async def _leave(
    session: aiohttp.ClientSession, host: str, run_id: str, headers: dict[str, str]
) -> str:
    address = f"{host}/api/2.0/mlflow/artifacts/credentials-for-read"
    asked = {"run_id": run_id, "path": ["validation/tests.json"]}
    async with session.post(address, json=asked, headers=headers) as answer:
        found: Json = await answer.json()
    return str(found["credential_infos"][0]["signed_uri"])


async def _get(session: aiohttp.ClientSession, address: str, headers: dict[str, str]) -> Json:
    async with session.get(address, headers=headers) as answer:
        found: Json = await answer.json()
    return found


async def click(stage: Stage, scale: int) -> list[Figure]:
    """Measure from the click that reaches quorum to the first write, without the reads between."""
    with stage.joined(*HERALD):
        await _warm(stage)
        for number in range(CLICKS):
            await _promote(stage, number)
        cards = await _cards(stage)
        took = [await _click(stage, card) for card in cards]
    await stage.linked(0)
    return [
        _figure("click", f"p50 of {CLICKS}, beyond reads", quantile(took, 0.5), "ms", scale),
        _figure(
            "click", f"p99 of {CLICKS}, beyond reads", quantile(took, 0.99), "ms", scale, None, 50.0
        ),
    ]


async def _promote(stage: Stage, number: int) -> None:
    channel, started = CHANNELS[number % len(CHANNELS)], SystemClock().now().timestamp()
    await stage.command(f"promote {crowd_model(number)} 2", REQUESTER, channel)
    await stage.answer(REQUESTER, started, "waits for 1 approval", channel)


async def _cards(stage: Stage) -> list[Json]:
    """Return the cards of all requests, once the channel has them."""
    async with asyncio.timeout(3 * CLICKS):
        while True:
            seen = [await stage.messages(LEAD, 0, channel) for channel in CHANNELS]
            found = [
                {**message, "channel": channel}
                for channel, messages in zip(CHANNELS, seen, strict=True)
                for message in messages
                if "approval needed" in message["text"]
            ]
            if len(found) >= CLICKS:
                return found
            await asyncio.sleep(1)


async def _click(stage: Stage, card: Json) -> float:
    """Return the milliseconds from a click to the first write beyond the time of the reads."""
    await stage.control("DELETE", "calls")
    body = {"user": LEAD, "ts": card["ts"], "action_id": "request.approve"}
    clicked = SystemClock().now().timestamp()
    await stage.human("POST", "action", {**body, "channel": card["channel"]})
    await asyncio.sleep(SETTLE_S)
    async with asyncio.timeout(60):
        while not (writes := await _writes(stage)):  # noqa: ASYNC110 - it happens elsewhere
            await asyncio.sleep(SETTLE_S)
    first = seconds(writes[0]["at"])
    reads = [call for call in await stage.calls() if not _is_write(call)]
    return 1000 * (first - clicked - covered(spans(reads), clicked, first))


async def _writes(stage: Stage) -> list[Json]:
    return [call for call in await stage.calls() if _is_write(call)]


def _is_write(call: Json) -> bool:
    return call["method"] in {"POST", "PUT", "PATCH", "DELETE"} and "alias" in call["path"]


async def idle(stage: Stage, scale: int) -> list[Figure]:
    """Measure what a bot costs that has nothing to do."""
    await _file(stage, PENDING * scale)
    with stage.joined(*HERALD) as bot:
        await _warm(stage)
        await asyncio.sleep(10)
        before = cpu_seconds(bot.pid)
        await asyncio.sleep(IDLE_S)
        busy = 100 * (cpu_seconds(bot.pid) - before) / IDLE_S
        memory = memory_mb(bot.pid)
    await stage.linked(0)
    return [
        _figure("idle", f"processor over {IDLE_S} s", busy, "%", scale, None, 1.0),
        _figure("idle", "resident memory", memory, "MB", scale, None, 200.0),
    ]


async def _file(stage: Stage, amount: int) -> None:
    """Put pending requests on record, as if their cards had been posted long ago."""
    store = await open_store(stage.environment["HERALD_DATABASE_URL"], SystemClock())
    now = SystemClock().now()
    async with store.transaction() as work:
        for number in range(amount):
            identity = await work.requests.next_id()
            plan = make_plan(model=ModelName(f"idle.bench.model_{number:05d}"), endpoints=())
            request = make_request(
                identity,
                RequestState.PENDING,
                evidence=make_evidence(plan=plan),
                created_at=now,
                expires_at=now + timedelta(days=3),
            )
            await work.requests.add(request)
            place = MessageRef(channel=ChannelId(CHANNEL), ts=MessageTs(f"{number}.0"))
            await work.outbox.place(identity, place)
    await store.close()


async def start(stage: Stage, scale: int) -> list[Figure]:
    """Measure from the start of the process to links that are up and a click that is answered."""
    floor = [await _start(stage, ECHO) for _ in range(STARTS)]
    took = [await _start(stage, HERALD) for _ in range(STARTS)]
    half = quantile(floor, 0.5)
    return [_figure("start", f"p50 of {STARTS}", quantile(took, 0.5), "s", scale, half, 2.0)]


async def _start(stage: Stage, module: Sequence[str]) -> float:
    began = time.perf_counter()
    with stage.joined(*module):
        await stage.linked()
        answer = await stage.command("help")
        if not answer["ok"]:
            raise RuntimeError(f"not acknowledged: {answer}")
        took = time.perf_counter() - began
    await stage.linked(0)
    return took


async def _warm(stage: Stage) -> None:
    """Wait until a bot has loaded its clients and read what it keeps in memory."""
    await stage.linked()
    started = SystemClock().now().timestamp()
    await stage.command("compare scorer 4")
    await stage.answer(VIEWER, started, "scorer v4")


def _figure(  # noqa: PLR0913, PLR0917 - a row of a table
    row: str,
    what: str,
    value: float,
    unit: str,
    scale: int,
    floor: float | None = None,
    limit: float | None = None,
) -> Figure:
    return Figure(row=row, what=what, value=value, unit=unit, floor=floor, limit=limit, scale=scale)
