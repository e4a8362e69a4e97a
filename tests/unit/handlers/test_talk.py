import pytest

from bot.domain.names import ChannelId
from handlers import table
from handlers.asked import Row
from handlers.table import TABLE
from tests.fakes.world import CHANNEL, LEAD, REQUESTER, VIEWER
from tests.unit.handlers.chat import BOT, DIRECT, Chat

ANYWHERE = [(f"<@{BOT}> ", CHANNEL), ("", DIRECT), (f"<@{BOT}> ", DIRECT), ("/model ", DIRECT)]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.command.name)
@pytest.mark.parametrize(("before", "channel"), ANYWHERE)
async def test_every_command_is_understood_by_every_door(
    chat: Chat, row: Row, before: str, channel: ChannelId
) -> None:
    typed = await chat.type(row.command.example, VIEWER)
    said = await chat.say(f"{before}{row.command.example}", VIEWER, channel)
    assert said == typed
    assert said


async def test_the_answer_goes_to_the_one_who_spoke_where_he_spoke(chat: Chat) -> None:
    await chat.say(f"<@{BOT}> list", VIEWER, CHANNEL, {"thread_ts": "7.1"})
    ((to, _),) = chat.answers.sent
    assert (to.user, to.channel, to.thread) == (VIEWER, CHANNEL, "7.1")


async def test_a_promotion_asked_for_in_private_has_its_card_in_the_releases_channel(
    chat: Chat,
) -> None:
    said = await chat.say("promote scorer 7 because better recall", REQUESTER)
    assert "CR-1" in said
    details = await chat.type("request CR-1", LEAD)
    assert "scorer" in details


async def test_a_mention_inside_a_sentence_is_heard_when_a_command_follows(chat: Chat) -> None:
    said = await chat.say(f"good morning <@{BOT}>, help", VIEWER, CHANNEL)
    assert said == await chat.type("help", VIEWER)


async def test_talk_about_herald_is_left_alone(chat: Chat) -> None:
    assert await chat.say(f"ask <@{BOT}> about it", VIEWER, CHANNEL) == ""


async def test_a_bare_mention_is_answered_with_the_help(chat: Chat) -> None:
    assert await chat.say(f"<@{BOT}>", VIEWER, CHANNEL) == await chat.type("", VIEWER)


async def test_nonsense_said_to_herald_is_answered_as_if_it_were_typed(chat: Chat) -> None:
    said = await chat.say("promot scorer", VIEWER)
    assert said == await chat.type("promot scorer", VIEWER)
    assert "Did you mean promote?" in said


async def test_names_that_slack_made_links_of_are_read_as_names(chat: Chat) -> None:
    said = await chat.say("show <http://prod.fraud.scorer|prod.fraud.scorer>", VIEWER)
    assert said == await chat.type("show prod.fraud.scorer", VIEWER)


@pytest.mark.parametrize(
    "more",
    [
        {"subtype": "message_changed"},
        {"edited": {"user": VIEWER, "ts": "8.1"}},
        {"subtype": "channel_join"},
        {"bot_id": "B1"},
        {"user": BOT},
        {"user": ""},
        {"channel_type": "channel"},
        {"channel": None},
    ],
)
async def test_only_what_people_say_anew_in_private_is_heard(
    chat: Chat, more: dict[str, object]
) -> None:
    assert await chat.say("list", VIEWER, DIRECT, more) == ""
    assert chat.answers.sent == []


async def test_a_mention_that_slack_sends_again_since_it_was_edited_acts_no_second_time(
    chat: Chat,
) -> None:
    edited = {"edited": {"user": VIEWER, "ts": "8.1"}}
    assert await chat.say(f"<@{BOT}> list", VIEWER, CHANNEL, edited) == ""


async def test_a_fault_in_front_of_the_work_is_told_with_its_number(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(table.BY_NAME, "list", object())
    assert "Herald broke on this (incident " in await chat.say("list", VIEWER)
