"""Changed policy files are written down once, and broken ones told once."""

import logging
from pathlib import Path

import pytest

from bot.domain.audit import AuditEvent
from bot.domain.messages import Note
from bot.domain.names import ChannelId
from bot.services.follow_policies import FollowPolicies
from policies.source import FilePolicySource
from tests.fakes.world import CHANNEL, Herald

GOOD = "apiVersion: herald/v1\n"
BROKEN = f"{GOOD}policys: []\n"
OTHER = f"{GOOD}metrics: {{f1: {{direction: higher}}}}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "p.yml"
    path.write_text(GOOD)
    return path


def change(file: Path, text: str) -> None:
    file.write_text(text)


def following(bot: Herald, file: Path, home: ChannelId = CHANNEL) -> FollowPolicies:
    """Return what one replica does."""
    return FollowPolicies(
        files=FilePolicySource([file]),
        store=bot.store,
        voice=bot.notifier,
        clock=bot.clock,
        home=home,
    )


async def events(bot: Herald) -> list[AuditEvent]:
    async with bot.store.transaction() as work:
        return [chained.event for chained in await work.audit.of("policies")]


async def test_files_that_stay_as_they_are_are_no_event(bot: Herald, file: Path) -> None:
    await following(bot, file).look()
    assert await events(bot) == []


async def test_taken_over_files_are_written_down_and_told_nobody(bot: Herald, file: Path) -> None:
    follow = following(bot, file)
    change(file, OTHER)
    await follow.look()
    (event,) = await events(bot)
    assert event.action == "policies.replaced"
    assert event.details == {"digest": follow.files.digest}
    assert bot.notifier.news == []


async def test_broken_files_are_told_once_by_all_replicas_together(
    bot: Herald, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    replicas = [following(bot, file), following(bot, file)]
    change(file, BROKEN)
    with caplog.at_level(logging.WARNING):
        for replica in (*replicas, *replicas):
            await replica.look()
    ((channel, note),) = bot.notifier.news
    assert channel == CHANNEL
    assert isinstance(note, Note)
    assert note.text.startswith("The policy files changed and are broken; those before stay in")
    assert "p.yml:2:1: unknown key `policys`. Did you mean `policies`?" in note.text
    assert [event.action for event in await events(bot)] == ["policies.refused"]
    assert caplog.text.count("the policies in force stay as they are") == len(replicas)


async def test_files_broken_again_in_the_same_way_are_told_again(bot: Herald, file: Path) -> None:
    follow = following(bot, file)
    for text in (BROKEN, GOOD, BROKEN):
        change(file, text)
        await follow.look()
    actions = [event.action for event in await events(bot)]
    assert actions == ["policies.refused", "policies.replaced", "policies.refused"]
    assert len(bot.notifier.news) == 2


async def test_without_a_channel_the_log_alone_tells(bot: Herald, file: Path) -> None:
    follow = following(bot, file, ChannelId(""))
    change(file, BROKEN)
    await follow.look()
    assert bot.notifier.news == []


async def test_slack_that_does_not_answer_ends_nothing(
    bot: Herald, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    follow = following(bot, file)
    bot.notifier.is_down = True
    change(file, BROKEN)
    with caplog.at_level(logging.WARNING):
        await follow.look()
    assert "nobody was told of the broken policy files" in caplog.text
