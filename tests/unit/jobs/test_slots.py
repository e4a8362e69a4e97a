"""When a digest is due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import ConfigurationError
from bot.jobs.slots import LATE_AT_MOST, Slots

MONDAY_9 = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEKDAYS = "0 9 * * mon-fri"


def latest(now: datetime, cron: str = WEEKDAYS, zone: str = "UTC") -> datetime | None:
    return Slots(cron, zone).latest(now)


@pytest.mark.parametrize("minutes", [0, 1, 59, 60])
def test_a_slot_is_due_for_an_hour(minutes: int) -> None:
    assert latest(MONDAY_9 + timedelta(minutes=minutes)) == MONDAY_9


@pytest.mark.parametrize("late", [timedelta(microseconds=-1), LATE_AT_MOST + timedelta(seconds=1)])
def test_before_and_long_after_nothing_is_due(late: timedelta) -> None:
    assert latest(MONDAY_9 + late) is None


def test_nobody_is_told_on_sunday() -> None:
    assert latest(MONDAY_9 - timedelta(days=1)) is None


def test_of_several_missed_slots_the_newest_is_due() -> None:
    now = MONDAY_9 + timedelta(minutes=31)
    assert latest(now, "*/15 * * * *") == MONDAY_9 + timedelta(minutes=30)


def test_the_zone_moves_the_hour() -> None:
    berlin = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    assert latest(MONDAY_9 - timedelta(hours=1), zone="Europe/Berlin") == berlin


@pytest.mark.parametrize(
    ("weekdays", "due"),
    [
        ("*", "mon tue wed thu fri sat sun"),
        ("1", "mon"),
        ("1-5", "mon tue wed thu fri"),
        ("MON-fri", "mon tue wed thu fri"),
        ("0-4", "mon tue wed thu sun"),
        ("sun-thu", "mon tue wed thu sun"),
        ("0-6", "mon tue wed thu fri sat sun"),
        ("5-7", "fri sat sun"),
        ("7,1", "mon sun"),
        ("*/2", "tue thu sat sun"),
        ("1-5/2", "mon wed fri"),
    ],
)
def test_weekdays_are_counted_as_cron_counts_them(weekdays: str, due: str) -> None:
    week = [MONDAY_9 + timedelta(days=day) for day in range(7)]
    found = [day for day in week if latest(day, f"0 9 * * {weekdays}")]
    assert " ".join(f"{day:%a}".lower() for day in found) == due


@pytest.mark.parametrize("weekdays", ["8", "1-", "mon-", "fri-mon", "*/0", "1--2", "", "1,"])
def test_weekdays_that_mean_nothing_are_told(weekdays: str) -> None:
    with pytest.raises(ConfigurationError, match="HERALD_DIGEST__CRON"):
        Slots(f"0 9 * * {weekdays}", "UTC")


def test_zero_and_seven_are_sunday() -> None:
    sunday = MONDAY_9 - timedelta(days=1)
    assert latest(sunday, "0 9 * * 0") == latest(sunday, "0 9 * * 7") == sunday
    assert latest(MONDAY_9, "0 9 * * 0") is None


@pytest.mark.parametrize("cron", ["", "9", "0 9 * *", "0 99 * * *", "0 9 * * someday", "a b c d e"])
def test_a_wrong_expression_is_told(cron: str) -> None:
    with pytest.raises(ConfigurationError, match="HERALD_DIGEST__CRON"):
        Slots(cron, "UTC")


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "UTC+25"])
def test_a_wrong_zone_is_told(zone: str) -> None:
    with pytest.raises(ConfigurationError, match="HERALD_DIGEST__ZONE"):
        Slots(WEEKDAYS, zone)
