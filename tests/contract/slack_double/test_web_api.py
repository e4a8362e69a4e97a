"""The Web API: who may call what, how often, and what a message goes through."""

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.seed import SCOPES
from tests.contract.slack_double.double import Json, running
from tests.contract.slack_double.echo_app import web_client

HERE: Json = {"channel": "C0RELEASES", "text": "words"}


async def test_call_without_a_token_is_not_authed() -> None:
    async with running() as double:
        url = f"{double.origin}/api/auth.test"
        async with double.session.post(url) as response:
            assert await response.json() == {"ok": False, "error": "not_authed"}


async def test_unknown_token_is_refused() -> None:
    async with running() as double:
        answer = await double.api("auth.test", token="xoxb-else")  # noqa: S106 - made up

        assert answer["error"] == "invalid_auth"


async def test_bot_token_does_not_open_a_socket() -> None:
    async with running() as double:
        answer = await double.api("apps.connections.open")

        assert answer["error"] == "not_allowed_token_type"


async def test_unknown_method_is_refused_and_reported() -> None:
    async with running() as double:
        answer = await double.api("chat.shout")

        assert answer["error"] == "unknown_method"
        assert double.rules_broken() == ["unknown_method"]


async def test_missing_scope_names_what_is_needed() -> None:
    async with running(scopes=SCOPES - {"chat:write"}) as double:
        answer = await double.api("chat.postMessage", **HERE)

        assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
        assert "chat:write" not in answer["provided"].split(",")
        assert double.rules_broken() == ["missing_scope"]


async def test_history_needs_the_scope_of_the_kind_of_channel() -> None:
    async with running(scopes=SCOPES - {"channels:history"}) as double:
        answer = await double.api("conversations.history", channel="C0RELEASES")

        assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")


async def test_email_shows_only_with_its_scope() -> None:
    async with running(scopes=SCOPES - {"users:read.email"}) as double:
        answer = await double.api("users.info", user="U0RISK")

        assert "email" not in answer["user"]["profile"]
        assert answer["user"]["tz"] == "Asia/Kolkata"


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


async def test_form_encoded_blocks_are_read_like_json() -> None:
    async with running() as double:
        url = f"{double.origin}/api/chat.postMessage"
        form = {
            **HERE,
            "blocks": '[{"type": "divider"}]',
            "token": double.workspace.tokens.bot,
        }
        async with double.session.post(url, data=form) as response:
            answer: Json = await response.json()

        assert [block["type"] for block in answer["message"]["blocks"]] == ["divider"]


async def test_own_message_can_be_changed_and_others_not() -> None:
    async with running() as double:
        own = await double.api("chat.postMessage", **HERE)
        other = await double.human("message", user="U0RISK", **HERE)
        changed = await double.api(
            "chat.update", channel="C0RELEASES", ts=own["ts"], text="other words"
        )
        refused = await double.api("chat.update", ts=other["ts"], **HERE)
        kept = await double.api("chat.delete", channel="C0RELEASES", ts=other["ts"])

        assert changed["text"] == "other words"
        assert refused["error"] == "cant_update_message"
        assert kept["error"] == "cant_delete_message"
        texts = [each["text"] for each in await double.messages("U0RISK", "C0RELEASES")]
        assert texts == ["other words", "words"]


async def test_update_keeps_blocks_that_are_not_given() -> None:
    async with running() as double:
        sent = await double.api("chat.postMessage", **HERE, blocks=[{"type": "divider"}])
        answer = await double.api("chat.update", ts=sent["ts"], channel="C0RELEASES", text="new")

        assert [block["type"] for block in answer["message"]["blocks"]] == ["divider"]


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.postMessage", {"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0RELEASES"}, "no_text"),
        ("chat.update", {"channel": "C0RELEASES", "ts": "1.2", "text": "x"}, "message_not_found"),
        (
            "chat.postEphemeral",
            {"channel": "C0HEALTH", "user": "U0GUEST", "text": "x"},
            "user_not_in_channel",
        ),
        ("chat.getPermalink", {"channel": "C0HEALTH", "message_ts": "1.2"}, "message_not_found"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "nobody@acme.example"}, "users_not_found"),
        ("usergroups.users.list", {"usergroup": "S0NONE"}, "no_such_subteam"),
        ("conversations.info", {"channel": "C0NOWHERE"}, "channel_not_found"),
        ("views.update", {"view_id": "V0NONE", "view": {}}, "not_found"),
    ],
)
async def test_slack_names_its_error(method: str, args: Json, error: str) -> None:
    async with running() as double:
        assert (await double.api(method, **args))["error"] == error


async def test_update_refuses_a_text_that_is_too_long() -> None:
    async with running() as double:
        sent = await double.api("chat.postMessage", **HERE)
        answer = await double.api(
            "chat.update", channel="C0RELEASES", ts=sent["ts"], text="x" * 4001
        )

        assert answer["error"] == "msg_too_long"
        assert double.rules_broken() == ["msg_too_long"]


async def test_blocks_without_a_fallback_text_pass_and_are_reported() -> None:
    async with running() as double:
        answer = await double.api(
            "chat.postMessage", channel="C0RELEASES", blocks=[{"type": "divider"}]
        )

        assert answer["ok"]
        assert double.rules_broken() == ["no_fallback_text"]


async def test_archived_channel_takes_no_message() -> None:
    async with running() as double:
        await double.change(channels={"C0RELEASES": {"is_archived": True}})

        assert (await double.api("chat.postMessage", **HERE))["error"] == "is_archived"


async def test_bot_that_left_may_write_only_with_the_public_scope() -> None:
    async with running(scopes=SCOPES - {"chat:write.public"}) as double:
        await double.change(channels={"C0RELEASES": {"members": ["U0RISK"]}})

        assert (await double.api("chat.postMessage", **HERE))["error"] == "not_in_channel"


async def test_ephemeral_message_is_for_its_addressee_alone() -> None:
    async with running() as double, web_client(double) as client:
        await client.chat_postEphemeral(channel="C0RELEASES", user="U0RISK", text="for you")

        seen = await double.messages("U0RISK", "C0RELEASES")
        assert [(each["text"], each["ephemeral"]) for each in seen] == [("for you", True)]
        assert await double.messages("U0ADMIN", "C0RELEASES") == []
        assert (await client.conversations_history(channel="C0RELEASES"))["messages"] == []


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


async def test_message_to_a_person_goes_to_the_direct_conversation() -> None:
    async with running() as double, web_client(double) as client:
        opened = await client.conversations_open(users="U0RISK")
        sent = await client.chat_postMessage(channel="U0RISK", text="hello")

        assert sent["channel"] == opened["channel"]["id"] == "D0RISK"
        assert [m["text"] for m in await double.messages("U0RISK", "D0RISK")] == ["hello"]


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


async def test_same_reaction_twice_is_refused() -> None:
    async with running() as double:
        sent = await double.api("chat.postMessage", **HERE)
        reaction = {"channel": "C0RELEASES", "timestamp": sent["ts"], "name": "eyes"}

        assert (await double.api("reactions.add", **reaction))["ok"]
        assert (await double.api("reactions.add", **reaction))["error"] == "already_reacted"


async def test_permalink_leads_to_the_message() -> None:
    async with running() as double:
        sent = await double.api("chat.postMessage", **HERE)
        link = await double.api("chat.getPermalink", channel="C0RELEASES", message_ts=sent["ts"])

        digits = sent["ts"].replace(".", "")
        assert link["permalink"] == f"{double.origin}/archives/C0RELEASES/p{digits}"
