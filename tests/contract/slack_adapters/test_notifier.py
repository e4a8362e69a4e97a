"""Cards in channels, through Slack's Web API."""

from typing import Any

import pytest

from bot.adapters.slack_calls import slack_client
from bot.adapters.slack_notifier import SlackNotifier
from bot.domain.errors import (
    BackEndRefusedError,
    BackEndUnavailableError,
    ChannelClosedError,
    NotFoundError,
    RateLimitedError,
)
from bot.domain.messages import MessageRef, Note
from bot.domain.names import ChannelId, MessageTs, RequestId
from bot.domain.ports import Notifier
from tests.builders import CHANNEL, LEAD
from tests.contract.slack_double.double import Double
from tests.unit.views.samples import BARE_COMPARISON, CARDS

CARD = CARDS["pending"]
NUMBER = CARD.request.id


async def seen(double: Double, **query: str) -> list[dict[str, Any]]:
    return await double.messages("U0MLLEAD", CHANNEL, **query)


async def test_a_card_appears_in_its_channel(double: Double, notifier: SlackNotifier) -> None:
    port: Notifier = notifier
    message = await port.post(CHANNEL, CARD)
    [shown] = await seen(double)
    assert shown["ts"] == message.ts
    assert "Promote scorer v7 to champion: 1 more approval needed" in shown["text"]
    assert double.rules_broken() == []


async def test_a_redraw_takes_the_place_of_the_card(
    double: Double, notifier: SlackNotifier
) -> None:
    message = await notifier.post(CHANNEL, CARD)
    await notifier.update(message, CARDS["succeeded"])
    [shown] = await seen(double)
    assert "is champion" in shown["text"]
    assert shown["edited"]


@pytest.mark.parametrize("name", sorted(CARDS))
async def test_slack_takes_the_card_in_every_state(
    double: Double, notifier: SlackNotifier, name: str
) -> None:
    await notifier.post(CHANNEL, CARDS[name])
    assert double.rules_broken() == []


async def test_a_lost_card_is_found_by_its_request(notifier: SlackNotifier) -> None:
    message = await notifier.post(CHANNEL, CARD)
    await notifier.post(CHANNEL, CARDS["pending_rollback"])
    assert await notifier.find(CHANNEL, NUMBER) == message


async def test_a_card_is_still_found_after_a_redraw(notifier: SlackNotifier) -> None:
    message = await notifier.post(CHANNEL, CARD)
    await notifier.update(message, CARDS["rejected"])
    assert await notifier.find(CHANNEL, NUMBER) == message


async def test_a_card_that_never_arrived_is_not_found(notifier: SlackNotifier) -> None:
    assert await notifier.find(CHANNEL, RequestId(77)) is None


async def test_a_reply_goes_into_the_thread_once_per_key(
    double: Double, notifier: SlackNotifier
) -> None:
    message = await notifier.post(CHANNEL, CARD)
    for key in ("began", "began", "ended"):
        await notifier.reply(message, f"It {key}: `/model request CR-1042`", key)
    thread = await seen(double, thread_ts=message.ts)
    assert [reply["text"] for reply in thread[1:]] == [
        "It began: `/model request CR-1042`",
        "It ended: `/model request CR-1042`",
    ]


async def test_a_reply_mentions_nobody_whatever_a_platform_said(
    double: Double, notifier: SlackNotifier
) -> None:
    message = await notifier.post(CHANNEL, CARD)
    await notifier.reply(message, "it said <!channel> & died", "log")
    reply = (await seen(double, thread_ts=message.ts))[1]
    assert "<!" not in str(reply)
    assert "&amp; died" in reply["text"]


async def test_a_reply_rings_the_group_that_it_is_for(
    double: Double, notifier: SlackNotifier
) -> None:
    message = await notifier.post(CHANNEL, CARD)
    await notifier.reply(message, "CR-1 has waited for 4 h", "late", "S0MLLEADS")
    reply = (await seen(double, thread_ts=message.ts))[1]
    (line,) = reply["blocks"][0]["elements"]
    first, *_ = line["elements"]
    assert first == {"type": "usergroup", "usergroup_id": "S0MLLEADS"}


async def test_a_shared_comparison_appears_without_buttons(
    double: Double, notifier: SlackNotifier
) -> None:
    await notifier.share(CHANNEL, BARE_COMPARISON)
    [shown] = await seen(double)
    assert [block["type"] for block in shown["blocks"]].count("actions") == 0


async def test_a_message_that_is_gone_is_not_found(notifier: SlackNotifier) -> None:
    gone = MessageRef(channel=CHANNEL, ts=MessageTs("1.000001"))
    with pytest.raises(NotFoundError):
        await notifier.update(gone, CARD)


async def test_an_unknown_channel_is_closed(notifier: SlackNotifier) -> None:
    with pytest.raises(ChannelClosedError, match="channel_not_found"):
        await notifier.post(ChannelId("C0NOWHERE"), CARD)


async def test_an_archived_channel_is_a_refusal_in_slacks_word(
    double: Double, notifier: SlackNotifier
) -> None:
    await double.change(channels={CHANNEL: {"is_archived": True}})
    with pytest.raises(BackEndRefusedError, match="is_archived"):
        await notifier.post(CHANNEL, CARD)


async def test_a_rate_limit_says_when_to_come_again(
    double: Double, notifier: SlackNotifier
) -> None:
    await double.human("faults", kind="rate_limit", method="chat.postMessage", seconds=7, count=1)
    with pytest.raises(RateLimitedError) as caught:
        await notifier.post(CHANNEL, CARD)
    assert caught.value.retry_after_s >= 1


async def test_trouble_inside_slack_is_an_outage(double: Double, notifier: SlackNotifier) -> None:
    await double.human(
        "faults", kind="api_error", method="chat.postMessage", error="internal_error", count=1
    )
    with pytest.raises(BackEndUnavailableError):
        await notifier.post(CHANNEL, CARD)


async def test_a_host_that_does_not_listen_is_an_outage(double: Double) -> None:
    client = slack_client("xoxb-nothing", "http://127.0.0.1:9/api/", double.session)
    with pytest.raises(BackEndUnavailableError):
        await SlackNotifier(client).post(CHANNEL, CARD)


async def test_a_page_instead_of_an_answer_is_an_outage(double: Double) -> None:
    client = slack_client("xoxb-nothing", f"{double.origin}/human/", double.session)
    with pytest.raises(BackEndUnavailableError):
        await SlackNotifier(client).find(CHANNEL, NUMBER)


async def test_a_message_to_one_person_is_said_once_per_key(
    double: Double, notifier: SlackNotifier
) -> None:
    for _ in range(2):
        await notifier.tell(LEAD, "CR-1 waits for you", "ask:1", "https://acme.example/p1")
    await notifier.tell(LEAD, "CR-2 waits for you", "ask:2")
    private = f"D{LEAD.removeprefix('U')}"
    said = [m for m in await double.messages(LEAD, private) if "waits" in m["text"]]
    assert sorted(m["text"] for m in said) == ["CR-1 waits for you", "CR-2 waits for you"]
    (words,) = next(m for m in said if m["text"].startswith("CR-1"))["blocks"]
    link = words["elements"][0]["elements"][-1]
    assert (link["type"], link["url"]) == ("link", "https://acme.example/p1")


async def test_an_announcement_is_found_again_by_its_key(
    double: Double, notifier: SlackNotifier
) -> None:
    assert not await notifier.has_announced(CHANNEL, "freeze:1:declared")
    await notifier.announce(CHANNEL, Note(text="prod.* is frozen"), "freeze:1:declared")
    await notifier.announce(CHANNEL, Note(text="The policies changed"))
    assert await notifier.has_announced(CHANNEL, "freeze:1:declared")
    assert not await notifier.has_announced(CHANNEL, "freeze:1:lifted")
    assert not await notifier.has_announced(CHANNEL, "")
    said = {message["text"] for message in await seen(double)}
    assert said == {"prod.* is frozen", "The policies changed"}
