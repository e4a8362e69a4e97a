"""A shared comparison gets its picture, or stands without it."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.adapters.slack_calls import slack_client
from bot.adapters.slack_files import SlackFiles
from bot.adapters.slack_notifier import SlackNotifier
from bot.domain.errors import BackEndError, BackEndRefusedError, BackEndUnavailableError
from bot.domain.messages import Comparison, MessageRef
from bot.domain.names import MessageTs
from bot.domain.pictures import Picture
from bot.hanging_up import hang_up
from bot.views.message import Message
from tests.builders import CHANNEL
from tests.contract.slack_double.double import Double
from tests.unit.views.samples import COMPARISON

PICTURE = Picture(png=b"\x89PNG", alt="recall 0.871 → 0.912", width=2, height=1)
SHARED = Comparison(
    key=None,
    model=COMPARISON.model,
    base=COMPARISON.base,
    other=COMPARISON.other,
    metrics=COMPARISON.metrics,
)


class Easel:
    """Draws what it was given."""

    def __init__(self, picture: Picture | None) -> None:
        self._picture = picture

    async def comparison(self, comparison: Comparison) -> Picture | None:
        assert comparison is SHARED
        return self._picture


def notifier(double: Double, picture: Picture | None) -> SlackNotifier:
    client = slack_client(double.workspace.tokens.bot, f"{double.origin}/api/", double.session)
    return SlackNotifier(client, painter=Easel(picture), post_spacing_s=0)


async def test_a_shared_comparison_shows_its_picture_to_everybody(double: Double) -> None:
    await notifier(double, PICTURE).share(CHANNEL, SHARED)
    (shown,) = await double.messages("U0MLLEAD", CHANNEL)
    (image,) = [block for block in shown["blocks"] if block["type"] == "image"]
    assert image["alt_text"] == PICTURE.alt
    replies = await double.messages("U0MLLEAD", CHANNEL, thread_ts=shown["ts"])
    files = [file for reply in replies for file in reply.get("files", [])]
    assert [file["id"] for file in files] == [image["slack_file"]["id"]]
    assert double.rules_broken() == []


async def test_a_comparison_that_cannot_be_drawn_is_shared_in_words(double: Double) -> None:
    await notifier(double, None).share(CHANNEL, SHARED)
    (shown,) = await double.messages("U0MLLEAD", CHANNEL)
    assert "image" not in {block["type"] for block in shown["blocks"]}


async def test_a_picture_that_slack_refuses_takes_nothing_from_the_message(
    double: Double, caplog: pytest.LogCaptureFixture
) -> None:
    double.workspace.scopes -= {"files:write"}
    with caplog.at_level(logging.WARNING, logger="bot.adapters.slack_notifier"):
        await notifier(double, PICTURE).share(CHANNEL, SHARED)
    (shown,) = await double.messages("U0MLLEAD", CHANNEL)
    assert "scorer v7" in shown["text"]
    assert "stays without its picture" in caplog.text
    assert "files:write" in caplog.text


MESSAGE = MessageRef(channel=CHANNEL, ts=MessageTs("1.000001"))


class Reluctant:
    """A Slack that takes files, and whose blocks are refused a number of times."""

    def __init__(self, refusals: list[str], upload: int = 200) -> None:
        self.refusals, self.upload = refusals, upload
        self.updates = 0

    @asynccontextmanager
    async def files(self, unused: Double) -> AsyncIterator[SlackFiles]:
        app = web.Application()
        app.router.add_post("/{path:.*}", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        client = slack_client("xoxb-1", f"{self.origin}/api/", unused.session)
        try:
            yield SlackFiles(client, pauses_s=(0, 0, 0))
        finally:
            await hang_up(runner)

    async def _answer(self, request: web.Request) -> web.Response:
        match request.path.rpartition("/")[2]:
            case "files.getUploadURLExternal":
                answer = {"ok": True, "upload_url": f"{self.origin}/up", "file_id": "F01"}
            case "up":
                return web.Response(status=self.upload)
            case "chat.update":
                self.updates += 1
                error = self.refusals.pop(0) if self.refusals else ""
                answer = {"ok": not error, "error": error}
            case _:
                answer = {"ok": True}
        return web.json_response(answer)


async def put(slack: Reluctant, double: Double) -> None:
    async with slack.files(double) as files:
        await files.illustrate(MESSAGE, Message(text="words", blocks=()), PICTURE)


async def test_a_file_that_is_not_ready_is_shown_a_little_later(double: Double) -> None:
    slack = Reluctant(["invalid_blocks", "invalid_blocks"])
    await put(slack, double)
    assert slack.updates == 3


async def test_a_file_that_is_never_ready_is_given_up(double: Double) -> None:
    slack = Reluctant(["invalid_blocks"] * 9)
    with pytest.raises(BackEndRefusedError, match="the file is not ready"):
        await put(slack, double)
    assert slack.updates == 3


async def test_another_refusal_is_not_asked_again(double: Double) -> None:
    slack = Reluctant(["edit_window_closed"])
    with pytest.raises(BackEndRefusedError, match="edit_window_closed"):
        await put(slack, double)
    assert slack.updates == 1


async def test_an_upload_that_fails_shows_nothing(double: Double) -> None:
    slack = Reluctant([], upload=500)
    with pytest.raises(BackEndUnavailableError, match="answered with 500"):
        await put(slack, double)
    assert slack.updates == 0


async def test_an_upload_without_an_answer_is_a_failure_of_slacks(double: Double) -> None:
    client = slack_client("xoxb-1", f"{double.origin}/api/", double.session)
    files = SlackFiles(client)
    with pytest.raises(BackEndError, match="the upload has no answer"):
        await files._put("http://127.0.0.1:1/", b"x")
