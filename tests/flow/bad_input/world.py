"""The whole sandbox for tests: people who type and click, back ends that fail, one real bot."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.sandbox.tour.clients import ControlClient
from bot.sandbox.tour.stage import actions, words
from bot.sandbox.world import DATABRICKS_TOKEN
from tests.sandbox_process import Sandbox, bare_environment, stop

Json = dict[str, Any]

CHANNEL = "C0RELEASES"
REQUESTER, LEAD, LEAD2 = "U0REQUESTER", "U0MLLEAD", "U0MLLEAD2"
VIEWER, GUEST, ADMIN = "U0VIEWER", "U0GUEST", "U0ADMIN"

APPROVE, REJECT, MORE = "request.approve", "request.reject", "request.overflow"
QUICK = {
    "HERALD_ENDPOINT_POLL_S": "0.1",
    "HERALD_BACKEND_DEADLINE_S": "8",
}
UPDATE_S = 0.2
PATIENCE_S = 120.0
TAKEOVER_S = 180.0
"""Above one and a half leases, after which another bot goes on with what a dead one had in hand."""
LOOK_S = 0.03


async def until(look: Callable[[], Awaitable[bool]], patience_s: float = PATIENCE_S) -> bool:
    """Look again and again until something is true; return whether it became so."""
    deadline = asyncio.get_running_loop().time() + patience_s
    while not await look():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(LOOK_S)
    return True


@dataclass
class Bot:
    """The bot as a process of its own, which may be killed and started again."""

    environment: dict[str, str]
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            env={**bare_environment(), **self.environment, **QUICK},
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        stop(self.process)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a test can do in the sandbox, and see of it."""

    page: str
    bot: Bot
    control: ControlClient
    session: aiohttp.ClientSession

    async def human(self, path: str, **body: Any) -> Json:
        """Do something as a person."""
        async with self.session.post(f"{self.page}human/{path}", json=body) as answer:
            done: Json = await answer.json()
            return done

    async def see(self, path: str, **query: str) -> Json:
        """Look at something as a person."""
        async with self.session.get(f"{self.page}human/{path}", params=query) as answer:
            seen: Json = await answer.json()
            return seen

    async def type(self, user: str, text: str) -> None:
        """Type a line; it has to be acknowledged in time."""
        typed = {"user": user, "channel": CHANNEL, "command": "/model", "text": text}
        answer = await self.human("command", **typed)
        assert answer["ok"], answer

    async def told(self, user: str, text: str) -> str:
        """Type a line and return all that Herald tells the one who typed."""
        before = await self.private(user)
        await self.type(user, text)
        return await self._next(user, before)

    async def clicked(self, user: str, card: Json, action: str, value: str | None = None) -> None:
        """Click on a message; it has to be acknowledged in time."""
        body = {"user": user, "channel": CHANNEL, "ts": card["ts"], "action_id": action}
        answer = await self.human("action", **body, **({"value": value} if value else {}))
        assert answer["ok"], answer

    async def told_on_click(
        self, user: str, card: Json, action: str, value: str | None = None
    ) -> str:
        """Click on a message and return what Herald tells the one who clicked."""
        before = await self.private(user)
        await self.clicked(user, card, action, value)
        return await self._next(user, before)

    async def private(self, user: str) -> list[Json]:
        """Return what Herald told a person alone."""
        return [m for m in await self.messages(user) if m.get("ephemeral")]

    async def messages(self, user: str = VIEWER) -> list[Json]:
        """Return what a person sees in the channel."""
        seen: list[Json] = (await self.see("messages", user=user, channel=CHANNEL))["messages"]
        return seen

    async def ask(self, text: str, user: str = REQUESTER) -> Json:
        """Ask for a change and return its card."""
        known = {m["ts"] for m in await self.messages()}
        receipt = await self.told(user, text)
        found: list[Json] = []

        async def look() -> bool:
            new = [m for m in await self.messages() if m["ts"] not in known]
            found[:] = [m for m in new if actions(m) and not m.get("ephemeral")]
            return bool(found)

        assert await until(look), receipt
        return found[0]

    async def card(self, card: Json) -> Json:
        """Return a card as it is shown now."""
        return next(m for m in await self.messages() if m["ts"] == card["ts"])

    async def becomes(self, card: Json, said: str, patience_s: float = PATIENCE_S) -> str:
        """Wait until a card says something; return all that it says then."""

        async def look() -> bool:
            return said in words(await self.card(card))

        held = await until(look, patience_s)
        shown = words(await self.card(card))
        assert held, shown
        return shown

    async def withdraw(self, card: Json, user: str = REQUESTER) -> None:
        """Cancel a request, so that the next test finds the model free."""
        await self.clicked(user, card, MORE, "cancel")
        asked = await self.modal(user)
        await self.human("submit", user=user, view_id=asked["id"], values={})
        await self.becomes(card, "withdrawn before it began")

    async def withdraw_all(self) -> None:
        """Cancel whatever a test that failed has left open."""
        for card in [m for m in await self.messages() if APPROVE in actions(m)]:
            await self.withdraw(card, ADMIN)

    async def modal(self, user: str) -> Json:
        """Wait for a modal and return it."""
        found: list[Json] = []

        async def look() -> bool:
            found[:] = (await self.see("views", user=user))["views"]
            return bool(found)

        assert await until(look)
        return found[-1]

    async def submit(self, user: str, reason: str) -> Json:
        """Send the open modal with a reason."""
        view = await self.modal(user)
        values = {"reason": {"reason": {"type": "plain_text_input", "value": reason}}}
        return await self.human("submit", user=user, view_id=view["id"], values=values)

    async def heard(self) -> None:
        """Wait until the bot hears Slack."""

        async def look() -> bool:
            typed = {"user": ADMIN, "channel": CHANNEL, "command": "/model", "text": "help"}
            return bool((await self.human("command", **typed))["ok"])

        assert await until(look)

    async def violations(self) -> list[Json]:
        """Return every breach of Slack's rules so far."""
        found: list[Json] = (await self.see("report"))["violations"]
        return found

    async def heal(self) -> None:
        """Take every trouble away; updates of endpoints are quick."""
        await self.control.heal()
        async with self.session.delete(f"{self.page}human/faults"):
            pass
        await self.control.trouble(kind="update_takes", seconds=UPDATE_S)

    async def _next(self, user: str, before: list[Json]) -> str:
        known = {m["ts"] for m in before}
        found: list[Json] = []

        async def look() -> bool:
            found[:] = [m for m in await self.private(user) if m["ts"] not in known]
            return bool(found)

        assert await until(look)
        return words(found[0])


def world_of(sandbox: Sandbox, bot: Bot, session: aiohttp.ClientSession) -> World:
    """Return the hands of a test."""
    control = ControlClient(sandbox.ready["databricks"], DATABRICKS_TOKEN, session)
    return World(page=sandbox.ready["page"], bot=bot, control=control, session=session)


async def at_once(*doings: Any) -> list[Any]:
    """Do several things at the same moment."""
    return list(await asyncio.gather(*doings))
