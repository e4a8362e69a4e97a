"""What people do and see: buttons of any state, menus, mentions, and a world that changes."""

import asyncio
import json

import pytest
from slack_bolt.async_app import AsyncAck, AsyncRespond

from tests.contract.slack_double.double import Double, Json, running, until
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


async def test_guest_cannot_reach_a_channel_without_membership() -> None:
    async with running() as double:
        outcome = await double.human("message", user="U0GUEST", channel="C0HEALTH", text="hi")

        assert (outcome["status"], outcome["error"]) == (404, "channel_not_found")


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
    async with running() as double, connected(double) as echo:
        bodies = noting_actions(echo, "approve")
        ts = await posted(double, button("approve", "card-1"))
        await double.human("action", **PLACE, ts=ts, action_id="approve")
        await asyncio.sleep(0.42)
        async with double.session.post(bodies[0]["response_url"], json={"text": "x"}) as response:
            assert response.status == 404

        assert double.rules_broken() == ["expired_url"]


async def test_mention_reaches_the_app_and_other_talk_does_not() -> None:
    async with running() as double, connected(double) as echo:
        heard: list[Json] = []

        async def hear(event: Json) -> None:
            heard.append(event)

        echo.app.event("app_mention")(hear)
        await double.human("message", **PLACE, text="lunch?")
        await double.human("message", **PLACE, text="<@U0HERALD> help")
        await until(lambda: bool(heard))

        assert [event["text"] for event in heard] == ["<@U0HERALD> help"]
        assert len(echo.received) == 1


async def test_direct_message_reaches_the_app_as_message_im() -> None:
    async with running() as double, connected(double) as echo:
        heard: list[Json] = []

        async def hear(event: Json) -> None:
            heard.append(event)

        echo.app.event("message")(hear)
        await double.human("message", user=RITA, channel="D0REQUESTER", text="help")
        await until(lambda: bool(heard))

        assert (heard[0]["channel_type"], heard[0]["text"]) == ("im", "help")


async def test_the_bots_own_mention_of_itself_does_not_come_back() -> None:
    async with running() as double, connected(double) as echo:
        await double.api("chat.postMessage", channel="C0RELEASES", text="<@U0HERALD> talks")
        await double.human("message", **PLACE, text="<@U0HERALD> marker")
        await until(lambda: bool(echo.received))

        assert [each["payload"]["event"]["user"] for each in echo.received] == [RITA]


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


async def test_typed_text_is_escaped_and_people_become_tokens() -> None:
    async with running() as double, connected(double) as echo:
        typed = "show <!channel> a&b to @risk in <#C0HEALTH> by <@U0ADMIN>"
        await double.human("command", **PLACE, command="/model", text=typed)

        assert echo.received[0]["payload"]["text"] == (
            "show &lt;!channel&gt; a&amp;b to <@U0RISK|risk> in <#C0HEALTH|ml-health>"
            " by <@U0ADMIN|admin>"
        )


async def test_world_changes_under_the_bot() -> None:
    async with running() as double:
        outcome = await double.change(
            users={"U0RISK": {"deleted": True}},
            groups={"S0RISK": ["U0RISK", "U0ADMIN"]},
            channels={"C0HEALTH": {"members": ["U0ADMIN", "U0HERALD"]}},
        )

        assert outcome["ok"]
        assert (await double.api("users.info", user="U0RISK"))["user"]["deleted"]
        group = await double.api("usergroups.users.list", usergroup="S0RISK")
        assert group["users"] == ["U0ADMIN"]
        members = await double.api("conversations.members", channel="C0HEALTH")
        assert members["members"] == ["U0ADMIN", "U0HERALD"]


async def test_change_of_somebody_unknown_changes_nothing() -> None:
    async with running() as double:
        outcome = await double.change(
            users={"U0RISK": {"deleted": True}, "U0NOBODY": {"deleted": True}}
        )

        assert outcome["status"] == 404
        assert not double.workspace.state.users["U0RISK"].deleted


async def test_body_with_an_unknown_key_is_refused() -> None:
    async with running() as double:
        outcome = await double.human("message", **PLACE, text="hi", colour="red")

        assert (outcome["status"], outcome["detail"][0]["loc"]) == (400, ["colour"])


async def test_page_of_another_site_is_refused() -> None:
    async with running() as double:
        url, headers = f"{double.origin}/human/message", {"Origin": "http://elsewhere.example"}
        body = {**PLACE, "text": "hi"}
        async with double.session.post(url, json=body, headers=headers) as response:
            assert response.status == 403


async def test_replies_show_in_their_thread_only() -> None:
    async with running() as double:
        parent = await double.human("message", **PLACE, text="parent")
        await double.human("message", **PLACE, text="reply", thread_ts=parent["ts"])

        top = await double.messages(RITA, "C0RELEASES")
        thread = await double.messages(RITA, "C0RELEASES", thread_ts=parent["ts"])
        assert [(each["text"], each["reply_count"]) for each in top] == [("parent", 1)]
        assert [each["text"] for each in thread] == ["parent", "reply"]


async def test_events_stream_what_this_person_can_see() -> None:
    async with running() as double:
        url = f"{double.origin}/human/events"
        async with double.session.get(url, params={"user": RITA}) as stream:
            await stream.content.readuntil(b": connected\n\n")
            risk = {"channel": "C0RELEASES", "user": "U0RISK", "text": "secret"}
            await double.api("chat.postEphemeral", **risk)
            await double.api("chat.postMessage", channel="C0RELEASES", text="for all")
            frame = await stream.content.readuntil(b"\n\n")

        event = json.loads(frame.removeprefix(b"data: "))
        assert (event["type"], event["message"]["text"]) == ("message", "for all")


async def test_report_counts_calls_and_acknowledgements() -> None:
    async with running() as double, connected(double) as echo:
        noting_actions(echo, "approve")
        ts = await posted(double, button("approve", "card-1"))
        await double.human("action", **PLACE, ts=ts, action_id="approve")

        report = await double.see("report")
        assert report["calls"]["chat.postMessage"] == 1
        assert len(report["acks"]["block_actions"]) == 1
        assert report["ack_ms"]["p50"] == report["ack_ms"]["max"]
        assert report["violations"] == []
