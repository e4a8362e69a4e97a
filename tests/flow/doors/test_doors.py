"""Every door of the real bot, in front of the real sandbox: the same words, the same answers."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.tour.clients import until
from tests.sandbox_process import Sandbox, sandbox, sandbox_state

Json = dict[str, Any]

PATIENCE_S = 120.0
REQUESTER, LEAD, VIEWER = "U0REQUESTER", "U0MLLEAD", "U0VIEWER"
CHANNEL = "C0RELEASES"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(sandbox_state(tmp_path_factory.mktemp("doors"))) as running:
        yield running


class People:
    """What people do and see."""

    def __init__(self, page: str, session: aiohttp.ClientSession) -> None:
        self._page = page
        self._session = session

    async def do(self, call: str, **body: object) -> Json:
        async with self._session.post(f"{self._page}human/{call}", json=body) as answer:
            found: Json = await answer.json()
        return found

    async def see(self, what: str, **params: str) -> Json:
        async with self._session.get(f"{self._page}human/{what}", params=params) as answer:
            found: Json = await answer.json()
        return found

    async def texts(self, user: str, channel: str) -> list[str]:
        seen = await self.see("messages", user=user, channel=channel)
        return [message["text"] for message in seen["messages"]]

    async def form(self, user: str) -> Json:
        views: list[Json] = (await self.see("views", user=user))["views"]
        return views[-1] if views else {"blocks": []}


@pytest.fixture
async def people(world: Sandbox) -> AsyncIterator[People]:
    async with aiohttp.ClientSession() as session:
        yield People(world.ready["page"], session)


async def becomes(look: Callable[[], Awaitable[bool]]) -> bool:
    return await until(look, PATIENCE_S)


async def bot_of(people: People) -> str:
    workspace = await people.see("workspace")
    return str(workspace["bot"]["user_id"])


async def direct_channel(people: People, user: str) -> str:
    """Return the direct conversation of a person with Herald."""
    await people.do("home", user=user)
    workspace = await people.see("workspace", user=user)
    return next(str(c["id"]) for c in workspace["channels"] if str(c["id"]).startswith("D"))


async def test_a_mention_is_answered_to_the_one_who_asks(people: People) -> None:
    text = f"<@{await bot_of(people)}> list fraud"
    await people.do("message", user=VIEWER, channel=CHANNEL, text=text)

    async def answered() -> bool:
        return "2 models match 'fraud'" in await people.texts(VIEWER, CHANNEL)

    assert await becomes(answered)
    assert "2 models match 'fraud'" not in await people.texts(LEAD, CHANNEL)


async def test_a_direct_message_is_answered_there(people: People) -> None:
    channel = await direct_channel(people, VIEWER)
    await people.do("message", user=VIEWER, channel=channel, text="list iris")

    async def answered() -> bool:
        return "1 model matches 'iris'" in await people.texts(VIEWER, channel)

    assert await becomes(answered)


async def test_the_shortcut_leads_to_a_card_in_the_releases_channel(people: People) -> None:
    assert (await people.do("shortcut", user=REQUESTER, callback_id="promote_model"))["ok"]

    async def is_open() -> bool:
        form = await people.form(REQUESTER)
        return any(block.get("block_id") == "model" for block in form["blocks"])

    assert await becomes(is_open)
    view = (await people.form(REQUESTER))["id"]
    offered: Json = {}

    async def is_offered() -> bool:
        asked = {"user": REQUESTER, "action_id": "pick.model", "query": "iris", "view_id": view}
        offered.update(await people.do("suggest", **asked))
        return bool(offered["options"])

    assert await becomes(is_offered)
    (option,) = offered["options"]
    picked = {"selected_option": option}
    await people.do(
        "action", user=REQUESTER, view_id=view, action_id="pick.model", value=option["value"]
    )

    async def has_versions() -> bool:
        form = json.dumps(await people.form(REQUESTER))
        return "pick.version" in form

    assert await becomes(has_versions)
    version = f"version.{option['value']}"
    values = {
        "model": {"pick.model": {"type": "external_select", **picked}},
        version: {"pick.version": _static("2")},
        "alias": {"pick.alias": _static("champion")},
        "reason": {"reason": {"type": "plain_text_input", "value": "from the shortcut"}},
    }
    sent = await people.do("submit", user=REQUESTER, view_id=view, values=values)
    assert sent["ok"], sent

    async def has_card() -> bool:
        texts = await people.texts(LEAD, CHANNEL)
        return any("Promote iris_classifier v2" in text for text in texts)

    assert await becomes(has_card)


async def test_the_home_tab_shows_what_waits(people: People) -> None:
    async def shown() -> bool:
        home = await people.do("home", user=LEAD)
        return "churn v1 → champion" in json.dumps(home, ensure_ascii=False)

    command = {"user": REQUESTER, "channel": CHANNEL, "command": "/model"}
    await people.do("command", text="promote churn 1 because first", **command)
    assert await becomes(shown)


async def test_none_of_slacks_rules_was_broken(people: People) -> None:
    assert (await people.see("report"))["violations"] == []


def _static(value: str) -> Json:
    option = {"text": {"type": "plain_text", "text": value}, "value": value}
    return {"type": "static_select", "selected_option": option}
