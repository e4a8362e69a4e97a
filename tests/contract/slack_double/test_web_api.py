"""The Web API: who may call what, how often, and what a message goes through."""

import pytest

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


async def test_email_shows_only_with_its_scope() -> None:
    async with running(scopes=SCOPES - {"users:read.email"}) as double:
        answer = await double.api("users.info", user="U0RISK")

        assert "email" not in answer["user"]["profile"]
        assert answer["user"]["tz"] == "Asia/Kolkata"


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


async def test_message_to_a_person_goes_to_the_direct_conversation() -> None:
    async with running() as double, web_client(double) as client:
        opened = await client.conversations_open(users="U0RISK")
        sent = await client.chat_postMessage(channel="U0RISK", text="hello")

        assert sent["channel"] == opened["channel"]["id"] == "D0RISK"
        assert [m["text"] for m in await double.messages("U0RISK", "D0RISK")] == ["hello"]


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


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({**HERE, "metadata": {"event_type": 5}}, "invalid_metadata_format"),
        ({**HERE, "blocks": "[{"}, "invalid_blocks_format"),
        ({**HERE, "blocks": {}}, "invalid_blocks_format"),
        ({**HERE, "thread_ts": "1.2"}, "thread_not_found"),
    ],
)
async def test_malformed_message_is_refused(args: Json, error: str) -> None:
    async with running() as double:
        assert (await double.api("chat.postMessage", **args))["error"] == error
