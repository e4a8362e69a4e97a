"""The same words get the same answer by every door: command, mention, direct message."""

import json

import pytest

from tests.fakes.world import CHANNEL, REQUESTER
from tests.flow.http.slack import Json, Slack, command

BOT = "U0HERALD"
DIRECT = "D0REQUESTER"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("promot scorer 7", "does not know 'promot'. Did you mean promote?"),
        ("promote", "promote"),
        ("promote scorer", "promote"),
        ("promote scorer 99 because why not", "scorer has no version 99"),
        ("promote scorer 0", "scorer has no version 0"),
        ("promote scorrer 7", "No model 'scorrer'. Did you mean scorer?"),
        ("promote scorer 7 to cham!pion", "'cham!pion' is no alias"),
        ("compare scorer 1 2 3 4", "too much"),
        ("show " + "x" * 5000, "No model"),
        ("show ﬀ<!channel>", "No model"),
        ("request CR-99", "CR-99"),
        ("rollback scorer to 99", "nothing to roll back to"),
        ("endpoint nothing", "No endpoint 'nothing'"),
        ("help nonsense", "nonsense"),
    ],
)
async def test_bad_input_is_answered_alike(slack: Slack, line: str, said: str) -> None:
    typed = await _typed(slack, line)
    assert said in typed
    assert await _said(slack, "app_mention", CHANNEL, f"<@{BOT}> {line}") == typed
    assert await _said(slack, "message", DIRECT, line) == typed


async def _typed(slack: Slack, line: str) -> str:
    _, body = await slack.post(command(line, trigger=line))
    return str(json.loads(body)["text"]) if body else await _last(slack)


async def _said(slack: Slack, kind: str, channel: str, text: str) -> str:
    more = {"channel_type": "im"} if kind == "message" else {}
    event: Json = {"type": kind, "user": REQUESTER, "channel": channel, "text": text, **more}
    body = {"type": "event_callback", "event_id": f"{kind} {text}", "event": event}
    known = {"authorizations": [{"user_id": BOT, "team_id": "T1"}], "team_id": "T1"}
    assert await slack.post(json.dumps({**body, **known}).encode()) == (200, "")
    return await _last(slack)


async def _last(slack: Slack) -> str:
    await slack.desk.drain(60)
    return slack.answers.sent[-1][1].text
