"""What a calendar file may have at most, it may have; one more is refused."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar
from pydantic_core import PydanticCustomError

from policies.calendar_limits import refuse_burdens

ONCE = "DTSTART:20260101T000000Z\nDURATION:PT1H"
CLOCK = "BEGIN:STANDARD\nDTSTART:16011001T030000\nTZOFFSETFROM:+0600\nTZOFFSETTO:+0500\n"
YEARS = "an event outside the years 1901 to 2099"
LASTS = "an event that recurs and lasts more than a year"
OFTEN = "an event that comes more than once a day"
LONG = "a recurrence rule of more than 500 characters"
TIMES = "events that come more than 30000 times until 2036"
NEVER = "a recurrence that never comes"
EVENTS = "more than 1000 events"
RECURRING = "more than 50 events that recur"
CLOCKS = "time zones with more than 100 rules for the clock"
PERIOD = "an RDATE with a length of its own"


def event(body: str = ONCE) -> str:
    return f"BEGIN:VEVENT\nUID:1\n{body}\nEND:VEVENT\n"


def zone(rules: int, rule: str = "FREQ=YEARLY") -> str:
    clock = f"{CLOCK}RRULE:{rule}\nEND:STANDARD\n"
    return f"BEGIN:VTIMEZONE\nTZID:Here\n{clock * rules}END:VTIMEZONE\n"


def refused(*parts: str) -> str:
    """Return what a calendar has that is refused; empty when it may be used."""
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{''.join(parts)}END:VCALENDAR\n"
    try:
        refuse_burdens("f.ics", Calendar.from_ical(text))
    except PydanticCustomError as error:
        context = error.context or {}
        return str(context["problem"]).removeprefix("`f.ics` has ")
    return ""


def since(first: date, rule: str, length: str = "P1D") -> str:
    return f"DTSTART;VALUE=DATE:{first:%Y%m%d}\nDURATION:{length}\nRRULE:{rule}"


DAY = date(2026, 1, 1)
MOST_DAILY = date(2036, 1, 1) - timedelta(days=29_999)


@pytest.mark.parametrize(
    ("fine", "too_much", "said"),
    [
        (event() * 1_000, event() * 1_001, EVENTS),
        (
            event(since(DAY, "FREQ=WEEKLY")) * 50,
            event(since(DAY, "FREQ=WEEKLY")) * 51,
            RECURRING,
        ),
        (zone(100), zone(101), CLOCKS),
        (
            event("DTSTART:19010101T000000Z\nDTEND:20991231T235959Z"),
            event("DTSTART:19001231T235959Z\nDTEND:19010101T000000Z"),
            YEARS,
        ),
        (
            event("DTSTART:20991231T000000Z\nDTEND:20991231T235959Z"),
            event("DTSTART:20991231T000000Z\nDTEND:21000101T000000Z"),
            YEARS,
        ),
        (
            event(since(DAY, "FREQ=YEARLY", "P366D")),
            event(since(DAY, "FREQ=YEARLY", "P367D")),
            LASTS,
        ),
        (
            event(since(DAY, "FREQ=YEARLY")),
            event(f"{ONCE}\nRDATE;VALUE=PERIOD:{ONCE[8:24]}/PT1H"),
            PERIOD,
        ),
        (
            event(since(DAY, "FREQ=DAILY;BYHOUR=9;BYMINUTE=30;BYSECOND=1")),
            event(since(DAY, "FREQ=DAILY;BYHOUR=9;BYMINUTE=30;BYSECOND=1,2")),
            OFTEN,
        ),
        (event(since(DAY, "FREQ=DAILY")), event(since(DAY, "FREQ=HOURLY;BYHOUR=9")), OFTEN),
        (
            event(since(DAY, f"FREQ=YEARLY;BYYEARDAY={'1,' * 236}10,111")),
            event(since(DAY, f"FREQ=YEARLY;BYYEARDAY={'1,' * 234}100,100,111")),
            LONG,
        ),
        (
            event(since(MOST_DAILY, "FREQ=DAILY")),
            event(since(MOST_DAILY - timedelta(days=1), "FREQ=DAILY")),
            TIMES,
        ),
        (
            event(since(DAY, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")),
            event(since(DAY, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")),
            NEVER,
        ),
    ],
    ids=lambda value: value if len(value) < 60 else "calendar",
)
def test_one_more_than_there_may_be_is_refused(fine: str, too_much: str, said: str) -> None:
    assert refused(fine) == ""
    assert refused(too_much) == said


def test_all_events_count_together() -> None:
    half = since(date(2036, 1, 1) - timedelta(days=14_999), "FREQ=DAILY")
    assert refused(event(half), event(half)) == ""
    assert refused(event(half), event(half), event(since(DAY, "FREQ=YEARLY;COUNT=1"))) == TIMES


@pytest.mark.parametrize(
    "end",
    ["COUNT=29999", f"UNTIL={date(1901, 1, 1) + timedelta(days=29_998):%Y%m%d}"],
)
def test_what_has_ended_counts_until_its_end(end: str) -> None:
    ended = event(since(date(1901, 1, 1), f"FREQ=DAILY;{end}"))
    assert refused(ended, event(since(DAY, "FREQ=YEARLY;COUNT=1"))) == ""
    assert refused(ended, event(since(DAY, "FREQ=YEARLY;COUNT=2"))) == TIMES


def test_a_rule_that_came_only_before_its_end_comes() -> None:
    assert refused(event(since(DAY, "FREQ=DAILY;UNTIL=20260103"))) == ""
    assert refused(event(since(DAY, "FREQ=DAILY;COUNT=1"))) == ""
