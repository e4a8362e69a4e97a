"""What the Web API answers when the world changed, and when a file is not shared where it shows."""

from typing import Any

import pytest

from tests.contract.slack_double.double import Double, Json, running
from tests.contract.slack_double.echo_app import web_client
from tests.contract.slack_double.sound_blocks import plain

HERE: Json = {"channel": "C0RELEASES", "text": "words"}
HOME: Json = {"type": "home", "blocks": [{"type": "header", "text": plain("Models")}]}
WITHOUT_BOT = {"members": ["U0RISK"]}


async def posted(double: Double) -> str:
    ts: str = (await double.api("chat.postMessage", **HERE))["ts"]
    return ts


async def uploaded(double: Double, name: str = "plot.png", **args: Any) -> Json:
    """Take the first two steps of an upload, then complete it with `args`."""
    slot = await double.api("files.getUploadURLExternal", filename=name, length=4)
    async with double.session.post(slot["upload_url"], data=b"\x89PNG") as response:
        assert response.status == 200
    files = [{"id": slot["file_id"], "title": "Plot"}]
    done = await double.api("files.completeUploadExternal", **{**args, "files": files})
    return {"id": slot["file_id"], **done}


def picture(file: Json) -> list[Json]:
    return [{"type": "image", "slack_file": {"id": file["id"]}, "alt_text": "a plot"}]


@pytest.mark.parametrize(
    ("change", "method", "error"),
    [
        ({"is_archived": True}, "chat.postMessage", "is_archived"),
        ({"is_archived": True}, "chat.postEphemeral", "is_archived"),
        ({"is_archived": True}, "chat.update", "is_inactive"),
        ({"is_archived": True}, "reactions.add", "is_archived"),
        (WITHOUT_BOT, "chat.postEphemeral", "not_in_channel"),
        (WITHOUT_BOT, "conversations.history", "not_in_channel"),
        (WITHOUT_BOT, "reactions.add", "not_in_channel"),
        (WITHOUT_BOT | {"is_private": True}, "chat.postMessage", "channel_not_found"),
        (WITHOUT_BOT | {"is_private": True}, "conversations.info", "channel_not_found"),
        ({"members": ["U0HERALD"]}, "chat.postEphemeral", "user_not_in_channel"),
    ],
)
async def test_a_changed_channel_is_answered_for(change: Json, method: str, error: str) -> None:
    async with running() as double:
        ts = await posted(double)
        await double.change(channels={"C0RELEASES": change})
        marks = {"user": "U0RISK", "ts": ts, "timestamp": ts, "name": "eyes"}

        assert (await double.api(method, **HERE, **marks))["error"] == error


async def test_a_bot_that_left_may_still_post_in_public() -> None:
    async with running() as double:
        await double.change(channels={"C0RELEASES": WITHOUT_BOT})

        assert (await double.api("chat.postMessage", **HERE))["ok"]


async def test_people_who_left_are_shown_as_gone_and_cannot_be_written_to() -> None:
    async with running() as double:
        await double.change(users={"U0RISK": {"deleted": True}})

        assert (await double.api("users.info", user="U0RISK"))["user"]["deleted"]
        refused = await double.api("conversations.open", users="U0RISK")
        assert refused["error"] == "user_disabled"
        assert (await double.api("users.info", user="U0NOBODY"))["error"] == "user_not_found"


async def test_a_person_can_become_a_guest() -> None:
    async with running() as double:
        await double.change(users={"U0RISK": {"is_ultra_restricted": True}})

        assert (await double.api("users.info", user="U0RISK"))["user"]["is_ultra_restricted"]


async def test_a_home_tab_is_not_published_over_one_that_changed() -> None:
    async with running() as double:
        first = await double.api("views.publish", user_id="U0RISK", view=HOME)
        await double.api("views.publish", user_id="U0RISK", view=HOME, hash=first["view"]["hash"])
        late = await double.api(
            "views.publish", user_id="U0RISK", view=HOME, hash=first["view"]["hash"]
        )

        assert late["error"] == "hash_conflict"


async def test_every_answer_says_what_the_token_may() -> None:
    async with running(scopes=frozenset({"commands", "chat:write"})) as double:
        async with web_client(double) as client:
            answer = await client.auth_test()

        assert answer.headers["x-oauth-scopes"] == "chat:write,commands"


async def test_a_file_shows_only_where_it_is_shared() -> None:
    async with running() as double:
        alone = await uploaded(double)
        shared = await uploaded(double, channel_id="C0RELEASES")
        answers = [
            await double.api("chat.postMessage", channel=channel, text="x", blocks=picture(file))
            for channel, file in (
                ("C0RELEASES", alone),
                ("C0HEALTH", shared),
                ("C0RELEASES", shared),
            )
        ]

        assert [each.get("error") for each in answers] == ["invalid_blocks"] * 2 + [None]


async def test_a_file_is_shared_with_blocks_or_with_a_comment() -> None:
    async with running() as double:
        divider = [{"type": "divider", "block_id": "d"}]
        await uploaded(double, channel_id="C0RELEASES", blocks=divider)
        await uploaded(
            double, channel_id="C0RELEASES", blocks=divider, initial_comment="Look at this"
        )

        messages = await double.messages("U0RISK", "C0RELEASES")
        assert [(m["text"], m["blocks"], len(m["files"])) for m in messages] == [
            ("", divider, 1),
            ("Look at this", [], 1),
        ]


@pytest.mark.parametrize(
    ("change", "error"),
    [({"members": ["U0RISK"]}, "not_in_channel"), ({"is_archived": True}, "is_archived")],
)
async def test_a_file_needs_the_bot_in_an_open_channel(change: Json, error: str) -> None:
    async with running() as double:
        await double.change(channels={"C0RELEASES": change})

        assert (await uploaded(double, channel_id="C0RELEASES"))["error"] == error


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a.png", "inline"), ("a.svg", "attachment"), ("a.html", "attachment"), ("a", "attachment")],
)
async def test_only_pictures_open_in_place(name: str, shown: str) -> None:
    async with running() as double:
        done = await uploaded(double, name, channel_id="C0RELEASES")
        async with double.session.get(done["files"][0]["url_private"]) as response:
            assert response.headers["Content-Disposition"] == shown
            assert response.headers["X-Content-Type-Options"] == "nosniff"
