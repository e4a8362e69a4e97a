"""Rate limits of tiers and channels, and the trouble that testers inject."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack.limits import Limits
from tests.contract.slack_double.double import Json, running
from tests.contract.slack_double.echo_app import web_client

HERE: Json = {"channel": "C0RELEASES", "text": "words"}


async def test_sixth_message_at_once_meets_429_with_retry_after() -> None:
    async with running(limits=Limits()) as double, web_client(double) as client:
        for _ in range(5):
            await client.chat_postMessage(**HERE)
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(**HERE)

        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "1"
        assert caught.value.response["error"] == "ratelimited"
        assert (await client.chat_postMessage(channel="C0HEALTH", text="words"))["ok"]
        assert double.rules_broken() == ["over_rate"]


async def test_method_has_a_limit_of_its_tier() -> None:
    async with running(limits=Limits(scale=0.1)) as double:
        statuses = [(await double.api_with_status("users.list"))[1] for _ in range(3)]

        assert statuses == [200, 200, 429]
        assert (await double.api("users.info", user="U0RISK"))["ok"]


async def test_injected_rate_limit_is_no_violation() -> None:
    async with running() as double:
        await double.human("faults", kind="rate_limit", method="chat.postMessage", seconds=30)
        url = f"{double.origin}/api/chat.postMessage"
        headers = {"Authorization": f"Bearer {double.workspace.tokens.bot}"}
        async with double.session.post(url, json=HERE, headers=headers) as response:
            assert (response.status, response.headers["Retry-After"]) == (429, "30")

        assert double.rules_broken() == []


async def test_injected_error_hits_one_method_as_often_as_told() -> None:
    async with running() as double:
        fault = {"kind": "api_error", "method": "chat.postMessage", "count": 2}
        await double.human("faults", **fault, error="service_unavailable")
        answers = [await double.api("chat.postMessage", **HERE) for _ in range(3)]

        assert [answer.get("error") for answer in answers] == ["service_unavailable"] * 2 + [None]
        assert double.rules_broken() == []


async def test_deleted_faults_are_over() -> None:
    async with running() as double:
        await double.human("faults", kind="api_error")
        assert (await double.api("auth.test"))["error"] == "internal_error"
        async with double.session.delete(f"{double.origin}/human/faults"):
            assert (await double.api("auth.test"))["ok"]


async def test_unknown_fault_is_refused_with_the_kinds_that_there_are() -> None:
    async with running() as double:
        answer = await double.human("faults", kind="earthquake")

        assert answer["status"] == 400
        assert "slow_api" in answer["detail"][0]["msg"]
