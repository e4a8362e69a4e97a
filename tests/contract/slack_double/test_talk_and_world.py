"""Talk in channels and with the bot, what is shown of it, and a world that changes."""

import json

from slack_bolt.async_app import AsyncAck

from tests.contract.slack_double.double import QUICK, Json, running, until
from tests.contract.slack_double.echo_app import connected

RITA = "U0REQUESTER"
PLACE = {"user": RITA, "channel": "C0RELEASES"}


async def test_guest_cannot_reach_a_channel_without_membership() -> None:
    async with running() as double:
        outcome = await double.human("message", user="U0GUEST", channel="C0HEALTH", text="hi")

        assert (outcome["status"], outcome["error"]) == (404, "channel_not_found")


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


async def test_typed_text_is_escaped_and_people_become_tokens() -> None:
    async with running(QUICK) as double, connected(double) as echo:
        typed = "show <!channel> a&b to @risk in <#C0HEALTH> by <@U0ADMIN>"
        await double.human("command", **PLACE, command="/model", text=typed)
        await until(lambda: bool(echo.received))

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

        async def greet(ack: AsyncAck) -> None:
            await ack()

        echo.app.command("/model")(greet)
        await double.human("command", **PLACE, command="/model")
        await double.api("chat.postMessage", channel="C0RELEASES", text="words")

        report = await double.see("report")
        assert report["calls"]["chat.postMessage"] == 1
        assert len(report["acks"]["slash_commands"]) == 1
        assert report["ack_ms"]["p50"] == report["ack_ms"]["max"]
        assert report["violations"] == []


async def test_archived_channel_takes_nobodys_words() -> None:
    async with running() as double:
        await double.change(channels={"C0RELEASES": {"is_archived": True}})
        outcome = await double.human("message", **PLACE, text="hi")

        assert (outcome["status"], outcome["error"]) == (409, "is_archived")


async def test_listener_that_goes_away_does_not_disturb_the_others() -> None:
    async with running() as double:
        url = f"{double.origin}/human/events"
        async with double.session.get(url) as stays:
            await stays.content.readuntil(b": connected\n\n")
            async with double.session.get(url) as leaves:
                await leaves.content.readuntil(b": connected\n\n")
            for number in range(3):
                await double.human("message", **PLACE, text=str(number))
            frames = [await stays.content.readuntil(b"\n\n") for _ in range(3)]

        texts = [json.loads(frame.removeprefix(b"data: "))["message"]["text"] for frame in frames]
        assert texts == ["0", "1", "2"]


async def test_answer_with_bad_blocks_is_not_shown() -> None:
    async with running() as double, connected(double) as echo:

        async def greet(ack: AsyncAck) -> None:
            await ack(text="words", blocks=[{"type": "marquee"}])

        echo.app.command("/model")(greet)
        await double.human("command", **PLACE, command="/model")

        assert await double.messages(RITA, "C0RELEASES") == []
        assert double.rules_broken() == ["invalid_blocks"]


async def test_answer_may_replace_the_acknowledgement_of_a_command() -> None:
    async with running() as double, connected(double) as echo:

        async def work(ack: AsyncAck) -> None:
            await ack("working")

        echo.app.command("/model")(work)
        await double.human("command", **PLACE, command="/model")
        address, answer = echo.received[0]["payload"]["response_url"], {"replace_original": True}
        async with double.session.post(address, json={**answer, "text": "done"}) as response:
            assert response.status == 200

        assert [m["text"] for m in await double.messages(RITA, "C0RELEASES")] == ["done"]


async def test_answer_in_channel_is_for_all() -> None:
    async with running() as double, connected(double) as echo:

        async def greet(ack: AsyncAck) -> None:
            await ack(text="hello all", response_type="in_channel")

        echo.app.command("/model")(greet)
        await double.human("command", **PLACE, command="/model")

        assert [m["text"] for m in await double.messages("U0RISK", "C0RELEASES")] == ["hello all"]
