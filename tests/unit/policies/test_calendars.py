"""Calendar files: what is refused because it would take long or freeze the wrong hours."""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from types import ModuleType

import pytest

from bot.domain.freezing import FreezeWindow
from policies import calendars
from policies.loader import load_policies
from tests.unit.policies.files import WHOLE, findings, written

FROZEN = f"{WHOLE}    freeze:\n      - {{name: w, ics: f.ics}}\n"
PLACE = f"p.yml:{len(WHOLE.splitlines()) + 2}:24: "
ONCE = "DTSTART:20260101T000000Z\nDURATION:PT1H"
RARELY = "Use FREQ=DAILY or more rarely, or a cron expression"
UNUSABLE = "is no calendar that can be used. Export it as iCalendar again; every event needs a"
NEVER = "has a recurrence that never comes. Take the event out, or mend its rule"
YEARS = "has an event outside the years 1901 to 2099. Write a year of our time; without an end, let"
ZONE = "Use a name such as Europe/Berlin, or export the file with its VTIMEZONE"
CLOCK = "has a time zone whose clock does not change once a year. Use zones by name, such as TZID="
TIMES = "has events that come more than 30000 times until 2036. Let them begin later, or end them"


def event(body: str, uid: int = 1) -> str:
    return f"BEGIN:VEVENT\nUID:{uid}\n{body}\nEND:VEVENT\n"


def calendar(*parts: str) -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{''.join(parts)}END:VCALENDAR\n"


def zone(name: str = "Here", offset: int = 5, rule: str = "FREQ=YEARLY;BYMONTH=10") -> str:
    return (
        f"BEGIN:VTIMEZONE\nTZID:{name}\n"
        f"BEGIN:STANDARD\nDTSTART:16011001T030000\nTZOFFSETFROM:+0{offset + 1}00\n"
        f"TZOFFSETTO:+0{offset}00\nRRULE:{rule}\nEND:STANDARD\n"
        f"BEGIN:DAYLIGHT\nDTSTART:16010401T020000\nTZOFFSETFROM:+0{offset}00\n"
        f"TZOFFSETTO:+0{offset + 1}00\nRRULE:FREQ=YEARLY;BYMONTH=4\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
    )


def said(folder: Path, text: str) -> str:
    """Return the one thing that is wrong with a calendar."""
    written(folder, text, "f.ics")
    (found,) = findings(folder, FROZEN)
    assert found.startswith(f"{PLACE}`f.ics` ")
    return found.removeprefix(f"{PLACE}`f.ics` ")


def window(folder: Path, text: str) -> FreezeWindow:
    written(folder, text, "f.ics")
    (found,) = load_policies([written(folder, FROZEN)]).policies[0].freezes
    return found


def hours(window: FreezeWindow, day: str) -> list[str]:
    """Return the stretches of one day in UTC."""
    since = datetime.fromisoformat(day).replace(tzinfo=UTC)
    spans = window.spans(since, since + timedelta(days=1))
    return [f"{span.begins_at:%d %H:%M}-{span.ends_at:%d %H:%M}" for span in spans]


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("FREQ=DAILY;INTERVAL=0", "has a recurrence with an INTERVAL below 1. Write INTERVAL=1"),
        ("FREQ=YEARLY;INTERVAL=-1", "has a recurrence with an INTERVAL below 1. Write INTERVAL=1"),
        ("FREQ=DAILY;BYHOUR=1,2", f"has an event that comes more than once a day. {RARELY}"),
        ("FREQ=DAILY;BYMINUTE=1,2", f"has an event that comes more than once a day. {RARELY}"),
        ("FREQ=WEEKLY;BYSECOND=1,2", f"has an event that comes more than once a day. {RARELY}"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", NEVER),
        ("FREQ=DAILY;BYSETPOS=2", NEVER),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31", NEVER),
        ("FREQ=YEARLY;BYMONTH=13", NEVER),
        ("INTERVAL=2", UNUSABLE),
        ("FREQ=DAILY;COUNT=x", "has an event whose RRULE cannot be read. Export it as iCalendar"),
        (
            f"FREQ=YEARLY;BYYEARDAY={','.join(map(str, range(1, 200)))}",
            "has a recurrence rule of more than 500 characters. Shorten it",
        ),
    ],
)
def test_a_rule_that_never_ends_to_be_worked_out_is_refused(
    tmp_path: Path, rule: str, problem: str
) -> None:
    assert problem in said(tmp_path, calendar(event(f"{ONCE}\nRRULE:{rule}")))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("DTSTART:00010101T000000Z\nRRULE:FREQ=DAILY", YEARS),
        ("DTSTART:20260101T000000Z\nDTEND:99991231T000000Z", YEARS),
        ("DTSTART:20260101T000000Z\nDURATION:P99999999D", UNUSABLE),
        ("DTSTART:20260101T000000Z\nDTEND;VALUE=DATE:20260102", UNUSABLE),
        ("DTSTART;VALUE=PERIOD:20260101T000000Z/PT1H", UNUSABLE),
        (
            "DTSTART:20260101T000000Z\nDURATION:P367D\nRRULE:FREQ=YEARLY",
            "has an event that recurs and lasts more than a year. Write it as a single event",
        ),
        (
            f"{ONCE}\nRDATE;VALUE=PERIOD:20260201T000000Z/P1000000D",
            "has an RDATE with a length of its own. Write it as a single event",
        ),
        ("DTSTART:20260101T000000Z\nDTEND:soon", "has an event whose DTEND cannot be read. Export"),
    ],
)
def test_an_event_that_the_calendar_cannot_hold_is_refused(
    tmp_path: Path, body: str, problem: str
) -> None:
    assert problem in said(tmp_path, calendar(event(body)))


@pytest.mark.parametrize(
    "body",
    [
        "DTSTART;TZID=Nowhere/Zone:20260101T000000",
        "DTSTART:20260101T000000Z\nDTEND;TZID=Nowhere/Zone:20260101T100000",
        f"{ONCE}\nRDATE;TZID=Nowhere/Zone:20260102T000000",
        f"{ONCE}\nRRULE:FREQ=DAILY\nEXDATE;TZID=Nowhere/Zone:20260102T000000",
        f"{ONCE}\nRECURRENCE-ID;TZID=Nowhere/Zone:20260102T000000",
    ],
)
def test_an_unknown_time_zone_is_refused(tmp_path: Path, body: str) -> None:
    problem = f"has an event in the unknown time zone `Nowhere/Zone`. {ZONE}"
    assert said(tmp_path, calendar(event(body))) == problem


@pytest.mark.parametrize(
    "body",
    ["DTSTART;TZID=W. Europe Standard Time:20260601T100000", "DTSTART;TZID=Here:20260601T140000"],
)
def test_zones_of_windows_and_of_the_file_itself_are_known(tmp_path: Path, body: str) -> None:
    found = window(tmp_path, calendar(zone(), event(f"{body}\nDURATION:PT1H")))
    assert hours(found, "2026-06-01") == ["01 08:00-01 09:00"]


def test_a_zone_of_one_file_is_not_taken_for_that_of_another(tmp_path: Path) -> None:
    body = event("DTSTART;TZID=Here:20260601T140000\nDURATION:PT1H")
    assert hours(window(tmp_path, calendar(zone(), body)), "2026-06-01") == ["01 08:00-01 09:00"]
    moved = window(tmp_path, calendar(zone(offset=6), body))
    assert hours(moved, "2026-06-01") == ["01 07:00-01 08:00"]
    assert "the unknown time zone `Here`" in said(tmp_path, calendar(body))


def test_a_day_with_a_zone_is_a_day_of_the_window(tmp_path: Path) -> None:
    day = event("DTSTART;VALUE=DATE;TZID=Nowhere:20260601\nDTEND;VALUE=DATE:20260602")
    assert hours(window(tmp_path, calendar(day)), "2026-06-01") == ["01 00:00-02 00:00"]


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY;INTERVAL=0", "FREQ=MINUTELY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"]
)
def test_a_zone_that_takes_long_is_refused(tmp_path: Path, rule: str) -> None:
    body = event("DTSTART;TZID=Here:20260601T140000\nDURATION:PT1H")
    assert CLOCK in said(tmp_path, calendar(zone(rule=rule), body))


def test_a_zone_with_its_whole_history_times_fifty_is_refused(tmp_path: Path) -> None:
    zones = "".join(zone(f"Z{number}") for number in range(51))
    problem = "has time zones with more than 100 rules for the clock. Export it with those zones"
    assert problem in said(tmp_path, calendar(zones, event(ONCE)))


def test_many_recurrences_are_refused_as_long_as_they_last(tmp_path: Path) -> None:
    daily = "DTSTART:20060101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"
    assert TIMES in said(tmp_path, calendar(*(event(daily, uid) for uid in range(3))))
    ended = f"{daily};UNTIL=20120101"
    assert hours(window(tmp_path, calendar(event(ended, 1), event(daily, 2))), "2026-01-01")


def test_dates_one_by_one_count_as_recurrences(tmp_path: Path) -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    dates = ",".join([f"{first:%Y%m%dT%H%M%SZ}"] * 30_001)
    assert TIMES in said(tmp_path, calendar(event(f"{ONCE}\nRDATE:{dates}")))


def test_a_holiday_of_long_ago_is_a_holiday_today(tmp_path: Path) -> None:
    thanksgiving = "DTSTART;VALUE=DATE:19701126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"
    leap = "DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY"
    found = window(tmp_path, calendar(event(thanksgiving, 1), event(leap, 2)))
    assert hours(found, "2026-11-26") == ["26 00:00-27 00:00"]
    assert hours(found, "2028-02-29") == ["29 00:00-01 00:00"]


@pytest.mark.parametrize("error", [OverflowError, RecursionError, KeyError, ZeroDivisionError])
def test_whatever_the_library_raises_is_found_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    library = ModuleType("recurring_ical_events")

    def of(_: object) -> object:
        raise error

    library.of = of  # type: ignore[attr-defined]  # a module of our own
    monkeypatch.setitem(sys.modules, "recurring_ical_events", library)
    assert UNUSABLE in said(tmp_path, calendar(event(ONCE)))


def test_a_library_that_does_not_come_back_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, ended = ModuleType("recurring_ical_events"), Event()
    library.of = lambda _: ended.wait(60)  # type: ignore[attr-defined]  # a module of our own
    monkeypatch.setitem(sys.modules, "recurring_ical_events", library)
    monkeypatch.setattr(calendars, "DEADLINE_S", 0.01)
    problem = "takes more than 0.01 s to read. Keep those events that freeze something"
    try:
        assert said(tmp_path, calendar(event(ONCE))) == problem
    finally:
        ended.set()


def test_a_pipe_is_no_calendar_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "f.ics")
    (found,) = findings(tmp_path, FROZEN)
    assert "`f.ics` cannot be read. Name a file that is there" in found


def test_a_name_that_no_disk_takes_is_no_calendar_file(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, FROZEN.replace("f.ics", f"{'f' * 300}.ics"))
    assert "cannot be read. Name a file that is there" in found


def test_what_freezes_nothing_may_be_broken(tmp_path: Path) -> None:
    found = window(tmp_path, calendar(event(f"{ONCE}\nDTSTAMP:yesterday")))
    assert hours(found, "2026-01-01") == ["01 00:00-01 01:00"]


def test_events_that_overlap_or_follow_at_once_end_with_the_last(tmp_path: Path) -> None:
    nights = event("DTSTART:20261120T180000Z\nDURATION:P1D\nRRULE:FREQ=DAILY;COUNT=20", 1)
    found = window(tmp_path, calendar(nights, event("DTSTART:20261210T120000Z\nDURATION:P2D", 2)))
    assert hours(found, "2026-11-22")[0].endswith("-12 12:00")
