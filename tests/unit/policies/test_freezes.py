"""Freeze windows: when they hold, across changes of the clock too, and what is refused."""

import sys
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.freezing import FreezeWindow, Span
from bot.domain.policy import PolicySet
from policies.calendar_limits import MAX_EVENTS, MAX_RECURRING
from policies.calendars import MAX_BYTES, named_calendars, spans_of_month
from policies.freezes import MOST_SPANS, CronWindow
from policies.loader import lint, load_policies
from policies.source import FilePolicySource
from policies.stretches import HORIZON, MOST_STEPS, to_its_end
from tests.unit.policies.files import WHOLE, changed, findings, looked, without, written

NEW_YORK = "America/New_York"
CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//freezes//EN
BEGIN:VEVENT
UID:weekly
DTSTART;TZID=Europe/Berlin:20261102T080000
DTEND;TZID=Europe/Berlin:20261102T120000
RRULE:FREQ=WEEKLY
EXDATE;TZID=Europe/Berlin:20261109T080000
SUMMARY:Audit
END:VEVENT
BEGIN:VEVENT
UID:day
DTSTART;VALUE=DATE:20261225
SUMMARY:Holiday
END:VEVENT
BEGIN:VEVENT
UID:floating
DTSTART:20261231T220000
DTEND:20270101T020000
END:VEVENT
END:VCALENDAR
"""


FIELDS = "Write five fields: minute hour day month weekday, such as 0 17 * * FRI"
LOCAL = "Write it like 2026-12-18T17:00, without zone"
PATH = "Write its path from here, without blanks, such as calendars/change-freeze.ics"
EXPORT = "Export it as iCalendar again; every event needs a beginning"
RARELY = "Use FREQ=DAILY or more rarely, or a cron expression"


@pytest.fixture(autouse=True)
def _calendars_are_worked_out_anew() -> None:
    spans_of_month.cache_clear()
    to_its_end.cache_clear()


def frozen(entry: str) -> str:
    return f"{WHOLE}    freeze:\n      - {{name: w, {entry}}}\n"


def loaded(folder: Path, entry: str) -> PolicySet:
    return load_policies([written(folder, frozen(entry))])


def window(folder: Path, entry: str) -> FreezeWindow:
    (found,) = loaded(folder, entry).policies[0].freezes
    return found


def holds(window: FreezeWindow, at: datetime) -> Span | None:
    spans = [span for span in window.spans(at, at) if span.holds(at)]
    return spans[0] if spans else None


def utc(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def test_a_weekend_begins_on_friday_evening_where_the_zone_is(tmp_path: Path) -> None:
    weekend = window(tmp_path, f'cron: "0 17 * * 5", duration: 63h, timezone: {NEW_YORK}')
    begins, ends = utc("2026-11-20 22:00"), utc("2026-11-23 13:00")
    assert weekend.name == "w"
    assert holds(weekend, begins - timedelta(seconds=1)) is None
    assert holds(weekend, begins) == Span(begins_at=begins, ends_at=ends)
    assert holds(weekend, ends - timedelta(seconds=1)) == Span(begins_at=begins, ends_at=ends)
    assert holds(weekend, ends) is None


def test_a_duration_counts_real_hours_over_a_change_of_the_clock(tmp_path: Path) -> None:
    night = window(tmp_path, f'cron: "0 12 31 10 *", duration: 24h, timezone: {NEW_YORK}')
    span = holds(night, utc("2026-11-01 12:00"))
    assert span == Span(begins_at=utc("2026-10-31 16:00"), ends_at=utc("2026-11-01 16:00"))


def test_a_start_that_the_clock_skips_comes_when_the_clock_goes_on(tmp_path: Path) -> None:
    night = window(tmp_path, f'cron: "30 2 * * *", duration: 1h, timezone: {NEW_YORK}')
    span = holds(night, utc("2026-03-08 07:00"))
    assert span == Span(begins_at=utc("2026-03-08 07:00"), ends_at=utc("2026-03-08 08:00"))


@pytest.mark.parametrize("at", ["2026-11-01 05:30", "2026-11-01 06:05", "2026-11-01 06:40"])
def test_a_start_that_the_clock_shows_twice_comes_once(tmp_path: Path, at: str) -> None:
    night = window(tmp_path, f'cron: "30 1 * * *", duration: 90m, timezone: {NEW_YORK}')
    span = Span(begins_at=utc("2026-11-01 05:30"), ends_at=utc("2026-11-01 07:00"))
    assert night.spans(utc(at), utc("2026-11-01 12:00")) == (span,)


def test_a_cron_expression_lists_what_is_to_come_but_not_without_end(tmp_path: Path) -> None:
    daily = window(tmp_path, 'cron: "0 9 * * *", duration: 1h, timezone: UTC')
    at = utc("2026-11-20 09:30")
    begins = [span.begins_at for span in daily.spans(at, at + timedelta(days=2))]
    assert begins == [at.replace(minute=0) + timedelta(days=n) for n in range(3)]
    often = window(tmp_path, 'cron: "*/2 * * * *", duration: 1m, timezone: UTC')
    assert len(often.spans(at, at + timedelta(days=30))) == MOST_SPANS + 1


def test_starts_of_the_next_hours_and_at_the_end_count(tmp_path: Path) -> None:
    daily = window(tmp_path, 'cron: "0 9 * * *", duration: 1h, timezone: UTC')
    nine = utc("2026-11-20 09:00")
    span = Span(begins_at=nine, ends_at=nine + timedelta(hours=1))
    assert daily.spans(nine - timedelta(minutes=30), nine) == (span,)


def test_stretches_are_told_in_utc_wherever_herald_runs(tmp_path: Path) -> None:
    at = utc("2026-12-25 12:00")
    written(tmp_path, CALENDAR, "freeze.ics")
    for entry in (
        f'cron: "0 7 * * *", duration: 1d, timezone: {NEW_YORK}',
        f"from: 2026-12-24T17:00, to: 2026-12-27T09:00, timezone: {NEW_YORK}",
        "ics: freeze.ics",
    ):
        span = window(tmp_path, entry).spans(at, at)[0]
        assert span.begins_at.tzinfo is UTC
        assert span.ends_at.tzinfo is UTC


def test_stretches_that_overlap_are_one_until_none_follows(tmp_path: Path) -> None:
    nights = window(tmp_path, 'cron: "0 17 * * 1-5", duration: 63h, timezone: UTC')
    span = Span(begins_at=utc("2026-11-18 17:00"), ends_at=utc("2026-11-23 08:00"))
    assert holds(nights, utc("2026-11-19 10:00")) == span
    following = Span(begins_at=utc("2026-11-23 17:00"), ends_at=utc("2026-11-30 08:00"))
    assert nights.spans(utc("2026-11-19 10:00"), utc("2026-11-25 00:00")) == (span, following)
    assert holds(nights, utc("2026-11-23 12:00")) is None


def test_stretches_that_follow_at_once_are_one(tmp_path: Path) -> None:
    halves = window(tmp_path, 'cron: "0 0,12 24 12 *", duration: 12h, timezone: UTC')
    span = Span(begins_at=utc("2026-12-24 00:00"), ends_at=utc("2026-12-25 00:00"))
    assert holds(halves, utc("2026-12-24 01:00")) == span


def test_a_freeze_without_end_is_told_as_far_as_it_is_looked_at(tmp_path: Path) -> None:
    always = window(tmp_path, 'cron: "0 17 * * *", duration: 63h, timezone: UTC')
    at = utc("2026-11-20 18:00")
    span = holds(always, at)
    assert span is not None
    assert HORIZON <= span.ends_at - at <= HORIZON + timedelta(days=5)
    minutes = window(tmp_path, 'cron: "* * * * *", duration: 1m, timezone: UTC')
    span = holds(minutes, at)
    assert span == Span(begins_at=at, ends_at=at + timedelta(minutes=MOST_STEPS + 1))


def test_a_cron_expression_that_never_was_due_froze_nothing(tmp_path: Path) -> None:
    rare = window(tmp_path, 'cron: "0 0 31 2 MON#1", duration: 1h, timezone: UTC')
    assert holds(rare, utc("2026-02-02 12:00")) is None


def test_dates_are_local(tmp_path: Path) -> None:
    dates = f"from: 2026-12-18T17:00, to: 2027-01-04T09:00:00, timezone: {NEW_YORK}"
    year_end = window(tmp_path, dates)
    span = Span(begins_at=utc("2026-12-18 22:00"), ends_at=utc("2027-01-04 14:00"))
    assert holds(year_end, utc("2026-12-24 12:00")) == span
    assert holds(year_end, span.ends_at) is None
    assert year_end.spans(utc("2026-11-01 00:00"), utc("2026-12-18 21:59")) == ()


def test_dates_that_the_clock_shows_twice_freeze_the_longer_time(tmp_path: Path) -> None:
    dates = f"from: 2026-11-01T01:30, to: 2026-11-01 01:40, timezone: {NEW_YORK}"
    span = Span(begins_at=utc("2026-11-01 05:30"), ends_at=utc("2026-11-01 06:40"))
    assert holds(window(tmp_path, dates), utc("2026-11-01 06:00")) == span


def in_calendar(folder: Path, zone: str = "") -> FreezeWindow:
    written(folder, CALENDAR, "freeze.ics")
    return window(folder, f"ics: freeze.ics{zone}")


def test_a_calendar_knows_what_recurs_and_what_does_not(tmp_path: Path) -> None:
    calendar = in_calendar(tmp_path)
    spans = calendar.spans(utc("2026-11-02 00:00"), utc("2026-11-20 00:00"))
    assert [span.begins_at.day for span in spans] == [2, 16]
    assert spans[1] == Span(begins_at=utc("2026-11-16 07:00"), ends_at=utc("2026-11-16 11:00"))
    assert holds(calendar, utc("2026-11-09 08:00")) is None


def test_whole_days_and_floating_times_are_of_the_windows_zone(tmp_path: Path) -> None:
    calendar = in_calendar(tmp_path, f", timezone: {NEW_YORK}")
    day = Span(begins_at=utc("2026-12-25 05:00"), ends_at=utc("2026-12-26 05:00"))
    assert holds(calendar, utc("2026-12-26 04:59")) == day
    assert holds(in_calendar(tmp_path), utc("2026-12-26 04:59")) is None
    assert holds(calendar, utc("2027-01-01 04:00")) is not None


@pytest.mark.parametrize(
    ("day", "zone", "at"),
    [
        ("20261201", "Pacific/Kiritimati", "2026-11-30 12:00"),
        ("20261130", NEW_YORK, "2026-12-01 04:00"),
    ],
)
def test_a_day_that_is_in_another_month_elsewhere_counts(
    tmp_path: Path, day: str, zone: str, at: str
) -> None:
    written(tmp_path, CALENDAR.replace("20261225", day), "freeze.ics")
    assert holds(window(tmp_path, f"ics: freeze.ics, timezone: {zone}"), utc(at)) is not None


def test_the_largest_calendar_is_read(tmp_path: Path) -> None:
    recurring, once = (part + "END:VEVENT\n" for part in CALENDAR.split("END:VEVENT\n")[:2])
    recurring = recurring[recurring.index("BEGIN:VEVENT") :]
    events = recurring * (MAX_RECURRING - 1) + once * (MAX_EVENTS - MAX_RECURRING - 2)
    full = CALENDAR.replace("END:VCALENDAR", events + "END:VCALENDAR")
    assert full.count("BEGIN:VEVENT") == MAX_EVENTS
    written(tmp_path, full.ljust(MAX_BYTES, "\n"), "freeze.ics")
    assert holds(window(tmp_path, "ics: freeze.ics"), utc("2026-11-16 08:00")) is not None


def test_no_more_of_a_file_is_read_than_shows_that_it_is_too_large(tmp_path: Path) -> None:
    written(tmp_path, " " * (MAX_BYTES * 2), "large.ics")
    (content,) = named_calendars(tmp_path, b"ics: large.ics").values()
    assert len(content) == MAX_BYTES + 1


def test_an_event_over_several_months_is_one_stretch(tmp_path: Path) -> None:
    long = CALENDAR.replace(
        "DTSTART;VALUE=DATE:20261225", "DTSTART:20261030T000000Z\nDTEND:20270110T000000Z"
    )
    written(tmp_path, long, "freeze.ics")
    calendar = window(tmp_path, "ics: freeze.ics")
    span = Span(begins_at=utc("2026-10-30 00:00"), ends_at=utc("2027-01-10 00:00"))
    assert holds(calendar, utc("2026-12-24 10:00")) == span
    assert calendar.spans(utc("2026-10-31 00:00"), utc("2026-12-01 00:00")).count(span) == 1


def test_a_calendar_that_changed_is_another_policy(tmp_path: Path) -> None:
    calendar = written(tmp_path, CALENDAR, "freeze.ics")
    source = FilePolicySource([written(tmp_path, frozen("ics: freeze.ics"))])
    before = source.current()
    assert looked(source) == ""
    assert source.current() is before
    calendar.write_text(CALENDAR.replace("20261225", "20261224"))
    assert looked(source) == ""
    after = source.current()
    assert after.policies[0].content != before.policies[0].content
    assert after.policies[0].freezes != before.policies[0].freezes
    calendar.unlink()
    assert "freeze.ics` cannot be read" in looked(source)
    assert source.current() is after


def test_windows_are_part_of_what_a_policy_says_in_any_order(tmp_path: Path) -> None:
    one, two = "{name: a, ics: f.ics}", "{name: b, cron: 0 1 * * *, duration: 1h, timezone: UTC}"
    written(tmp_path, CALENDAR, "f.ics")
    texts = {
        load_policies([written(tmp_path, f"{WHOLE}    freeze: {windows}\n")]).policies[0].content
        for windows in (f"[{one}, {two}]", f"[{two}, {one}]")
    }
    plain = load_policies([written(tmp_path, f"{WHOLE}    freeze: []\n")]).policies[0].content
    assert len(texts) == 1
    assert plain == load_policies([written(tmp_path, WHOLE)]).policies[0].content
    assert plain not in texts


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "cron: 0 17 * * 5",
            "freeze `w` has `cron` without `duration`. Add duration, such as duration: 63h",
        ),
        (
            "cron: 0 17 * * 5, duration: 1h",
            "`cron` without `timezone`. Add timezone, such as timezone: Europe/Berlin",
        ),
        (
            "from: 2026-01-01T00:00, timezone: UTC",
            "`from` without `to`. Add to, such as to: 2027-01-04T09:00",
        ),
        (
            "timezone: UTC",
            (
                "freeze `w` says no time. "
                "Give cron, duration and timezone; or from, to and timezone; or ics"
            ),
        ),
        ("ics: f.ics, duration: 1h", "freeze `w` has both `ics` and `duration`. Remove `duration`"),
        (
            "from: 2026-01-02T00:00, to: 2026-01-02T00:00, timezone: UTC",
            "freeze `w` ends before it begins. Swap from and to",
        ),
        ("crom: 0 1 * * *", "unknown key `crom`. Did you mean `from`?"),
    ],
)
def test_a_window_has_to_be_whole(tmp_path: Path, entry: str, said: str) -> None:
    written(tmp_path, CALENDAR, "f.ics")
    (found,) = findings(tmp_path, frozen(entry))
    assert found.endswith(said), found


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("timezone: Europe/Berln", "time zone `Europe/Berln`. Did you mean Europe/Berlin?"),
        ("timezone: Nowhere", "unknown time zone `Nowhere`. Write it like Europe/Berlin or UTC"),
        ("timezone: ../etc", "unknown time zone `../etc`. Write it like Europe/Berlin or UTC"),
        ("cron: 0 0 30 2 *", "`0 0 30 2 *` never comes. Name a day that its month has"),
        ("cron: '0 0 31 4,6 *'", "`0 0 31 4,6 *` never comes. Name a day that its month has"),
        ("cron: 0 0 32 2 *", f"`0 0 32 2 *` is no cron expression. {FIELDS}"),
        ("cron: 0 0 30 13 *", f"`0 0 30 13 *` is no cron expression. {FIELDS}"),
        ("cron: 0 0 0 1 1 *", f"`0 0 0 1 1 *` is no cron expression. {FIELDS}"),
        ("from: 2026-12-18", f"`2026-12-18` is no local time. {LOCAL}"),
        ("from: 2026-12-18T17:00Z", f"`2026-12-18T17:00Z` is no local time. {LOCAL}"),
        ("from: soon", f"`soon` is no local time. {LOCAL}"),
        ("to: 5", f"`5` is no local time. {LOCAL}"),
        ("ics: 5", f"`5` is no calendar file. {PATH}"),
        ("ics: a b.ics", f"`a b.ics` is no calendar file. {PATH}"),
        (
            "ics: gone.ics",
            "`gone.ics` cannot be read. Name a file that is there, from this one's folder",
        ),
        ("ics: none.ics", f"`none.ics` is no calendar that can be used. {EXPORT}"),
        ("ics: often.ics", f"`often.ics` has an event that comes more than once a day. {RARELY}"),
        ("ics: twice.ics", f"`twice.ics` has an event that comes more than once a day. {RARELY}"),
        ("ics: vague.ics", f"`vague.ics` is no calendar that can be used. {EXPORT}"),
        ("ics: timeless.ics", f"`timeless.ics` is no calendar that can be used. {EXPORT}"),
        ("ics: large.ics", "`large.ics` is larger than 1000 kB. Shorten it"),
        (
            "ics: weekly.ics",
            "`weekly.ics` has more than 50 events that recur. Keep those that freeze something",
        ),
        ("ics: many.ics", "`many.ics` has more than 1000 events. Shorten it"),
    ],
)
def test_a_value_that_means_nothing_is_found_in_its_place(
    tmp_path: Path, entry: str, said: str
) -> None:
    weekly = "RRULE:FREQ=WEEKLY"
    event = CALENDAR[CALENDAR.index("BEGIN:VEVENT") : CALENDAR.index("BEGIN:VEVENT", 100)]
    broken = {
        "none": "nothing",
        "often": CALENDAR.replace(weekly, "RRULE:FREQ=MINUTELY;INTERVAL=90"),
        "twice": CALENDAR.replace(weekly, f"{weekly}\nRRULE:FREQ=HOURLY"),
        "vague": CALENDAR.replace(weekly, "RRULE:COUNT=3"),
        "timeless": CALENDAR.replace("DTSTART;VALUE=DATE:20261225\n", ""),
        "large": CALENDAR + " " * 1_000_000,
        "weekly": CALENDAR.replace("END:VCALENDAR", event * 50 + "END:VCALENDAR"),
        "many": CALENDAR.replace("END:VCALENDAR", event * 1000 + "END:VCALENDAR"),
    }
    for name, text in broken.items():
        if f"{name}.ics" in entry:
            written(tmp_path, text, f"{name}.ics")
    (found,) = findings(tmp_path, frozen(entry))
    assert found.endswith(said), found
    assert found.startswith(f"p.yml:{len(WHOLE.splitlines()) + 2}:{20 + entry.index(' ')}")


def test_a_calendar_needs_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "recurring_ical_events", None)
    written(tmp_path, CALENDAR, "f.ics")
    (found,) = findings(tmp_path, frozen("ics: f.ics"))
    assert found.endswith("calendars cannot be read here. Install Herald with its extra `ical`")


def test_a_file_in_a_folder_below_is_named_from_the_policy_file(tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    written(tmp_path, CALENDAR, "calendars/company.ics")
    assert window(tmp_path, 'ics: "calendars/company.ics"').name == "w"
    other = tmp_path / "elsewhere"
    other.mkdir()
    moved = written(other, frozen("ics: calendars/company.ics"))
    (found,) = lint([moved])
    assert "cannot be read" in without(other, found)


def test_a_freeze_is_a_list(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, changed("    expires: 48h\n", "    freeze: weekend\n"))
    assert "`freeze` has to be a list" in found


NIGHTS = st.datetimes(datetime(2026, 3, 6), datetime(2026, 11, 4))  # noqa: DTZ001 - made aware below


@settings(max_examples=60, deadline=None)
@given(at=NIGHTS, cron=st.sampled_from(["30 1 * * *", "0 2 * * 0", "15 3 * * 1-5", "0 */6 * * *"]))
def test_a_window_holds_as_long_as_after_any_of_its_starts(at: datetime, cron: str) -> None:
    moment, span = at.replace(tzinfo=UTC), timedelta(hours=5)
    night = CronWindow(name="n", cron=cron, duration=span, zone=NEW_YORK)
    first = (moment - timedelta(days=3)).astimezone(ZoneInfo(NEW_YORK))
    starts = [start.astimezone(UTC) for start in islice(CronSim(cron, first), 20)]
    expected = any(start <= moment < start + span for start in starts)
    assert bool(holds(night, moment)) is expected


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2027-01-04T07:59:59Z", []),
        (
            "2027-01-04T08:00:00Z",
            ["p.yml:27:47: warning: this freeze is over. Remove it"],
        ),
    ],
)
def test_a_dated_freeze_that_is_over_is_a_warning(tmp_path: Path, at: str, said: list[str]) -> None:
    text = frozen("from: 2026-12-18T17:00, to: 2027-01-04T09:00, timezone: Europe/Berlin")
    found = lint([written(tmp_path, text)], datetime.fromisoformat(at))
    assert [without(tmp_path, each) for each in found] == said


def test_a_freeze_that_comes_again_is_no_warning(tmp_path: Path) -> None:
    text = frozen("cron: 0 17 * * FRI, duration: 63h, timezone: UTC")
    assert lint([written(tmp_path, text)], datetime(2090, 1, 1, tzinfo=UTC)) == ()


NO_END = "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nDTSTART:20271225T100000Z\nEND:VEVENT\n"


@pytest.mark.parametrize("events", ["", NO_END])
def test_a_calendar_that_freezes_nothing_is_a_warning(tmp_path: Path, events: str) -> None:
    empty = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\n{events}END:VCALENDAR\n"
    written(tmp_path, empty, "freeze.ics")
    path = written(tmp_path, frozen("ics: freeze.ics"))
    (found,) = lint([path], datetime(2027, 11, 1, tzinfo=UTC))
    assert without(tmp_path, found) == (
        "p.yml:27:24: warning: this calendar freezes nothing within a year. "
        "Look whether the file is the right one, and whether its events end"
    )


def test_a_calendar_with_events_ahead_is_no_warning(tmp_path: Path) -> None:
    written(tmp_path, CALENDAR, "freeze.ics")
    path = written(tmp_path, frozen("ics: freeze.ics"))
    assert lint([path], datetime(2026, 11, 1, tzinfo=UTC)) == ()
