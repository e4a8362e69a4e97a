"""The tour's hands and eyes: the human side of Slack, and the back ends' own truth."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

Json = dict[str, Any]

PATIENCE_S = 40.0
"""Seconds that the tour waits for a change to end; endpoints take their time."""

ANSWER_S = 30.0
"""Seconds that it waits for a private answer."""

LOOK_S = 0.1
CHANNEL = "C0RELEASES"


class HumanClient:
    """What a person in the chat can do and see."""

    def __init__(self, page: str, session: aiohttp.ClientSession) -> None:
        self._base = page.rstrip("/") + "/human"
        self._session = session

    async def type(self, user: str, text: str) -> Json:
        """Type a line behind the slash command; return Slack's answer."""
        body = {"user": user, "channel": CHANNEL, "command": "/model", "text": text}
        return await self._send("POST", "command", body)

    async def click(self, user: str, message: Json, action: str) -> Json:
        """Click a button of a message."""
        body = {"user": user, "channel": CHANNEL, "ts": message["ts"], "action_id": action}
        return await self._send("POST", "action", body)

    async def messages(self, user: str) -> list[Json]:
        """Return what a person sees in the channel, oldest first."""
        params = {"user": user, "channel": CHANNEL}
        async with self._session.get(f"{self._base}/messages", params=params) as answer:
            found: list[Json] = (await answer.json())["messages"]
        return found

    async def report(self) -> Json:
        """Return what Slack noted of the bot's manners."""
        return await self._send("GET", "report")

    async def workspace(self) -> Json:
        """Return people and channels."""
        return await self._send("GET", "workspace")

    async def _send(self, verb: str, path: str, body: Json | None = None) -> Json:
        async with self._session.request(verb, f"{self._base}/{path}", json=body) as answer:
            found: Json = await answer.json()
        return found


class ControlClient:
    """What the back ends hold and were asked, and the troubles that they are given."""

    def __init__(self, databricks: str, token: str, session: aiohttp.ClientSession) -> None:
        self._base = databricks.rstrip("/")
        self._token = token
        self._session = session

    async def truth(self) -> Json:
        """Return aliases by model and served versions by endpoint."""
        return await self._send("GET", "/sandbox/truth")

    async def calls(self) -> list[Json]:
        """Return every call that the back ends received."""
        found: list[Json] = (await self._send("GET", "/sandbox/calls"))["calls"]
        return found

    async def traffic(self, endpoint: str, requests: int) -> Json:
        """Let users ask an endpoint so many times; return how they were answered."""
        return await self._send(
            "POST", "/sandbox/traffic", {"endpoint": endpoint, "requests": requests}
        )

    async def trouble(self, **fault: Any) -> None:
        """Give the back ends a trouble."""
        await self._send("POST", "/sandbox/faults", fault)

    async def heal(self) -> None:
        """Take every trouble away."""
        await self._send("DELETE", "/sandbox/faults")

    async def tags(self, model: str, version: int) -> dict[str, str]:
        """Return the tags of a version."""
        path = "/api/2.0/mlflow/unity-catalog/model-versions/get"
        found = await self._send("GET", f"{path}?name={model}&version={version}")
        return {tag["key"]: tag["value"] for tag in found["model_version"].get("tags", [])}

    async def _send(self, verb: str, path: str, body: Json | None = None) -> Json:
        headers = {"Authorization": f"Bearer {self._token}"}
        address = f"{self._base}{path}"
        async with self._session.request(verb, address, json=body, headers=headers) as answer:
            found: Json = await answer.json()
        return found


async def until(look: Callable[[], Awaitable[bool]], patience_s: float) -> bool:
    """Look again and again until something is true; return whether it became so."""
    deadline = asyncio.get_running_loop().time() + patience_s
    while not await look():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(LOOK_S)
    return True
