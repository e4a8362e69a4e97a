"""What people do and see: buttons of any state, menus, mentions, and a world that changes."""

import pytest
from slack_bolt.async_app import AsyncAck, AsyncRespond

from tests.contract.slack_double.double import STALE, Double, Json, running, until
from tests.contract.slack_double.echo_app import Echo, connected
from tests.contract.slack_double.sound_blocks import (
    EXTERNAL,
    OVERFLOW,
    SELECT,
    actions,
    option,
    plain,
)

RITA = "U0REQUESTER"
PLACE = {"user": RITA, "channel": "C0RELEASES"}


def button(action_id: str, value: str) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), "value": value}


async def posted(double: Double, *elements: Json) -> str:
    """Post a message with these elements as the bot; return its time stamp."""
    answer = await double.api(
        "chat.postMessage", channel="C0RELEASES", text="card", blocks=actions(*elements)
    )
    ts: str = answer["ts"]
    return ts


def noting_actions(echo: Echo, *action_ids: str) -> list[Json]:
    """Let the app acknowledge these actions; return the payloads it is sent."""
    bodies: list[Json] = []

    async def note(ack: AsyncAck, body: Json) -> None:
        bodies.append(body)
        await ack()

    for action_id in action_ids:
        echo.app.action(action_id)(note)
    return bodies


async def test_pressed_button_reaches_the_app_with_message_and_place() -> None:
    async with running() as double, connected(double) as echo:
        bodies = noting_actions(echo, "approve")
        ts = await posted(double, button("approve", "card-1"))
        outcome = await double.human("action", **PLACE, ts=ts, action_id="approve")

        assert outcome["ok"]
        assert outcome["ack_ms"] > 0
        (body,) = bodies
        assert body["actions"][0]["value"] == "card-1"
        assert body["container"]["message_ts"] == body["message"]["ts"] == ts
        assert body["channel"] == {"id": "C0RELEASES", "name": "ml-releases"}
        assert body["user"]["id"] == RITA
        assert body["response_url"].startswith(f"{double.origin}/response/")


async def test_button_of_an_earlier_state_can_still_be_pressed() -> None:
    async with running() as double, connected(double) as echo:
        bodies = noting_actions(echo, "approve")
        ts = await posted(double, button("approve", "revision-1"))
        await double.api(
            "chat.update",
            channel="C0RELEASES",
            ts=ts,
            text="card",
            blocks=actions(button("approve", "revision-2")),
        )
        await double.api(
            "chat.update", channel="C0RELEASES", ts=ts, text="closed", blocks=[{"type": "divider"}]
        )
        touch = {**PLACE, "ts": ts, "action_id": "approve"}
        await double.human("action", **touch)
        await double.human("action", **touch, value="revision-1")

        assert [body["actions"][0]["value"] for body in bodies] == ["revision-2", "revision-1"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"action_id": "reject"}, "action_not_found"),
        ({"value": "never-there"}, "action_not_found"),
        ({"block_id": "other"}, "action_not_found"),
        ({"ts": "1.2"}, "message_not_found"),
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
        ({"user": "U0NOBODY"}, "user_not_found"),
    ],
)
async def test_what_is_not_on_the_screen_cannot_be_touched(change: Json, error: str) -> None:
    async with running() as double, connected(double) as echo:
        bodies = noting_actions(echo, "approve")
        ts = await posted(double, button("approve", "card-1"))
        touch = {**PLACE, "ts": ts, "action_id": "approve", **change}
        outcome = await double.human("action", **touch)

        assert (outcome["status"], outcome["error"]) == (404, error)
        assert bodies == []


async def test_ephemeral_buttons_are_for_the_addressee_and_carry_no_message() -> None:
    async with running() as double, connected(double) as echo:
        bodies = noting_actions(echo, "share")
        sent = await double.api(
            "chat.postEphemeral",
            channel="C0RELEASES",
            user=RITA,
            text="table",
            blocks=actions(button("share", "card-1")),
        )
        touch = {"channel": "C0RELEASES", "ts": sent["message_ts"], "action_id": "share"}
        mine = await double.human("action", **touch, user=RITA)
        others = await double.human("action", **touch, user="U0RISK")

        assert mine["ok"]
        assert others["error"] == "message_not_found"
        assert bodies[0]["container"]["is_ephemeral"]
        assert "message" not in bodies[0]


async def test_value_picks_the_option_of_a_menu() -> None:
    async with running() as double, connected(double) as echo:
        bodies = noting_actions(echo, "more", "pick")
        ts = await posted(double, OVERFLOW, SELECT)
        await double.human("action", **PLACE, ts=ts, action_id="more", value="a")
        await double.human("action", **PLACE, ts=ts, action_id="pick", value="b")
        wrong = await double.human("action", **PLACE, ts=ts, action_id="pick", value="z")

        picked = [body["actions"][0]["selected_option"]["value"] for body in bodies]
        assert picked == ["a", "b"]
        state = bodies[1]["state"]["values"]["b"]["pick"]
        assert state["selected_option"]["value"] == "b"
        assert wrong["error"] == "option_not_found"


async def test_suggested_option_can_be_picked() -> None:
    async with running() as double, connected(double) as echo:
        bodies = noting_actions(echo, "ask")

        async def offer(ack: AsyncAck, payload: Json) -> None:
            await ack(options=[option(payload["value"] + "corer")])

        echo.app.options("ask")(offer)
        ts = await posted(double, EXTERNAL)
        place = {**PLACE, "ts": ts, "action_id": "ask"}
        offered = await double.human("suggest", **place, query="s")
        await double.human("action", **place, value="scorer")

        assert [each["value"] for each in offered["options"]] == ["scorer"]
        assert bodies[0]["actions"][0]["selected_option"]["value"] == "scorer"


async def test_answer_to_a_button_may_replace_and_delete_the_message() -> None:
    async with running() as double, connected(double) as echo:

        async def replace(ack: AsyncAck, respond: AsyncRespond) -> None:
            await ack()
            await respond("redrawn", replace_original=True)

        async def delete(ack: AsyncAck, respond: AsyncRespond) -> None:
            await ack()
            await respond(delete_original=True)

        echo.app.action("replace")(replace)
        echo.app.action("delete")(delete)
        ts = await posted(double, button("replace", "1"), button("delete", "2"))
        await double.human("action", **PLACE, ts=ts, action_id="replace")
        await until(lambda: double.workspace.state.messages["C0RELEASES"][0].text == "redrawn")
        await double.human("action", **PLACE, ts=ts, action_id="delete")
        await until(lambda: double.workspace.state.messages["C0RELEASES"][0].is_deleted)

        assert await double.messages(RITA, "C0RELEASES") == []
        assert double.rules_broken() == []


async def test_response_url_expires() -> None:
    async with running(STALE) as double, connected(double) as echo:
        bodies = noting_actions(echo, "approve")
        ts = await posted(double, button("approve", "card-1"))
        await double.human("action", **PLACE, ts=ts, action_id="approve")
        async with double.session.post(bodies[0]["response_url"], json={"text": "x"}) as response:
            assert response.status == 404

        assert double.rules_broken() == ["expired_url"]


async def test_shortcuts_carry_their_callback_and_message() -> None:
    async with running() as double, connected(double) as echo:
        bodies: list[Json] = []

        async def note(ack: AsyncAck, body: Json) -> None:
            bodies.append(body)
            await ack()

        echo.app.shortcut("explain")(note)
        said = await double.human("message", **PLACE, text="what is this")
        await double.human("shortcut", user=RITA, callback_id="explain")
        await double.human("shortcut", **PLACE, callback_id="explain", ts=said["ts"])

        assert [body["type"] for body in bodies] == ["shortcut", "message_action"]
        assert bodies[1]["message"]["text"] == "what is this"
