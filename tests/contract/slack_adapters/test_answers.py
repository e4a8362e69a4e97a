"""Private answers arrive, also when Slack has too many calls for a while."""

import pytest

from bot.adapters.slack_answers import SlackAnswers
from bot.adapters.slack_calls import slack_client
from bot.domain.errors import RateLimitedError
from bot.domain.messages import Addressee
from bot.domain.names import ChannelId, SlackUserId
from bot.domain.refusal import Refusal
from bot.views.render import render
from tests.contract.slack_double.double import Double

LEAD, CHANNEL = SlackUserId("U0MLLEAD"), ChannelId("C0RELEASES")
TO = Addressee(user=LEAD, channel=CHANNEL)
ANSWER = render(Refusal(what="Nothing is open"))


class Pauses:
    """Notes how long was waited, without waiting."""

    def __init__(self, double: Double) -> None:
        self.taken: list[float] = []
        client = slack_client(double.workspace.tokens.bot, f"{double.origin}/api/", double.session)
        self.answers = SlackAnswers(client, double.session, sleep=self._pause)

    async def _pause(self, seconds: float) -> None:
        self.taken.append(seconds)


async def too_many(double: Double, *, count: int, seconds: int = 7) -> None:
    """Let Slack refuse so many private messages, each with that pause."""
    method = "chat.postEphemeral"
    await double.human("faults", kind="rate_limit", method=method, seconds=seconds, count=count)


async def test_an_answer_comes_after_the_pause_that_slack_asks_for(double: Double) -> None:
    pauses = Pauses(double)
    await too_many(double, count=2)
    await pauses.answers.answer(TO, ANSWER)
    assert pauses.taken == [7, 7]
    said = [message["text"] for message in await double.messages(LEAD, CHANNEL)]
    assert said == [ANSWER.text]


async def test_an_answer_is_given_up_when_slack_stays_busy(double: Double) -> None:
    pauses = Pauses(double)
    await too_many(double, count=3)
    with pytest.raises(RateLimitedError):
        await pauses.answers.answer(TO, ANSWER)
    assert pauses.taken == [7, 7]


async def test_nobody_waits_long_for_an_answer_that_can_be_asked_for_again(double: Double) -> None:
    pauses = Pauses(double)
    await too_many(double, count=1, seconds=90)
    with pytest.raises(RateLimitedError):
        await pauses.answers.answer(TO, ANSWER)
    assert pauses.taken == []
