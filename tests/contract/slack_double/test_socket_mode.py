"""Official clients over Socket Mode: any one link, acknowledgements in time, reconnects."""

import asyncio

from slack_bolt.async_app import AsyncAck, AsyncRespond

from tests.contract.slack_double.double import QUICK, Json, running, until
from tests.contract.slack_double.echo_app import connected

COMMAND = {"user": "U0REQUESTER", "channel": "C0RELEASES", "command": "/model", "text": "hi"}


async def test_slash_command_goes_to_the_app_and_its_answer_to_the_asker_alone() -> None:
    async with running() as double, connected(double) as echo:

        async def greet(ack: AsyncAck, command: Json) -> None:
            await ack(f"you said {command['text']}")

        echo.app.command("/model")(greet)
        answer = await double.human("command", **COMMAND)

        assert answer["ok"]
        assert answer["error"] is None
        assert answer["ack"] == {"text": "you said hi"}
        shown = await double.messages("U0REQUESTER", "C0RELEASES")
        assert [(each["text"], each["ephemeral"]) for each in shown] == [("you said hi", True)]
        assert await double.messages("U0MLLEAD", "C0RELEASES") == []
        assert double.rules_broken() == []


async def test_two_links_share_the_commands_and_each_comes_once() -> None:
    async with running() as double, connected(double, links=2) as echo:
        seen: list[str] = []

        async def note(ack: AsyncAck, command: Json) -> None:
            seen.append(command["text"])
            await ack()

        echo.app.command("/model")(note)
        texts = [str(number) for number in range(40)]
        await asyncio.gather(*(double.human("command", **COMMAND | {"text": t}) for t in texts))

        assert sorted(seen, key=int) == texts
        assert set(echo.carried_by) == {0, 1}


async def test_command_that_is_not_acknowledged_in_time_fails_for_the_human() -> None:
    async with running(QUICK) as double, connected(double) as echo:

        async def dawdle(ack: AsyncAck) -> None:
            await asyncio.sleep(0.45)
            await ack("too late")

        echo.app.command("/model")(dawdle)
        answer = await double.human("command", **COMMAND)

        assert not answer["ok"]
        assert answer["error"] == "operation_timeout"
        await until(lambda: "late_ack" in double.rules_broken())
        assert double.rules_broken() == ["missing_ack", "late_ack"]
        assert await double.messages("U0REQUESTER", "C0RELEASES") == []


async def test_app_comes_back_after_a_dropped_link() -> None:
    async with running() as double, connected(double) as echo:

        async def greet(ack: AsyncAck) -> None:
            await ack("still here")

        echo.app.command("/model")(greet)
        first = double.workspace.hub.live[0]
        await double.human("faults", kind="drop_link")
        await until(lambda: [link is not first for link in double.workspace.hub.live] == [True])
        answer = await double.human("command", **COMMAND)

        assert answer["ack"] == {"text": "still here"}
        assert double.rules_broken() == []


async def test_response_url_takes_five_answers() -> None:
    async with running() as double, connected(double) as echo:
        statuses: list[int] = []

        async def chatter(ack: AsyncAck, respond: AsyncRespond) -> None:
            await ack()
            statuses.extend(
                [(await respond(f"answer {number}")).status_code for number in range(6)]
            )

        echo.app.command("/model")(chatter)
        await double.human("command", **COMMAND)

        await until(lambda: len(statuses) == 6)
        assert statuses == [200] * 5 + [404]
        shown = await double.messages("U0REQUESTER", "C0RELEASES")
        assert [each["text"] for each in shown] == [f"answer {number}" for number in range(5)]
        assert double.rules_broken() == ["used_url"]
