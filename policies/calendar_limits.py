"""What is refused in a calendar file: what takes long to work out, and times that nobody knows."""

from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any

from policies.values import shown_value, wrong

MAX_EVENTS = 1_000
MAX_RECURRING = 50
MAX_CLOCK_RULES = 100
"""Rules by which the time zones of a file change their clocks."""
MAX_RULE = 500
"""Characters of a recurrence rule."""
MOST_TIMES = 30_000
"""How often all events together come until ``COUNTED_UNTIL``; each costs microseconds a month."""
COUNTED_UNTIL = date(2036, 1, 1)
LONGEST = timedelta(days=366)
"""Of an event that recurs: all that still last are gone through whenever a month is read."""
YEARS = range(1901, 2100)
"""Years of events; in these the calendar repeats itself every 28 years."""

_CYCLE = 28
_SURELY = 16
"""Years in which a rule that ever comes has come: 29 February stays away for at most eight."""
_TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
_TIMES_OF_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_MOMENTS = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")
_READ = {*_MOMENTS, "DURATION", "RRULE"}

Problem = tuple[str, str]
"""What the file has, and what to do about it."""


def refuse_burdens(path: str, calendar: Any) -> None:
    """Refuse a parsed calendar that is not safe to work out.

    Raises:
        PydanticCustomError: It says the first thing that is wrong.
    """
    found = next(_problems(calendar), None)
    if found is not None:
        raise wrong(f"{shown_value(path)} has {found[0]}", found[1])


def _problems(calendar: Any) -> Iterator[Problem]:
    """Yield the cheap ones first: those after them rely on what they let through."""
    events = list(calendar.walk("VEVENT"))
    yield from _too_many(events)
    yield from _of_zones(calendar)
    for event in events:
        yield from _of_event(event)
    if sum(map(_times, events)) > MOST_TIMES:
        yield (
            f"events that come more than {MOST_TIMES} times until {COUNTED_UNTIL.year}",
            "Let them begin later, or end them with UNTIL",
        )


def _too_many(events: list[Any]) -> Iterator[Problem]:
    if len(events) > MAX_EVENTS:
        yield f"more than {MAX_EVENTS} events", "Shorten it"
    if sum(len(_rules(event)) for event in events) > MAX_RECURRING:
        yield f"more than {MAX_RECURRING} events that recur", "Keep those that freeze something"


def _of_zones(calendar: Any) -> Iterator[Problem]:
    changes = [*calendar.walk("STANDARD"), *calendar.walk("DAYLIGHT")]
    if len(changes) > MAX_CLOCK_RULES:
        yield (
            f"time zones with more than {MAX_CLOCK_RULES} rules for the clock",
            "Export it with those zones only that its events name",
        )
    for change in changes:
        for rule in _rules(change):
            if _frequencies(rule) != {"YEARLY"} or next(_of_rule(rule, _naive(change)), None):
                yield (
                    "a time zone whose clock does not change once a year",
                    "Use zones by name, such as TZID=Europe/Berlin",
                )


def _of_event(event: Any) -> Iterator[Problem]:
    for name, _ in event.errors:
        if name in _READ:
            yield f"an event whose {name} cannot be read", "Export it as iCalendar again"
    yield from _of_its_zones(event)
    begins, ends = _naive(event), _local(event.end)
    if begins.year not in YEARS or ends.year not in YEARS:
        yield (
            f"an event outside the years {YEARS[0]} to {YEARS[-1]}",
            "Write a year of our time; without an end, let the event recur",
        )
    rules = _rules(event)
    if rules and ends - begins > LONGEST:
        yield "an event that recurs and lasts more than a year", "Write it as a single event"
    if any(isinstance(moment, tuple) for moment in _moments(event, "RDATE")):
        yield "an RDATE with a length of its own", "Write it as a single event"
    for rule in rules:
        yield from _of_rule(rule, begins)


def _of_its_zones(event: Any) -> Iterator[Problem]:
    for name in _MOMENTS:
        for entry in _entries(event, name):
            zone = entry.params.get("TZID")
            if zone and any(_is_naive(moment) for moment in _dates(entry)):
                yield (
                    f"an event in the unknown time zone {shown_value(str(zone))}",
                    "Use a name such as Europe/Berlin, or export the file with its VTIMEZONE",
                )


def _of_rule(rule: Any, begins: datetime) -> Iterator[Problem]:
    is_often = _frequencies(rule) & _TOO_OFTEN
    if is_often or any(len(rule.get(part, [])) > 1 for part in _TIMES_OF_DAY):
        yield (
            "an event that comes more than once a day",
            "Use FREQ=DAILY or more rarely, or a cron expression",
        )
    if any(step < 1 for step in rule.get("INTERVAL", [])):
        yield "a recurrence with an INTERVAL below 1", "Write INTERVAL=1 or more, or none"
    if len(rule.to_ical()) > MAX_RULE:
        yield f"a recurrence rule of more than {MAX_RULE} characters", "Shorten it"
    if next(_recurrences(rule, _near_the_end(begins), ("UNTIL", "COUNT")), None) is None:
        yield "a recurrence that never comes", "Take the event out, or mend its rule"


def _recurrences(rule: Any, begins: datetime, without: tuple[str, ...]) -> Iterator[datetime]:
    """Yield when a rule comes, by its own clock."""
    from recurring_ical_events.series.rrule import (  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra; what it uses itself
        rrulestr,
    )

    parts = rule.to_ical().decode().split(";")
    kept = (part for part in parts if part.partition("=")[0] not in without)
    return iter(rrulestr(";".join(kept), dtstart=begins))


def _near_the_end(moment: datetime) -> datetime:
    """Return a moment with the same place in the calendar, soon before the last year there is.

    A rule that never comes is searched for up to the year 9999: millions of days from here.
    """
    cycles = (MAXYEAR - _SURELY - moment.year) // _CYCLE
    return moment.replace(year=moment.year + cycles * _CYCLE)


def _times(event: Any) -> int:
    """Return how often an event comes, as far as that matters."""
    begins, counted = _naive(event), len(list(_moments(event, "RDATE")))
    for rule in _rules(event):
        last = min([COUNTED_UNTIL, *(_local(until).date() for until in rule.get("UNTIL", []))])
        due = takewhile(lambda at: at.date() <= last, _recurrences(rule, begins, ("UNTIL",)))  # noqa: B023 - used up at once
        counted += sum(1 for _ in islice(due, MOST_TIMES + 1))
    return counted


def _frequencies(rule: Any) -> set[str]:
    return {str(each).upper() for each in rule.get("FREQ", [])}


def _rules(component: Any) -> list[Any]:
    rules = component.get("RRULE", [])
    return rules if isinstance(rules, list) else [rules]


def _entries(component: Any, name: str) -> list[Any]:
    entries = component.get(name, [])
    return entries if isinstance(entries, list) else [entries]


def _moments(event: Any, name: str) -> Iterator[Any]:
    for entry in _entries(event, name):
        yield from _dates(entry)


def _dates(entry: Any) -> list[Any]:
    """Return what a property holds: a list of moments, or one."""
    return [each.dt for each in entry.dts] if hasattr(entry, "dts") else [entry.dt]


def _is_naive(moment: Any) -> bool:
    return isinstance(moment, datetime) and moment.tzinfo is None


def _naive(component: Any) -> datetime:
    return _local(component["DTSTART"].dt)


def _local(moment: date) -> datetime:
    """Return what the clock shows; a day stands for its beginning."""
    at = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return at.replace(tzinfo=None)
