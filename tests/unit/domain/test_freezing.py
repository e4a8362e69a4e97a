"""Freezes as values, and the ends of time that people type."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.freezing import Freeze, FreezeNews, Span, by_end
from bot.domain.names import ModelName
from bot.domain.until import NoEnd, end_of
from tests.builders import LEAD, MODEL, NOW

HOUR = timedelta(hours=1)
SPAN = Span(begins_at=NOW, ends_at=NOW + HOUR)
FREEZE = Freeze(begins_at=NOW, ends_at=NOW + HOUR, reason="migration")


def test_the_end_of_a_span_does_not_belong_to_it() -> None:
    assert SPAN.holds(NOW)
    assert not SPAN.holds(NOW + HOUR)
    assert not SPAN.holds(NOW - HOUR)


@pytest.mark.parametrize(
    ("since", "until", "touches"),
    [(-2, -1, False), (-1, 0, True), (0, 0, True), (0, 3, True), (1, 2, False)],
)
def test_a_span_touches_a_time_that_it_shares(since: int, until: int, touches: bool) -> None:  # noqa: FBT001 - a case of the table
    assert SPAN.touches(NOW + since * HOUR, NOW + until * HOUR) is touches


def test_the_freeze_that_ends_last_comes_first() -> None:
    later, endless = replace(FREEZE, ends_at=NOW + 2 * HOUR), replace(FREEZE, ends_at=None)
    assert by_end([FREEZE, endless, later]) == (endless, later, FREEZE)
    assert by_end([]) == ()


def test_a_freeze_says_its_end_and_its_cause() -> None:
    assert FREEZE.told_end == "until 2026-03-02 10:30 UTC"
    assert replace(FREEZE, ends_at=None).told_end == "until somebody lifts it"
    window = replace(FREEZE, window="weekend", policy="prod", reason="")
    assert FREEZE.told_cause == "migration"
    assert window.told_cause == "window weekend of policy prod"
    broken = replace(window, ends_at=None, reason="it broke")
    assert broken.told_cause == "window weekend of policy prod: it broke"
    assert broken.told_end == "until its policy is mended"


def test_a_freeze_covers_what_its_globs_match() -> None:
    assert FREEZE.covers(MODEL)
    assert replace(FREEZE, models=("dev.*", "prod.*")).covers(MODEL)
    assert not replace(FREEZE, models=("dev.*",)).covers(MODEL)


def test_a_freeze_does_not_cover_what_is_taken_out_of_it() -> None:
    frozen = replace(FREEZE, models=("prod.*",), but=("prod.lab.*", "prod.fraud.s*"))
    assert not frozen.covers(MODEL)
    assert frozen.covers(ModelName("prod.fraud.rules"))
    assert not frozen.covers(ModelName("dev.fraud.rules"))


@pytest.mark.parametrize(
    ("models", "but", "told"),
    [
        (("*",), (), "all models"),
        (("prod.*", "*"), (), "all models"),
        (("prod.*", "dev.*"), (), "prod.*, dev.*"),
        (("*",), ("prod.lab.*", "dev.*"), "all models except prod.lab.*, dev.*"),
        (("prod.*",), ("prod.lab.*",), "prod.* except prod.lab.*"),
    ],
)
def test_a_freeze_says_what_it_is_about(
    models: tuple[str, ...], but: tuple[str, ...], told: str
) -> None:
    assert replace(FREEZE, models=models, but=but).told_models == told


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("for 2h", "2026-03-02 11:30"),
        ("FOR 90MIN", "2026-03-02 11:00"),
        ("for 30m", "2026-03-02 10:00"),
        ("for 2 h", "2026-03-02 11:30"),
        ("for 2h30m", "2026-03-02 12:00"),
        ("for 1D 12H", "2026-03-03 21:30"),
        ("for 3d", "2026-03-05 09:30"),
        ("until 18:00", "2026-03-02 18:00"),
        ("until 9:30", "2026-03-03 09:30"),
        ("until 09:31", "2026-03-02 09:31"),
        ("until 18:00 Europe/Berlin", "2026-03-02 17:00"),
        ("until 09:00 America/New_York", "2026-03-02 14:00"),
        ("until 18:00+02:00", "2026-03-02 16:00"),
        ("until 18:00-02:00", "2026-03-02 20:00"),
        ("until 18:00z", "2026-03-02 18:00"),
        ("until 18:00 Zulu", "2026-03-02 18:00"),
        ("until 2026-03-05T08:00Z", "2026-03-05 08:00"),
        ("until 2026-10-25 02:30 Europe/Berlin", "2026-10-25 01:30"),
        ("until 2026-03-29 02:30 Europe/Berlin", "2026-03-29 01:30"),
        ("for 365d", "2027-03-02 09:30"),
    ],
)
def test_an_end_is_understood(words: str, end: str) -> None:
    assert end_of(words.split(), NOW, "") == datetime.fromisoformat(end).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "zone", "hour"),
    [
        ("until 18:00", "Europe/Berlin", 17),
        ("until 18:00 UTC", "Europe/Berlin", 18),
        ("until 18:00", "Nowhere/City", 18),
        ("until 18:00", "", 18),
    ],
)
def test_a_time_is_by_the_clock_of_the_one_who_types_it(words: str, zone: str, hour: int) -> None:
    assert end_of(words.split(), NOW, zone) == NOW.replace(hour=hour, minute=0)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("for ever", NoEnd.UNREADABLE),
        ("for 2h until 18:00", NoEnd.UNREADABLE),
        ("for", NoEnd.UNREADABLE),
        ("until later", NoEnd.UNREADABLE),
        ("until 25:00", NoEnd.UNREADABLE),
        ("until 18:00 Nowhere/City", NoEnd.UNREADABLE),
        ("until 18:00+99", NoEnd.UNREADABLE),
        ("until 2026-02-30 10:00", NoEnd.UNREADABLE),
        ("until 9999-12-31 23:59 -12:00", NoEnd.UNREADABLE),
        ("until", NoEnd.UNREADABLE),
        ("for 0h", NoEnd.OVER),
        ("until 2026-03-01 10:00", NoEnd.OVER),
        ("until 2026-03-02 09:30", NoEnd.OVER),
        ("for 400d", NoEnd.TOO_FAR),
        ("for 365d1m", NoEnd.TOO_FAR),
        (f"for {'999999d' * 500}", NoEnd.TOO_FAR),
        ("until 2028-01-01 10:00", NoEnd.TOO_FAR),
    ],
)
def test_words_that_name_no_end_are_told_why(words: str, why: NoEnd) -> None:
    assert end_of(words.split(), NOW, "") is why


@pytest.mark.usefixtures("machine_in_berlin")
def test_the_clock_of_the_machine_plays_no_part() -> None:
    late = NOW.replace(hour=23, minute=15)
    end = end_of(["until", "23:30"], late, "")
    assert isinstance(end, datetime)
    assert end.isoformat() == "2026-03-02T23:30:00+00:00"
    assert FREEZE.told_end == "until 2026-03-02 10:30 UTC"


def test_each_piece_of_news_has_a_key_of_its_own() -> None:
    declared = FreezeNews(freeze=replace(FREEZE, number=3), by=LEAD)
    keys = [declared.key, replace(declared, lifted=True).key]
    assert keys == ["freeze:3:declared", "freeze:3:lifted"]
