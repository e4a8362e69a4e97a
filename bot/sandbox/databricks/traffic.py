"""Made-up users: many real invocations of one endpoint at once."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field

from bot.sandbox.databricks.bodies import JsonObject
from bot.sandbox.databricks.invocations import Answer, Invocations

Samples = Callable[[str], JsonObject]


class Traffic(BaseModel):
    """How many requests go to which endpoint, and how many of them at a time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoint: str
    requests: int = Field(default=20, ge=1, le=10_000)
    concurrency: int = Field(default=4, ge=1, le=64)
    payload: JsonObject | None = None


async def send_traffic(
    traffic: Traffic, invocations: Invocations, payload: JsonObject
) -> JsonObject:
    """Send the requests and return how they were answered, by status and by entity.

    Raises:
        ApiError: If the endpoint does not exist or serves nothing.
    """
    slots, began = asyncio.Semaphore(traffic.concurrency), time.perf_counter()

    async def send() -> Answer:
        async with slots:
            return await invocations.invoke(traffic.endpoint, payload)

    answers = await asyncio.gather(*(send() for _ in range(traffic.requests)))
    return {
        "requests": len(answers),
        "statuses": Counter(str(answer.status) for answer in answers),
        "served": Counter(answer.entity for answer in answers),
        "seconds": round(time.perf_counter() - began, 3),
    }
