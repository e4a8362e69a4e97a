"""Calendar files (RFC 5545) whose events are frozen times; they need the extra ``ical``."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from bot.domain.freezing import Span
from policies.values import shown_value, wrong

MAX_BYTES = 1_000_000
MAX_EVENTS = 1_000
MAX_RECURRING = 50
"""Each one of them costs milliseconds, the more the longer ago it began."""
MOST_FILES = 50
NAMED = re.compile(rb"[\w./-]+\.ics\b")
"""What in a policy file may be the name of a calendar file."""

_TOO_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
_PROBE = datetime(2026, 1, 1, tzinfo=UTC)
_MARGIN = timedelta(days=2)
"""Around what is asked for: whole days begin at other moments in other zones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A calendar file that was read and can be used.

    Attributes:
        digest: SHA-256 of the file, hex; two of the same are the same.
        events: What the library that knows recurrences made of it.
    """

    path: str
    digest: str
    events: Any = field(compare=False, repr=False)

    def occurrences(self, since: datetime, until: datetime) -> Iterator[tuple[date, date]]:
        """Yield begin and end of the events about this time, as the file writes them."""
        for event in self.events.between(since - _MARGIN, until + _MARGIN):
            yield event["DTSTART"].dt, event["DTEND"].dt


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarWindow:
    """The events of a calendar.

    Attributes:
        zone: For whole days, and for times without a zone of their own.
    """

    name: str
    calendar: Calendar
    zone: str

    def spans(self, since: datetime, until: datetime) -> tuple[Span, ...]:
        """Return the events that touch this time, by their beginning."""
        known = {
            span
            for month in _months(since, until)
            for span in spans_of_month(self.calendar, self.zone, month)
        }
        touching = (span for span in known if span.touches(since, until))
        return tuple(sorted(touching, key=lambda span: (span.begins_at, span.ends_at)))


def _months(since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the beginning of every month between two moments."""
    month = _month(since)
    while month <= until:
        yield month
        month = _next(month)


def _next(month: datetime) -> datetime:
    return _month(month + timedelta(days=31))


def _month(at: datetime) -> datetime:
    """Return about when the month of a moment begins; the margin makes up for its zone."""
    return datetime(at.year, at.month, 1, tzinfo=UTC)


@lru_cache(maxsize=100)
def spans_of_month(calendar: Calendar, zone: str, month: datetime) -> tuple[Span, ...]:
    """Return what touches a month; the recurrences of a month are worked out once."""
    found = calendar.occurrences(month, _next(month))
    return tuple(
        Span(begins_at=_moment(begin, zone), ends_at=_moment(end, zone)) for begin, end in found
    )


def _moment(value: date, zone: str) -> datetime:
    """Return a moment in UTC; a day stands for its beginning."""
    local = value if isinstance(value, datetime) else datetime.combine(value, time())
    if local.tzinfo is None:
        local = local.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def named_calendars(folder: Path, policies: bytes) -> dict[str, bytes]:
    """Return the calendar files that a policy file may name, as it names them.

    Args:
        folder: Where the policy file is.
        policies: Its content.
    """
    names = sorted({name.decode() for name in NAMED.findall(policies)})[:MOST_FILES]
    read = ((name, _content(folder / name)) for name in names)
    return {name: content for name, content in read if content is not None}


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        return None


def _calendar(value: object, info: ValidationInfo) -> Calendar:
    if not isinstance(value, str) or NAMED.fullmatch(value.encode()) is None:
        raise wrong(
            f"{shown_value(value)} is no calendar file",
            "Write its path from here, without blanks, such as calendars/change-freeze.ics",
        )
    files: Mapping[str, bytes] = (info.context or {}).get("calendars", {})
    if value not in files:
        raise wrong(
            f"{shown_value(value)} cannot be read",
            "Name a file that is there, from this one's folder",
        )
    return _read(value, files[value])


CalendarFile = Annotated[
    Calendar, BeforeValidator(_calendar), WithJsonSchema({"type": "string", "pattern": r"\.ics$"})
]


def _read(path: str, content: bytes) -> Calendar:
    if len(content) > MAX_BYTES:
        raise wrong(f"{shown_value(path)} is larger than {MAX_BYTES // 1000} kB", "Shorten it")
    try:
        import icalendar  # noqa: PLC0415 - an extra, for those who name a calendar
        import recurring_ical_events  # type: ignore[import-untyped]  # noqa: PLC0415 - likewise
    except ImportError:
        raise wrong(
            "calendars cannot be read here", "Install Herald with its extra `ical`"
        ) from None
    try:
        parsed = icalendar.Calendar.from_ical(content)
        _refuse_burdens(path, list(parsed.walk("VEVENT")))
        events = recurring_ical_events.of(parsed)
        calendar = Calendar(path=path, digest=hashlib.sha256(content).hexdigest(), events=events)
        list(calendar.occurrences(_PROBE, _PROBE))
    except PydanticCustomError:
        raise
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise wrong(
            f"{shown_value(path)} is no calendar that can be used",
            "Export it as iCalendar again; every event needs a beginning",
        ) from None
    return calendar


def _refuse_burdens(path: str, events: list[Any]) -> None:
    if len(events) > MAX_EVENTS:
        raise wrong(f"{shown_value(path)} has more than {MAX_EVENTS} events", "Shorten it")
    if sum("RRULE" in event for event in events) > MAX_RECURRING:
        raise wrong(
            f"{shown_value(path)} has more than {MAX_RECURRING} events that recur",
            "Keep those that freeze something",
        )
    for event in events:
        for rule in _rules(event):
            if _TOO_OFTEN & {str(each).upper() for each in rule["FREQ"]}:
                raise wrong(
                    f"{shown_value(path)} has an event that comes more than once a day",
                    "Use FREQ=DAILY or more rarely, or a cron expression",
                )


def _rules(event: Any) -> list[Any]:
    rules = event.get("RRULE", [])
    return rules if isinstance(rules, list) else [rules]
