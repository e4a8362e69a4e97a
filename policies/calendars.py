"""Calendar files (RFC 5545) whose events are frozen times; they need the extra ``ical``."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from bot.domain.freezing import Span
from policies.calendar_limits import refuse_burdens
from policies.stretches import joined
from policies.values import shown_value, wrong

MAX_BYTES = 1_000_000
MOST_FILES = 50
DEADLINE_S = 10.0
"""For one file, on a busy machine too: what the limits let through takes less than a second."""
NAMED = re.compile(rb"[\w./-]+\.ics\b")
"""What in a policy file may be the name of a calendar file."""

_PARSING = Lock()
"""The library keeps the zones of all files under their names; one file at a time is read."""
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
        """Return the stretches that touch this time, by their beginning."""
        return joined(self, since, until)

    def touching(self, since: datetime, until: datetime) -> set[Span]:
        """Return the events that touch this time."""
        return {
            span
            for month in _months(since, until)
            for span in spans_of_month(self.calendar, self.zone, month)
            if span.touches(since, until)
        }


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


@lru_cache(maxsize=500)
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
        if not path.is_file():  # a pipe would never end
            return None
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
    files: Mapping[str, bytes] = (info.context or {})["calendars"]
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
    digest = hashlib.sha256(content).hexdigest()
    events = _in_time(path, lambda: _events(path, content))
    return Calendar(digest=digest, events=events)


def _in_time(path: str, read: Callable[[], Any]) -> Any:
    """Return what is read in a thread of its own, which holds up nobody when it does not end."""
    reading: Future[Any] = Future()
    Thread(target=_settle, args=(reading, read), name="calendar", daemon=True).start()
    try:
        return reading.result(DEADLINE_S)
    except TimeoutError:
        raise wrong(
            f"{shown_value(path)} takes more than {DEADLINE_S:g} s to read",
            "Keep those events that freeze something",
        ) from None


def _settle(reading: Future[Any], read: Callable[[], Any]) -> None:
    try:
        reading.set_result(read())
    except BaseException as error:  # noqa: BLE001 - it is told to the one who waits
        reading.set_exception(error)


def _events(path: str, content: bytes) -> Any:
    """Return what the library that knows recurrences makes of a file."""
    try:
        import icalendar  # noqa: PLC0415 - an extra, for those who name a calendar
        import recurring_ical_events  # type: ignore[import-untyped]  # noqa: PLC0415 - likewise
    except ImportError:
        raise wrong(
            "calendars cannot be read here", "Install Herald with its extra `ical`"
        ) from None
    try:
        with _PARSING:
            # The zones of the file before are forgotten by this.
            icalendar.use_zoneinfo()  # type: ignore[no-untyped-call]  # it has no types yet
            parsed = icalendar.Calendar.from_ical(content)
        refuse_burdens(path, parsed)
        events = recurring_ical_events.of(parsed)
        events.between(_PROBE, _PROBE)
    except PydanticCustomError:
        raise
    except Exception:  # noqa: BLE001 - foreign code on foreign input: whatever it is, it is found
        raise wrong(
            f"{shown_value(path)} is no calendar that can be used",
            "Export it as iCalendar again; every event needs a beginning",
        ) from None
    return events
