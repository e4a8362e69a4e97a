"""Changed policy files are written down once, and broken ones told once."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from bot.domain.audit import AuditEvent
from bot.domain.freezing import Span
from bot.domain.messages import Note
from bot.domain.names import ChannelId
from bot.domain.policy import PolicySet
from bot.domain.policy_reading import PolicyReading
from bot.domain.store import Store, UnitOfWork
from bot.services.follow_policies import STILL_NEWS, TRIED_AGAIN, FollowPolicies
from policies.source import AHEAD, FilePolicySource
from tests.fakes.world import CHANNEL, Herald, policy_set

GOOD = "apiVersion: herald/v1\n"
BROKEN = f"{GOOD}policys: []\n"
OTHER = f"{GOOD}metrics: {{f1: {{direction: higher}}}}\n"

WHOLE_AGAIN = "The policy files are whole again; they are in force."
BROKE, WHOLE = "The policy files changed and are broken; ", WHOLE_AGAIN[:41]


def told(bot: Herald) -> list[str]:
    """Return what the channel of releases was told."""
    return [news.text for _, news in bot.notifier.news if isinstance(news, Note)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "p.yml"
    path.write_text(GOOD)
    return path


class Locked:
    """A store that nobody can write to, until it is told otherwise."""

    def __init__(self, store: Store) -> None:
        self.is_locked = True
        self._store = store

    def transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        if self.is_locked:
            msg = "database is locked"
            raise RuntimeError(msg)
        return self._store.transaction()


class Slow(FilePolicySource):
    """Files that are read once somebody says so."""

    def __init__(self, files: list[Path]) -> None:
        super().__init__(files)
        self.begun, self.may_end = Event(), Event()

    def read(self) -> PolicyReading:
        self.begun.set()
        assert self.may_end.wait(10)
        return super().read()


class Window:
    """A freeze window that breaks, and keeps what it was asked."""

    name = "w"

    def __init__(self) -> None:
        self.asked: list[tuple[datetime, datetime]] = []

    def spans(self, since: datetime, until: datetime) -> tuple[Span, ...]:
        self.asked.append((since, until))
        raise OverflowError


class FrozenPolicies(FilePolicySource):
    """Files with a policy that has a window."""

    def __init__(self, files: list[Path]) -> None:
        super().__init__(files)
        self.window = Window()

    def take(self, reading: PolicyReading) -> None:
        policies = policy_set(freezes=(self.window,))
        super().take(replace(reading, policies=policies))


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


async def actions(bot: Herald) -> list[str]:
    return [event.action for event in await events(bot)]


def in_force(follow: FollowPolicies) -> PolicySet:
    assert isinstance(follow.files, FilePolicySource)
    return follow.files.current()


async def test_the_first_look_of_all_writes_down_what_is_in_force(bot: Herald, file: Path) -> None:
    follow = following(bot, file)
    await follow.look()
    (event,) = await events(bot)
    assert (event.action, event.actor) == ("policies.loaded", "herald")
    assert event.details == {"digest": follow.files.read().digest}


async def test_files_that_stay_as_they_are_are_no_further_event(bot: Herald, file: Path) -> None:
    for follow in (following(bot, file), following(bot, file)):
        await follow.look()
        await follow.look()
    assert await actions(bot) == ["policies.loaded"]


async def test_a_change_between_two_starts_is_written_down(bot: Herald, file: Path) -> None:
    await following(bot, file).look()
    change(file, OTHER)
    again = following(bot, file)
    await again.look()
    assert await actions(bot) == ["policies.loaded", "policies.replaced"]
    assert (await events(bot))[-1].details == {"digest": again.files.read().digest}


async def test_files_that_were_refused_and_are_usable_at_the_next_start_are_written_down(
    bot: Herald, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> PolicySet:
        raise OverflowError

    follow = following(bot, file)
    await follow.look()
    monkeypatch.setattr("policies.source.parse_policies", broken)
    change(file, OTHER)
    await follow.look()
    monkeypatch.undo()
    await following(bot, file).look()
    assert await actions(bot) == ["policies.loaded", "policies.refused", "policies.replaced"]


async def test_replicas_that_read_different_files_do_not_write_against_each_other(
    bot: Herald, file: Path
) -> None:
    old = following(bot, file)
    await old.look()
    newer = file.with_name("newer.yml")
    change(newer, OTHER)
    new = following(bot, newer)
    for _ in range(2):
        await new.look()
        await old.look()
    assert await actions(bot) == ["policies.loaded", "policies.replaced"]


async def test_a_change_that_cannot_be_written_down_is_not_in_force_before_it_is(
    bot: Herald, file: Path
) -> None:
    follow = following(bot, file)
    await follow.look()
    locked = Locked(bot.store)
    follow.store = locked
    change(file, OTHER)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="locked"):
            await follow.look()
        assert "f1" not in in_force(follow).metrics
    locked.is_locked = False
    await follow.look()
    assert "f1" in in_force(follow).metrics
    assert await actions(bot) == ["policies.loaded", "policies.replaced"]


async def test_a_broken_change_that_cannot_be_written_down_at_first_is_told_once_it_is(
    bot: Herald, file: Path
) -> None:
    follow = following(bot, file)
    locked = Locked(bot.store)
    follow.store = locked
    change(file, BROKEN)
    with pytest.raises(RuntimeError, match="locked"):
        await follow.look()
    assert bot.notifier.news == []
    locked.is_locked = False
    await follow.look()
    await follow.look()
    assert len(bot.notifier.news) == 1


async def test_files_are_read_beside_the_loop_that_hears_clicks(bot: Herald, file: Path) -> None:
    files = Slow([file])
    follow = following(bot, file)
    follow.files = files
    look = asyncio.create_task(follow.look())
    await asyncio.to_thread(files.begun.wait, 10)
    assert not look.done()
    files.may_end.set()
    await look
    assert await actions(bot) == ["policies.loaded"]


async def test_freeze_windows_of_the_weeks_to_come_are_worked_out_before_they_are_asked(
    bot: Herald, file: Path
) -> None:
    policies = FrozenPolicies([file])
    follow = following(bot, file)
    follow.files = policies
    await follow.look()
    ((since, until),) = policies.window.asked
    assert until - since == AHEAD
    assert abs(bot.clock.now() - since) < timedelta(minutes=5)


async def test_taken_over_files_are_written_down_and_told_nobody(bot: Herald, file: Path) -> None:
    follow = following(bot, file)
    await follow.look()
    change(file, OTHER)
    await follow.look()
    _, event = await events(bot)
    assert event.action == "policies.replaced"
    assert event.details == {"digest": follow.files.read().digest}
    assert "f1" in in_force(follow).metrics
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
    assert await actions(bot) == ["policies.refused"]
    assert caplog.text.count("the policies in force stay as they are") == len(replicas)


async def test_files_broken_again_in_the_same_way_are_told_again(bot: Herald, file: Path) -> None:
    follow = following(bot, file)
    for text in (BROKEN, GOOD, BROKEN):
        change(file, text)
        await follow.look()
    assert await actions(bot) == ["policies.refused", "policies.replaced", "policies.refused"]
    assert [text[:41] for text in told(bot)] == [BROKE, WHOLE, BROKE]


async def test_without_a_channel_the_log_alone_tells(bot: Herald, file: Path) -> None:
    follow = following(bot, file, ChannelId(""))
    change(file, BROKEN)
    await follow.look()
    assert bot.notifier.news == []


async def test_files_that_are_whole_again_are_told_once(bot: Herald, file: Path) -> None:
    replicas = [following(bot, file), following(bot, file)]
    for text in (BROKEN, GOOD, OTHER):
        change(file, text)
        for replica in (*replicas, *replicas):
            await replica.look()
    assert told(bot)[1:] == [WHOLE_AGAIN]


async def test_what_slack_did_not_take_is_told_once_it_answers(
    bot: Herald, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    follow = following(bot, file)
    bot.notifier.is_down = True
    change(file, BROKEN)
    with caplog.at_level(logging.WARNING):
        await follow.look()
        await follow.look()
    assert caplog.text.count("nobody was told of the changed policy files") == 1
    bot.notifier.is_down = False
    await follow.look()
    assert bot.notifier.news == []
    bot.clock.ahead += TRIED_AGAIN
    await follow.look()
    await follow.look()
    assert [text[:41] for text in told(bot)] == [BROKE]


async def test_what_arrived_though_its_answer_was_lost_is_told_once(
    bot: Herald, file: Path
) -> None:
    follow = following(bot, file)
    bot.notifier.loses_answers = 1
    change(file, BROKEN)
    await follow.look()
    bot.clock.ahead += TRIED_AGAIN
    await follow.look()
    assert len(bot.notifier.news) == 1


async def test_what_slack_refuses_is_not_tried_again(
    bot: Herald, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    follow = following(bot, file)
    bot.notifier.closed[CHANNEL] = "not_in_channel"
    change(file, BROKEN)
    with caplog.at_level(logging.WARNING):
        await follow.look()
    assert "nobody was told of the changed policy files" in caplog.text
    bot.notifier.closed.clear()
    bot.clock.ahead += TRIED_AGAIN
    await follow.look()
    assert bot.notifier.news == []


async def killed(bot: Herald, file: Path) -> None:
    """Let files break and be mended, and end Herald before it told the second."""
    follow = following(bot, file)
    change(file, BROKEN)
    await follow.look()
    bot.notifier.is_down = True
    change(file, GOOD)
    await follow.look()
    bot.notifier.is_down = False


async def test_what_a_killed_herald_did_not_tell_is_told_after_the_next_start(
    bot: Herald, file: Path
) -> None:
    await killed(bot, file)
    again = following(bot, file)
    await again.look()
    assert len(bot.notifier.news) == 1
    bot.clock.ahead += TRIED_AGAIN
    for replica in (again, following(bot, file)):
        await replica.look()
    assert told(bot)[1:] == [WHOLE_AGAIN]


async def test_what_is_no_news_any_more_is_not_told_after_a_start(bot: Herald, file: Path) -> None:
    await killed(bot, file)
    bot.clock.ahead += STILL_NEWS + timedelta(seconds=1)
    await following(bot, file).look()
    assert len(bot.notifier.news) == 1
