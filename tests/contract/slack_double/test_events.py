"""What an app hears of talk, by its subscriptions, and payloads that nobody expects."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientConnectionError
from slack_bolt.async_app import AsyncAck

from bot.sandbox.slack.app import slack_app
from bot.sandbox.slack.people import BOT_ID
from tests.contract.slack_double.double import QUICK, Double, Json, running, until
from tests.contract.slack_double.echo_app import Echo, connected

RITA = "U0REQUESTER"
PLACE = {"user": RITA, "channel": "C0RELEASES"}
DIRECT = {"user": RITA, "channel": "D0REQUESTER"}


@asynccontextmanager
async def hearing() -> AsyncIterator[tuple[Double, Echo]]:
    """Run an app that acknowledges all talk."""
    async with running() as double, connected(double) as echo:

        async def listen(ack: AsyncAck) -> None:
            await ack()

        for kind in ("message", "app_mention"):
            echo.app.event(kind)(listen)
        yield double, echo


async def heard(double: Double, echo: Echo, count: int = 1) -> list[Json]:
    """Return the events, once there are as many and all are acknowledged."""
    await until(lambda: len(echo.received) >= count and not double.workspace.hub.tasks)
    return [each["payload"]["event"] for each in echo.received]


@pytest.mark.parametrize("typed", ["@herald help", "@Herald help", "<@U0HERALD|herald> help"])
async def test_the_bots_name_becomes_a_mention(typed: str) -> None:
    async with hearing() as (double, echo):
        await double.human("message", **PLACE, text=typed)
        (event,) = await heard(double, echo)

        assert (event["type"], event["text"]) == ("app_mention", "<@U0HERALD> help")
        (message,) = await double.messages(RITA, "C0RELEASES")
        assert message["blocks"][0]["elements"][0]["elements"] == [
            {"type": "user", "user_id": "U0HERALD"},
            {"type": "text", "text": " help"},
        ]


async def test_an_address_of_a_mailbox_is_no_mention() -> None:
    async with running() as double:
        await double.human("message", **PLACE, text="ask me@herald or @nobody. <b>")

        (message,) = await double.messages(RITA, "C0RELEASES")
        assert message["text"] == "ask me@herald or @nobody. &lt;b&gt;"


async def test_a_mention_in_a_direct_conversation_is_a_message_alone() -> None:
    async with hearing() as (double, echo):
        await double.human("message", **DIRECT, text="@herald help")
        events = await heard(double, echo)

        assert [(each["type"], each["channel_type"]) for each in events] == [("message", "im")]


async def test_who_subscribes_to_a_channels_talk_hears_a_mention_twice() -> None:
    async with hearing() as (double, echo):
        double.workspace.events |= {"message.channels"}
        await double.human("message", **PLACE, text="@herald help")
        events = await heard(double, echo, 2)

        assert {each["type"] for each in events} == {"message", "app_mention"}
        assert len({each["ts"] for each in events}) == 1


async def test_who_subscribes_to_nothing_hears_nothing() -> None:
    async with running(QUICK) as double, connected(double) as echo:
        double.workspace.events = frozenset()
        await double.human("message", **DIRECT, text="help")
        await double.human("message", **PLACE, text="@herald help")
        await double.human("command", **PLACE, command="/model")
        await until(lambda: bool(echo.received))

        assert [each["type"] for each in echo.received] == ["slash_commands"]


async def test_the_bots_own_direct_message_comes_back_marked_as_its_own() -> None:
    async with running() as double, connected(double) as echo:
        listened: list[Json] = []

        async def listen(event: Json) -> None:
            listened.append(event)

        echo.app.event("message")(listen)
        await double.api("chat.postMessage", channel=RITA, text="help")
        (event,) = await heard(double, echo)

        assert (event["bot_id"], event["user"]) == (BOT_ID, "U0HERALD")
        assert listened == []
        assert double.rules_broken() == []


async def test_a_bot_that_left_hears_no_mention() -> None:
    async with running(QUICK) as double, connected(double) as echo:
        await double.change(channels={"C0RELEASES": {"members": [RITA]}})
        await double.human("message", **PLACE, text="@herald help")
        await double.human("command", **PLACE, command="/model")
        await until(lambda: bool(echo.received))

        assert [each["type"] for each in echo.received] == ["slash_commands"]


@pytest.mark.parametrize("kind", ["events_api", "interactive", "slash_commands", "telepathy"])
async def test_any_payload_can_be_sent_and_breaks_no_rule(kind: str) -> None:
    async with running(QUICK) as double, connected(double) as echo:
        payload = {"type": "unheard_of", "text": "x" * 1_000_000}
        await double.human("raw", type=kind, payload=payload)
        await until(lambda: bool(echo.received))

        (envelope,) = echo.received
        assert (envelope["type"], envelope["payload"]) == (kind, payload)
        assert envelope["accepts_response_payload"] == (kind != "events_api")
        assert double.rules_broken() == []


async def test_faults_are_listed_with_the_fields_of_every_kind() -> None:
    async with running() as double:
        await double.human("faults", kind="slow_api", method="chat.update", seconds=2)
        shown = await double.see("faults")

        (standing,) = shown["active"]
        assert (standing["kind"], standing["method"], standing["seconds"]) == (
            "slow_api",
            "chat.update",
            2,
        )
        fields = {each["kind"]: each["fields"] for each in shown["kinds"]}
        assert set(fields) == {
            *("drop_link", "silent_close", "refresh", "link_disabled"),
            *("rate_limit", "api_error", "slow_api"),
        }
        assert fields["rate_limit"] == ["method", "seconds", "count"]
        assert all(each["help"].endswith(".") for each in shown["kinds"])


async def test_truth_of_a_dead_back_end_is_an_error_in_json() -> None:
    async def truth() -> dict[str, object]:
        raise ClientConnectionError

    async with (
        running(build=lambda workspace: slack_app(workspace, truth=truth)) as double,
        double.session.get(f"{double.origin}/human/truth") as response,
    ):
        assert response.status == 503
        assert await response.json() == {"ok": False, "error": "databricks_down"}
