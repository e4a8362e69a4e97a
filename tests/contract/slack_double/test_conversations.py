"""People, channels, their history and the files shared in them."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack.seed import SCOPES
from tests.contract.slack_double.double import Json, running
from tests.contract.slack_double.echo_app import web_client

HERE: Json = {"channel": "C0RELEASES", "text": "words"}


async def test_history_needs_the_scope_of_the_kind_of_channel() -> None:
    async with running(scopes=SCOPES - {"channels:history"}) as double:
        answer = await double.api("conversations.history", channel="C0RELEASES")

        assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")


async def test_history_returns_metadata_when_asked() -> None:
    async with running() as double, web_client(double) as client:
        metadata = {"event_type": "card", "event_payload": {"key": "CR-1"}}
        await client.chat_postMessage(**HERE, metadata=metadata)
        with_it = await client.conversations_history(
            channel="C0RELEASES", include_all_metadata=True
        )
        without = await client.conversations_history(channel="C0RELEASES")

        assert [each["metadata"] for each in with_it["messages"]] == [metadata]
        assert "metadata" not in without["messages"][0]


async def test_history_comes_in_pages_newest_first_without_replies() -> None:
    async with running() as double, web_client(double) as client:
        stamps = [
            (await client.chat_postMessage(channel="C0HEALTH", text=str(number)))["ts"]
            for number in range(3)
        ]
        await client.chat_postMessage(channel="C0HEALTH", text="reply", thread_ts=stamps[0])
        first = await client.conversations_history(channel="C0HEALTH", limit=2)
        rest = await client.conversations_history(
            channel="C0HEALTH", cursor=first["response_metadata"]["next_cursor"]
        )
        thread = await client.conversations_replies(channel="C0HEALTH", ts=stamps[0])

        assert [each["text"] for each in first["messages"]] == ["2", "1"]
        assert first["has_more"]
        assert [each["text"] for each in rest["messages"]] == ["0"]
        assert [each["text"] for each in thread["messages"]] == ["0", "reply"]


async def test_people_and_groups_are_those_of_the_demo_world() -> None:
    async with running() as double, web_client(double) as client:
        members = (await client.users_list())["members"]
        groups = (await client.usergroups_list(include_users=True))["usergroups"]
        found = await client.users_lookupByEmail(email="ml-lead@acme.example")

        assert {each["id"] for each in members if each["is_restricted"]} == {"U0GUEST"}
        assert {each["handle"]: each["users"] for each in groups} == {
            "ml-leads": ["U0MLLEAD", "U0MLLEAD2"],
            "risk": ["U0RISK"],
        }
        assert found["user"]["id"] == "U0MLLEAD"
        assert (await client.conversations_members(channel="C0HEALTH"))["members"][0] != "U0GUEST"


async def test_file_is_shared_in_three_steps_and_shown_in_a_block() -> None:
    async with running() as double, web_client(double) as client:
        uploaded = await client.files_upload_v2(
            filename="plot.png", content=b"\x89PNG", title="Plot", channel="C0RELEASES"
        )
        block = {"type": "image", "slack_file": {"id": uploaded["file"]["id"]}, "alt_text": "plot"}
        shown = await client.chat_postMessage(**HERE, blocks=[block])

        assert shown["ok"]
        message = (await double.messages("U0RISK", "C0RELEASES"))[0]
        assert [(each["title"], each["size"]) for each in message["files"]] == [("Plot", 4)]
        async with double.session.get(message["files"][0]["url_private"]) as response:
            assert await response.read() == b"\x89PNG"
            assert response.content_type == "image/png"


async def test_channels_are_listed_with_what_the_bot_knows_of_them() -> None:
    async with running() as double, web_client(double) as client:
        listed = (await client.conversations_list(types="public_channel"))["channels"]
        shown = (await client.conversations_info(channel="C0HEALTH", include_num_members=True))[
            "channel"
        ]

        assert [each["name"] for each in listed] == ["ml-releases", "ml-health", "ml-incidents"]
        assert (shown["is_member"], shown["num_members"]) == (True, 7)


async def test_private_channel_without_the_bot_is_not_there() -> None:
    async with running() as double:
        secret = {"is_private": True, "members": ["U0ADMIN"]}
        await double.change(channels={"C0HEALTH": secret})

        for method in ("conversations.info", "conversations.history"):
            answer = await double.api(method, channel="C0HEALTH")
            assert answer["error"] == "channel_not_found"


async def test_file_that_was_never_sent_cannot_be_completed() -> None:
    async with running() as double, web_client(double) as client:
        ticket = await client.files_getUploadURLExternal(filename="a.csv", length=3)
        async with double.session.post(ticket["upload_url"], data=b"four") as response:
            assert response.status == 400
        with pytest.raises(SlackApiError) as caught:
            await client.files_completeUploadExternal(
                files=[{"id": ticket["file_id"]}], channel_id="C0HEALTH"
            )

        assert caught.value.response["error"] == "file_not_found"
