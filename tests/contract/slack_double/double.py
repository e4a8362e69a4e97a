"""The Slack double on a free port of loopback, and the calls that tests make to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import ClientSession, ClientTimeout, test_utils, web

from bot.sandbox.slack.app import slack_app
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.seed import SCOPES, demo_workspace
from bot.sandbox.slack.timings import Timings
from bot.sandbox.slack.workspace import Workspace

Json = dict[str, Any]

# However busy the machine is: what bounds a hang only.
PATIENCE_S = 60.0
# No deadline passes, and the pauses are left out that no test needs to sit through.
CALM = Timings(
    ack_s=PATIENCE_S,
    trigger_s=PATIENCE_S,
    refresh_warning_s=0.05,
    event_retries_s=(0.0, 0.05, 0.05),
)
# A tenth of Slack's time for acknowledgements, for tests in which none comes in time.
QUICK = replace(CALM, ack_s=0.3)
# Triggers and addresses for answers are too old at once.
STALE = replace(CALM, trigger_s=0.0, response_url_s=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """A running double."""

    workspace: Workspace
    origin: str
    session: ClientSession

    async def api(self, method: str, *, token: str = "", **args: object) -> Json:
        """Call the Web API with a JSON body, as raw HTTP."""
        answer, _ = await self.api_with_status(method, token=token, **args)
        return answer

    async def api_with_status(
        self, method: str, *, token: str = "", **args: object
    ) -> tuple[Json, int]:
        """Call the Web API and return answer and HTTP status."""
        headers = {"Authorization": f"Bearer {token or self.workspace.tokens.bot}"}
        url = f"{self.origin}/api/{method}"
        async with self.session.post(url, json=args, headers=headers) as response:
            return await response.json(), response.status

    async def human(self, name: str, **body: object) -> Json:
        """Do something as a person."""
        async with self.session.post(f"{self.origin}/human/{name}", json=body) as response:
            answer: Json = await response.json()
            return answer | {"status": response.status}

    async def see(self, name: str, **query: str) -> Json:
        """Look at something as a person."""
        async with self.session.get(f"{self.origin}/human/{name}", params=query) as response:
            shown: Json = await response.json()
            return shown

    async def messages(self, user: str, channel: str, **query: str) -> list[Json]:
        """Return what a person sees in a channel."""
        shown = await self.see("messages", user=user, channel=channel, **query)
        messages: list[Json] = shown["messages"]
        return messages

    async def change(self, **body: object) -> Json:
        """Change the world under the bot."""
        async with self.session.patch(f"{self.origin}/human/workspace", json=body) as response:
            answer: Json = await response.json()
            return answer | {"status": response.status}

    def rules_broken(self) -> list[str]:
        """Return the rules of all violations so far."""
        return [violation["rule"] for violation in self.workspace.report.violations]


@asynccontextmanager
async def running(
    timings: Timings = CALM,
    limits: Limits | None = None,
    scopes: frozenset[str] = SCOPES,
    build: Callable[[Workspace], web.Application] = slack_app,
) -> AsyncIterator[Double]:
    """Run a double for one test."""
    workspace = demo_workspace(timings=timings, limits=limits or Limits.loose(), scopes=scopes)
    server = test_utils.TestServer(build(workspace), host="127.0.0.1")
    await server.start_server()
    origin = str(server.make_url("")).rstrip("/")
    workspace.origin = origin
    try:
        async with ClientSession(timeout=ClientTimeout(total=2 * PATIENCE_S)) as session:
            yield Double(workspace=workspace, origin=origin, session=session)
    finally:
        await server.close()


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something has happened, and fail when it does not."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - the condition is the double's state, it has no event
            await asyncio.sleep(0.005)


def time_runs_out(workspace: Workspace) -> None:
    """Let the time pass that the app has for each acknowledgement that is still missing."""
    for delivery in workspace.hub.deliveries.values():
        if not delivery.answer.done():
            delivery.answer.set_exception(TimeoutError())
