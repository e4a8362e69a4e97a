"""The bot as a process in HTTP mode, in front of the real sandbox."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.adapters.slack_http import PATH
from bot.sandbox.tour.stage import actions, words
from tests.flow.bad_input.world import APPROVE, LEAD, REQUESTER, Bot, Json, World, until, world_of
from tests.flow.http.slack import in_a_form, signed
from tests.kept_port import kept_port
from tests.sandbox_process import sandbox, sandbox_state

CHANNEL = "C0RELEASES"


@pytest.fixture
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    state = sandbox_state(tmp_path_factory.mktemp("http"))
    with kept_port() as port, sandbox(state, "--no-bot") as ready:
        chosen = {"HERALD_MODE": "http", "HERALD_HTTP_PORT": str(port)}
        bot = Bot({**ready.environment, **chosen, "SLACK_APP_TOKEN": ""})
        bot.start()
        async with aiohttp.ClientSession() as session:
            yield world_of(ready, bot, session)
        bot.stop()
        assert bot.process.returncode == 0


async def _post(world: World, body: bytes) -> int:
    environment = world.bot.environment
    address = f"http://127.0.0.1:{environment['HERALD_HTTP_PORT']}{PATH}"
    headers = signed(body, secret=environment["SLACK_SIGNING_SECRET"])
    try:
        async with world.session.post(address, data=body, headers=headers) as answer:
            return answer.status
    except aiohttp.ClientConnectionError:
        return 0


async def test_a_release_is_asked_for_and_approved_over_http(world: World) -> None:
    typed = {"user_id": REQUESTER, "channel_id": CHANNEL, "command": "/model", "trigger_id": "1.1"}
    line = urlencode({**typed, "text": "promote churn 1 because it is the first"}).encode()

    async def listens() -> bool:
        return await _post(world, b"{}") == 200

    assert await until(listens)
    assert [await _post(world, line) for _ in range(2)] == [200, 200]
    found: list[Json] = []

    async def has_card() -> bool:
        found[:] = [m for m in await world.messages() if APPROVE in actions(m)]
        return bool(found)

    assert await until(has_card)
    (card,) = found
    assert await _post(world, _click(card)) == 200
    await world.becomes(card, "✅ churn v1 is champion")
    truth = await world.control.truth()
    assert truth["models"]["prod.ml_team.churn"]["champion"] == 1
    assert "Approved by @U0MLLEAD" in words(await world.card(card))
    assert await world.violations() == []


def _click(card: Json) -> bytes:
    (button,) = [
        element
        for block in card["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == APPROVE
    ]
    clicked: Json = {
        "type": "block_actions",
        "trigger_id": "2.2",
        "user": {"id": LEAD},
        "channel": {"id": CHANNEL},
        "actions": [{"action_id": APPROVE, "value": button["value"]}],
    }
    return in_a_form(clicked)
