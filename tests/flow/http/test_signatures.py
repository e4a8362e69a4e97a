"""Only what Slack has signed is heard, and each thing once."""

import json
from collections.abc import Callable, Mapping

import pytest

from bot.adapters.slack_http import BODY_LIMIT
from tests.fakes.world import CHANNEL, REQUESTER
from tests.flow.http.slack import FORM, Json, Slack, command, in_a_form, mention, signed

ASKED = command("promote scorer 7 because better recall")


def _without(name: str) -> dict[str, str]:
    return {key: value for key, value in signed(ASKED).items() if key != name}


async def test_a_signed_command_is_worked_on(slack: Slack) -> None:
    assert await slack.post(ASKED) == (200, "")
    assert await slack.answered() == 1


async def test_a_command_that_needs_no_work_is_answered_at_once(slack: Slack) -> None:
    status, body = await slack.post(command("help"))
    assert status == 200
    assert "promote" in json.dumps(json.loads(body)["blocks"])


@pytest.mark.parametrize(
    "headers",
    [
        lambda: signed(ASKED, secret="another"),  # noqa: S106 - for tests
        lambda: signed(ASKED + b"&text=list"),
        lambda: signed(ASKED, age_s=301),
        lambda: signed(ASKED, age_s=-301),
        lambda: _without("X-Slack-Signature"),
        lambda: _without("X-Slack-Request-Timestamp"),
        lambda: {**signed(ASKED), "X-Slack-Request-Timestamp": "yesterday"},
        lambda: {**signed(ASKED), "X-Slack-Request-Timestamp": "9" * 5000},
        lambda: {**signed(ASKED), "X-Slack-Signature": "v0=ü"},
        lambda: {**signed(ASKED), "X-Slack-Signature": ""},
        lambda: {"Content-Type": FORM},
    ],
    ids=[
        "wrong secret",
        "another body",
        "old",
        "from the future",
        "no signature",
        "no stamp",
        "no number as stamp",
        "endless stamp",
        "foreign letters",
        "empty",
        "nothing",
    ],
)
async def test_what_slack_has_not_signed_is_turned_away(
    slack: Slack, headers: Callable[[], Mapping[str, str]]
) -> None:
    assert await slack.post(ASKED, headers()) == (401, "")
    assert await slack.answered() == 0


@pytest.mark.parametrize("body", [b"ssl_check=1", b'{"type": "url_verification"}', b"\xff\xfe"])
async def test_no_kind_of_payload_gets_by_without_a_signature(slack: Slack, body: bytes) -> None:
    assert (await slack.post(body, {"Content-Type": FORM}))[0] == 401


async def test_the_same_signed_request_acts_once(slack: Slack) -> None:
    headers = signed(ASKED)
    assert [await slack.post(ASKED, headers) for _ in range(3)] == [(200, "")] * 3
    assert await slack.answered() == 1


async def test_a_click_that_comes_again_acts_once(slack: Slack) -> None:
    action = {"action_id": "request.approve", "value": "no such card"}
    clicked: Json = {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "7.7"}
    body = in_a_form({**clicked, "actions": [action]})
    assert await slack.post(body) == (200, "")
    assert await slack.post(body, signed(body, age_s=10)) == (200, "")
    assert await slack.answered() == 1


@pytest.mark.parametrize(
    "action", ["moon.rises", "request.approve", "request.overflow", "pick.model"]
)
async def test_a_click_that_leads_nowhere_is_answered(slack: Slack, action: str) -> None:
    touched: Json = {"action_id": action, "block_id": "none", "value": "no such card"}
    clicked: Json = {"type": "block_actions", "user": {"id": REQUESTER}, "trigger_id": "8.8"}
    body = in_a_form({**clicked, "channel": {"id": CHANNEL}, "actions": [touched]})
    assert await slack.post(body) == (200, "")
    await slack.desk.drain(60)
    told = [message.text for _, message in slack.answers.sent]
    assert any("does not know" in text for text in told), told


async def test_an_event_that_slack_sends_again_acts_once(slack: Slack) -> None:
    body = mention("Ev1")
    assert await slack.post(body) == (200, "")
    again = {**signed(body, age_s=1), "X-Slack-Retry-Num": "1"}
    assert await slack.post(body, again) == (200, "")
    assert await slack.answered() == 1


async def test_the_same_words_said_twice_act_twice(slack: Slack) -> None:
    await slack.post(command("list", trigger="1.1"))
    await slack.post(command("list", trigger="1.2"))
    assert await slack.answered() == 2


async def test_slacks_question_whether_this_is_the_address_is_answered(slack: Slack) -> None:
    asked = json.dumps({"type": "url_verification", "challenge": "c0ffee"}).encode()
    status, body = await slack.post(asked)
    assert (status, json.loads(body)) == (200, {"challenge": "c0ffee"})


async def test_a_body_beyond_the_limit_is_refused_unread(slack: Slack) -> None:
    body = command("a" * BODY_LIMIT)
    assert (await slack.post(body))[0] == 413
    assert await slack.answered() == 0


async def test_a_text_just_below_the_limit_is_answered(slack: Slack) -> None:
    status, _ = await slack.post(command("show " + "a" * (BODY_LIMIT - 200)))
    assert status == 200
    assert await slack.answered() == 1


async def test_a_reason_that_holds_the_word_payload_is_read(slack: Slack) -> None:
    assert await slack.post(command("promote scorer 7 because the payload changed")) == (200, "")
    assert await slack.answered() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"payload=%7B", 400),
        (b'{"type": "event_callback", "team": 3, "event": []}', 400),
        (b"\xff", 401),
        (b"", 200),
        (b"payload=[]", 200),
        (b'{"type": "moon_rising", "event_id": "Ev9"}', 200),
        (b'{"type": "event_callback", "event": {"type": "moon_rising"}}', 200),
        (in_a_form({"type": "block_actions", "actions": 3}), 200),
        (in_a_form({"type": "view_submission", "view": {}}), 200),
        (in_a_form({"type": "shortcut", "callback_id": "unknown"}), 200),
    ],
)
async def test_a_signed_payload_of_unknown_shape_does_nothing(
    slack: Slack, body: bytes, status: int
) -> None:
    assert (await slack.post(body))[0] == status
    assert await slack.answered() == 0


async def test_another_slash_command_is_answered_in_words(slack: Slack) -> None:
    body = ASKED.replace(b"%2Fmodel", b"%2Fweather")
    assert await slack.post(body) == (
        200,
        "Herald did not understand what Slack sent. Nothing was done.",
    )


async def test_there_is_one_path_and_one_method(slack: Slack) -> None:
    async with slack.session.get(slack.address) as answer:
        assert answer.status == 405
    async with slack.session.post(slack.address + "/more", data=ASKED) as answer:
        assert answer.status == 404
