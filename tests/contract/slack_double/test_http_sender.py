"""HTTP mode: what the double posts to an app's own address, and how it takes the answers."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest
from aiohttp import test_utils, web
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.slack.app import slack_app
from bot.sandbox.slack.http_sender import HttpSender
from bot.sandbox.slack.timings import Timings
from bot.sandbox.slack.workspace import Workspace
from tests.contract.slack_double.double import CALM, QUICK, Double, Json, running, until
from tests.contract.slack_double.sound_blocks import EXTERNAL, actions, option

RITA = "U0REQUESTER"
PLACE = {"user": RITA, "channel": "C0RELEASES"}
COMMAND = {**PLACE, "command": "/model", "text": "show scorer & co"}
MENTION = {**PLACE, "text": "<@U0HERALD> hi"}


@dataclass(slots=True)
class App:
    """An app that keeps what is posted to it and answers from a list, then with 200."""

    url: str = ""
    answers: list[web.Response] = field(default_factory=list)
    heard: list[tuple[dict[str, str], str]] = field(default_factory=list)
    is_silent: bool = False

    async def take(self, request: web.Request) -> web.Response:
        body = await request.text()
        if '"url_verification"' in body:
            return web.Response(text=json.loads(body)["challenge"])
        self.heard.append((dict(request.headers), body))
        if self.is_silent:
            await asyncio.sleep(0.6)
        return self.answers.pop(0) if self.answers else web.Response()

    def payload(self, number: int = 0) -> Json:
        body = self.heard[number][1]
        if body.startswith("{"):
            return dict(json.loads(body))
        form = {name: values[0] for name, values in parse_qs(body).items()}
        return dict(json.loads(form["payload"])) if "payload" in form else form


def posting_to(url: str) -> Callable[[Workspace], web.Application]:
    def build(workspace: Workspace) -> web.Application:
        secret = workspace.tokens.signing_secret
        workspace.hub.sender = HttpSender(hub=workspace.hub, url=url, signing_secret=secret)
        return slack_app(workspace)

    return build


@asynccontextmanager
async def app() -> AsyncIterator[App]:
    heard = App()
    served = web.Application()
    served.router.add_post("/slack/events", heard.take)
    async with test_utils.TestServer(served, host="127.0.0.1") as server:
        heard.url = str(server.make_url("/slack/events"))
        yield heard


@asynccontextmanager
async def reached(timings: Timings = CALM) -> AsyncIterator[tuple[Double, App]]:
    """Run a double that has verified an app's address."""
    async with app() as heard, running(timings, build=posting_to(heard.url)) as double:
        await until(lambda: double.workspace.hub.is_up)
        yield double, heard


async def test_everything_is_signed_over_its_raw_body() -> None:
    async with reached() as (double, heard):
        await double.human("command", **COMMAND)
        await double.human("shortcut", user=RITA, callback_id="promote")
        await double.human("home", user=RITA)

        verifier = SignatureVerifier(double.workspace.tokens.signing_secret)
        assert len(heard.heard) == 3
        assert all(
            verifier.is_valid(
                body, headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"]
            )
            for headers, body in heard.heard
        )


async def test_a_command_is_a_form_whose_answer_is_shown() -> None:
    async with reached() as (double, heard):
        heard.answers.append(web.json_response({"text": "v1 is champion"}))
        outcome = await double.human("command", **COMMAND)

        assert heard.heard[0][0]["Content-Type"] == "application/x-www-form-urlencoded"
        assert heard.payload()["text"] == "show scorer &amp; co"
        assert outcome["ok"]
        assert outcome["ack_ms"] > 0
        assert [m["text"] for m in await double.messages(RITA, "C0RELEASES")] == ["v1 is champion"]


async def test_plain_text_is_a_commands_answer_too() -> None:
    async with reached() as (double, heard):
        heard.answers.append(web.Response(text="working"))
        outcome = await double.human("command", **COMMAND)

        assert outcome["ack"] == {"text": "working"}


async def test_an_interaction_is_json_in_a_form() -> None:
    async with reached() as (double, heard):
        blocks = actions(EXTERNAL)
        sent = await double.api("chat.postMessage", channel="C0RELEASES", text="x", blocks=blocks)
        heard.answers.append(web.json_response({"options": [option("scorer")]}))
        place = {**PLACE, "ts": sent["ts"], "action_id": "ask"}
        offered = await double.human("suggest", **place, query="s")
        touched = await double.human("action", **place, value="scorer")

        assert [each["value"] for each in offered["options"]] == ["scorer"]
        assert touched["ok"]
        kinds = [heard.payload(number)["type"] for number in range(2)]
        assert kinds == ["block_suggestion", "block_actions"]


async def test_an_event_is_json_and_comes_once_when_it_is_answered() -> None:
    async with reached() as (double, heard):
        await double.human("message", **MENTION)
        await until(lambda: bool(double.workspace.report.acks["events_api"]))

        headers, _ = heard.heard[0]
        assert headers["Content-Type"] == "application/json"
        assert "X-Slack-Retry-Num" not in headers
        assert heard.payload()["event"]["type"] == "app_mention"
        assert len(heard.heard) == 1


async def test_a_failed_event_comes_three_times_more_and_says_why() -> None:
    async with reached() as (double, heard):
        heard.answers += [web.Response(status=500) for _ in range(9)]
        await double.human("message", **MENTION)
        await until(lambda: len(heard.heard) == 4)
        await until(lambda: not double.workspace.hub.tasks)

        retries = [
            (headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason"))
            for headers, _ in heard.heard
        ]
        assert retries == [
            (None, None),
            ("1", "http_error"),
            ("2", "http_error"),
            ("3", "http_error"),
        ]
        assert len({heard.payload(number)["event_id"] for number in range(4)}) == 1
        assert len(heard.heard) == 4


async def test_an_app_may_ask_for_no_further_attempt() -> None:
    async with reached() as (double, heard):
        heard.answers.append(web.Response(status=500, headers={"X-Slack-No-Retry": "1"}))
        await double.human("message", **MENTION)
        await until(lambda: bool(heard.heard) and not double.workspace.hub.tasks)

        assert len(heard.heard) == 1


async def test_a_late_command_times_out_and_is_not_sent_again() -> None:
    async with reached(QUICK) as (double, heard):
        heard.is_silent = True
        outcome = await double.human("command", **COMMAND)

        assert (outcome["ok"], outcome["error"]) == (False, "operation_timeout")
        assert len(heard.heard) == 1
        assert double.rules_broken() == ["missing_ack"]


@pytest.mark.parametrize("status", [302, 401, 404, 500])
async def test_a_command_that_is_refused_fails(status: int) -> None:
    async with reached() as (double, heard):
        heard.answers.append(web.Response(status=status))
        outcome = await double.human("command", **COMMAND)

        assert (outcome["error"], double.rules_broken()) == ("dispatch_failed", ["http_error"])


async def test_an_app_that_redirects_without_end_is_given_up() -> None:
    async with reached() as (double, heard):
        there = {"Location": heard.url}
        heard.answers += [web.Response(status=307, headers=there) for _ in range(9)]
        outcome = await double.human("command", **COMMAND)

        assert outcome["error"] == "dispatch_failed"
        assert len(heard.heard) == 3


async def test_an_answer_that_is_no_json_breaks_a_rule() -> None:
    async with reached() as (double, heard):
        heard.answers.append(web.Response(text="{oops"))
        await double.human("shortcut", user=RITA, callback_id="promote")

        assert double.rules_broken() == ["bad_ack"]


async def test_nobody_there_fails_at_once_and_shows() -> None:
    async with running(build=posting_to("http://127.0.0.1:9/slack/events")) as double:
        outcome = await double.human("command", **COMMAND)

        assert outcome["error"] == "dispatch_failed"
        assert not (await double.see("workspace"))["bot"]["is_connected"]
        assert double.rules_broken() == []


async def test_no_link_is_opened_beside_http() -> None:
    async with reached() as (double, _):
        refused = await double.api("apps.connections.open", token=double.workspace.tokens.app)

        assert refused["error"] == "not_enabled"
