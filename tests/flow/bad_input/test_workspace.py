"""A workspace that changes under Herald: people leave, channels close, Slack itself is down."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.sandbox.tour.stage import actions, words
from tests.flow.bad_input.world import (
    APPROVE,
    LEAD,
    REQUESTER,
    VIEWER,
    Json,
    World,
    until,
)

pytestmark = pytest.mark.xdist_group("bad input")
"""They share one sandbox, one after the other."""

ELSEWHERE = "C0INCIDENTS"
RISK = "U0RISK"
BOT = "U0HERALD"


async def _change(world: World, **body: Any) -> None:
    url = f"{world.page}human/workspace"
    async with world.session.patch(url, json=body) as answer:
        assert (await answer.json())["ok"]


@pytest.fixture
async def elsewhere(world: World) -> AsyncIterator[Json]:
    """Lend out a channel; afterwards it is as it was."""
    channels: list[Json] = (await world.see("workspace"))["channels"]
    (found,) = [channel for channel in channels if channel["id"] == ELSEWHERE]
    yield found
    open_again = {"is_archived": False, "is_private": False, "members": found["members"]}
    await _change(world, channels={ELSEWHERE: open_again})


async def _ask_elsewhere(world: World, text: str) -> Json:
    """Ask for a change in the other channel and return its card, wherever that is."""
    known = {m["ts"] for m in await world.messages()}
    typed = {"user": REQUESTER, "channel": ELSEWHERE, "command": "/model", "text": text}
    assert (await world.human("command", **typed))["ok"]
    found: list[Json] = []

    async def look() -> bool:
        new = [m for m in await world.messages() if m["ts"] not in known]
        found[:] = [m for m in new if APPROVE in actions(m)]
        return bool(found)

    assert await until(look)
    return found[0]


async def _is_told_directly(world: World, said: str) -> bool:
    async def look() -> bool:
        places = (await world.see("workspace", user=REQUESTER))["channels"]
        direct = [place["id"] for place in places if place["id"].startswith("D")]
        seen = [await world.see("messages", user=REQUESTER, channel=place) for place in direct]
        return any(said in m["text"] for shown in seen for m in shown["messages"])

    return await until(look)


@pytest.mark.parametrize("closed", ["left", "archived"])
async def test_a_card_that_cannot_be_posted_where_it_was_asked_for_is_posted_for_the_team(
    world: World, elsewhere: Json, closed: str
) -> None:
    if closed == "archived":
        await _change(world, channels={ELSEWHERE: {"is_archived": True}})
    else:
        others = [user for user in elsewhere["members"] if user != BOT]
        private = {"members": others, "is_private": True}
        await _change(world, channels={ELSEWHERE: private})
    card = await _ask_elsewhere(world, "promote churn 2 because it was asked elsewhere")
    assert "Promote churn v2" in words(card)
    assert await _is_told_directly(world, "is in the channel of releases: Herald cannot post where")
    await world.withdraw(card)


async def test_who_left_may_ask_for_nothing(world: World) -> None:
    await _change(world, users={RISK: {"deleted": True}})
    said = await world.told(RISK, "promote churn 2 because I am still here")
    await _change(world, users={RISK: {"deleted": False}})
    assert "deactivated" in said
    assert not [m for m in await world.messages() if APPROVE in actions(m)]


async def test_a_click_on_a_card_whose_request_is_decided_elsewhere_changes_nothing(
    world: World,
) -> None:
    card = await world.ask("promote churn 2 because of the click to come")
    await world.withdraw(card)
    said = await world.told_on_click(LEAD, card, APPROVE)
    assert "withdrawn" in said or "cancelled" in said
    assert "withdrawn before it began" in words(await world.card(card))


async def test_a_slack_that_is_down_loses_no_card(world: World) -> None:
    known = {m["ts"] for m in await world.messages()}
    await world.human("faults", kind="api_error", error="service_unavailable")
    await world.type(REQUESTER, "promote churn 2 because Slack is down")
    await world.human("faults", kind="drop_link", count=2)
    assert [m for m in await world.messages() if m["ts"] not in known and actions(m)] == []
    await world.heal()
    found: list[Json] = []

    async def look() -> bool:
        new = [m for m in await world.messages() if m["ts"] not in known]
        found[:] = [m for m in new if APPROVE in actions(m)]
        return bool(found)

    assert await until(look)
    assert "Promote churn v2" in words(found[0])
    await world.heard()
    await world.withdraw(found[0])


async def test_a_slack_that_takes_fewer_calls_gets_each_card_once(world: World) -> None:
    await world.human("faults", kind="rate_limit", method="chat.postMessage", seconds=2)
    card = await world.ask("promote churn 2 because Slack is slow")
    same = [m for m in await world.messages() if words(m) == words(card)]
    assert len(same) == 1
    await world.withdraw(card)


async def test_links_that_die_in_silence_are_replaced(world: World) -> None:
    await world.human("faults", kind="silent_close", count=2)
    await world.heard()
    assert "Roles  members" in await world.told(VIEWER, "whoami")


async def test_what_no_database_takes_is_left_out_of_a_reason(world: World) -> None:
    card = await world.ask("promote churn 2 because a\x00b and \ud83d\ude80")
    assert "ab and 🚀" in words(card)
    await world.withdraw(card)


async def test_a_command_of_a_megabyte_is_answered_like_any_other(world: World) -> None:
    said = await world.told(VIEWER, "show " + "a" * 900_000)
    assert "No model" in said
    assert len(said) < 4000
