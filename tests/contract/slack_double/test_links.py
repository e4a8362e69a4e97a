"""Socket Mode seen by a raw websocket: tickets, limits, the ways a link can end, retries."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from tests.contract.slack_double.double import Double, running, time_runs_out, until

MENTION = {"user": "U0RISK", "channel": "C0HEALTH", "text": "<@U0HERALD> hi"}
COMMAND = {"user": "U0RISK", "channel": "C0HEALTH", "command": "/model"}


async def address(double: Double) -> str:
    """Return the address of a fresh link."""
    answer = await double.api("apps.connections.open", token=double.workspace.tokens.app)
    url: str = answer["url"]
    return url


@asynccontextmanager
async def link(double: Double) -> AsyncIterator[ClientWebSocketResponse]:
    """Open one link and take its hello."""
    async with double.session.ws_connect(await address(double)) as socket:
        hello = await socket.receive_json()
        assert hello["type"] == "hello"
        yield socket


async def test_ticket_opens_one_link_only() -> None:
    async with running() as double:
        url = await address(double)
        async with double.session.ws_connect(url):
            with pytest.raises(WSServerHandshakeError) as caught:
                await double.session.ws_connect(url)

        assert caught.value.status == 401


async def test_hello_counts_the_links() -> None:
    async with running() as double, link(double):
        async with double.session.ws_connect(await address(double)) as second:
            hello = await second.receive_json()

        assert hello["num_connections"] == 2
        assert hello["connection_info"] == {"app_id": "A0HERALD"}


async def test_eleventh_link_is_turned_away() -> None:
    async with running() as double:
        sockets = [await double.session.ws_connect(await address(double)) for _ in range(11)]
        refused = await sockets[10].receive_json()

        assert (refused["type"], refused["reason"]) == ("disconnect", "too_many_websockets")
        assert len(double.workspace.hub.live) == 10
        for socket in sockets:
            await socket.close()


async def test_refresh_warns_then_asks_then_closes() -> None:
    async with running() as double, link(double) as socket:
        await double.human("faults", kind="refresh")
        warning, request = await socket.receive_json(), await socket.receive_json()
        end = await socket.receive()

        assert (warning["reason"], request["reason"]) == ("warning", "refresh_requested")
        assert end.type is WSMsgType.CLOSE


async def test_no_envelope_goes_to_a_link_that_was_asked_to_leave() -> None:
    async with running() as double, link(double) as socket:
        await double.human("faults", kind="refresh", seconds=0)
        await socket.receive_json()
        await socket.receive_json()
        answer = await double.human("command", **COMMAND)

        assert answer["error"] == "dispatch_failed"


async def test_silent_close_ends_without_a_close_frame() -> None:
    async with running() as double, link(double) as socket:
        await double.human("faults", kind="silent_close")
        end = await socket.receive()

        assert end.type in (WSMsgType.CLOSED, WSMsgType.ERROR)
        assert socket.close_code == 1006


async def test_disabled_socket_mode_closes_links_and_opens_none() -> None:
    async with running() as double, link(double) as socket:
        await double.human("faults", kind="link_disabled", seconds=60)
        frame = await socket.receive_json()
        token = double.workspace.tokens.app
        refused = await double.api("apps.connections.open", token=token)
        async with double.session.delete(f"{double.origin}/human/faults"):
            reopened = await double.api("apps.connections.open", token=token)

        assert frame["reason"] == "link_disabled"
        assert refused["error"] == "not_enabled"
        assert reopened["ok"]


async def test_unanswered_event_comes_again_with_a_reason_on_the_other_link() -> None:
    async with running() as double, link(double) as one, link(double) as other:
        await double.human("message", **MENTION)
        reads = [asyncio.ensure_future(socket.receive_json()) for socket in (one, other)]
        (first,), _ = await asyncio.wait(reads, return_when=asyncio.FIRST_COMPLETED)
        time_runs_out(double.workspace)
        (second,), _ = await asyncio.wait(set(reads) - {first})
        answering = other if first is reads[0] else one
        await answering.send_json({"envelope_id": second.result()["envelope_id"]})
        await until(lambda: bool(double.workspace.report.acks["events_api"]))

        sent, again = first.result(), second.result()
        assert (sent["retry_attempt"], again["retry_attempt"]) == (0, 1)
        assert again["retry_reason"] == "timeout"
        assert sent["payload"]["event_id"] == again["payload"]["event_id"]
        assert double.rules_broken() == ["missing_ack"]


async def test_envelope_lost_with_a_dropped_link_is_no_violation() -> None:
    async with running() as double, link(double) as socket:
        command = asyncio.ensure_future(double.human("command", **COMMAND))
        await socket.receive_json()
        await double.human("faults", kind="drop_link")
        time_runs_out(double.workspace)
        answer = await command

        assert answer["error"] == "operation_timeout"
        assert double.rules_broken() == []


async def test_app_that_leaves_with_an_envelope_unanswered_breaks_a_rule() -> None:
    async with running() as double, link(double) as socket:
        command = asyncio.ensure_future(double.human("command", **COMMAND))
        await socket.receive_json()
        await socket.close()
        await until(lambda: not double.workspace.hub.live)
        time_runs_out(double.workspace)
        await command

        assert double.rules_broken() == ["missing_ack"]


async def test_command_without_any_link_fails_at_once() -> None:
    async with running() as double:
        answer = await double.human("command", **COMMAND)

        assert (answer["ok"], answer["error"]) == (False, "dispatch_failed")


async def test_frame_that_is_no_acknowledgement_is_a_violation() -> None:
    async with running() as double, link(double) as socket:
        await socket.send_str("hello there")
        await until(lambda: double.rules_broken() == ["bad_ack"])


async def test_event_takes_no_payload_in_its_acknowledgement() -> None:
    async with running() as double, link(double) as socket:
        await double.human("message", **MENTION)
        envelope = await socket.receive_json()
        await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "x"}})
        await until(lambda: double.rules_broken() == ["unexpected_payload"])


async def test_slow_api_delays_one_method() -> None:
    async with running() as double:
        await double.human("faults", kind="slow_api", method="auth.test", seconds=30, count=1)
        slow = asyncio.ensure_future(double.api("auth.test"))
        await until(lambda: double.workspace.report.calls["auth.test"] == 1)

        assert (await double.api("users.info", user="U0RISK"))["ok"]
        assert not slow.done()
        slow.cancel()
