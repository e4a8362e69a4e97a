"""Freeze windows of a policy: by cron expression, by dates, or from a calendar file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from itertools import islice, takewhile
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from bot.domain.freezing import FreezeWindow, Span
from policies.calendars import CalendarFile, CalendarWindow
from policies.form import Entry
from policies.stretches import joined
from policies.values import Duration, Name, shown_value, wrong

MOST_SPANS = 100
"""Stretches of one cron expression that are listed at a time."""
A_YEAR = timedelta(days=366)
CLOCK_CHANGE = timedelta(hours=2)
"""More than any zone's clock is ever put back."""
_FIELDS = 5
_ANY_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def _cron(value: str) -> str:
    fields = value.split()
    if len(fields) == _FIELDS and _is_cron(fields):
        return value
    if len(fields) == _FIELDS and _never_comes(fields):
        raise wrong(f"{shown_value(value)} never comes", "Name a day that its month has")
    raise wrong(
        f"{shown_value(value)} is no cron expression",
        "Write five fields: minute hour day month weekday, such as 0 17 * * FRI",
    )


def _is_cron(fields: list[str]) -> bool:
    try:
        CronSim(" ".join(fields), _ANY_MOMENT)
    except CronSimError:
        return False
    return True


def _never_comes(fields: list[str]) -> bool:
    """Tell whether day and month of what is no cron expression do, each without the other."""
    minute, hour, day, month, weekday = fields
    return _is_cron([minute, hour, day, "*", weekday]) and _is_cron(
        [minute, hour, "*", month, weekday]
    )


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = get_close_matches(value, available_timezones())
        remedy = f"Did you mean {near[0]}?" if near else "Write it like Europe/Berlin or UTC"
        raise wrong(f"unknown time zone {shown_value(value)}", remedy) from None
    return value


def _local(value: object) -> datetime:
    try:
        local = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        local = None
    if local is None or local.tzinfo is not None or ":" not in str(value):
        raise wrong(
            f"{shown_value(value)} is no local time", "Write it like 2026-12-18T17:00, without zone"
        )
    return local


Cron = Annotated[str, AfterValidator(_cron)]
Zone = Annotated[str, AfterValidator(_zone)]
LocalTime = Annotated[
    datetime,
    BeforeValidator(_local),
    WithJsonSchema({"type": "string", "description": "a local time like 2026-12-18T17:00"}),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CronWindow:
    """A stretch of the same length after each moment that a cron expression names."""

    name: str
    cron: str
    duration: timedelta
    zone: str

    def spans(self, since: datetime, until: datetime) -> tuple[Span, ...]:
        """Return the stretch that holds ``since``, and those that begin until ``until``."""
        return joined(self, since, until)

    def touching(self, since: datetime, until: datetime) -> Iterator[Span]:
        """Yield what the newest start up to ``since`` froze, and those until ``until``."""
        for start in (*self._last_start(since), *self._starts(since, until)):
            span = Span(begins_at=start, ends_at=start + self.duration)
            if span.touches(since, until):
                yield span

    def _last_start(self, at: datetime) -> Iterator[datetime]:
        """Yield the newest start that is not after a moment.

        The search begins later than that: in the hour that comes twice a start has its first
        place, so that by the clock on the wall it may lie ahead though it is past.
        """
        before = self._moments(at + self._lag(at), reverse=True)
        return islice((moment for moment in before if moment <= at), 1)

    def _lag(self, at: datetime) -> timedelta:
        """Return how far ahead a start of the past may lie by the clock on the wall."""
        zone = ZoneInfo(self.zone)
        about = (at - CLOCK_CHANGE, at, at + CLOCK_CHANGE)
        is_steady = len({moment.astimezone(zone).utcoffset() for moment in about}) == 1
        return _MINUTE if is_steady else CLOCK_CHANGE

    def _starts(self, since: datetime, until: datetime) -> Iterator[datetime]:
        if since >= until:
            return iter(())
        ahead = (m for m in self._moments(since - CLOCK_CHANGE) if m > since)
        return islice(takewhile(lambda moment: moment <= until, ahead), MOST_SPANS)

    def _moments(self, at: datetime, *, reverse: bool = False) -> Iterator[datetime]:
        """Return moments in UTC, so that adding a duration counts real hours."""
        local = at.astimezone(ZoneInfo(self.zone))
        found = CronSim(self.cron, local, reverse=reverse)
        return (moment.astimezone(UTC) for moment in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedWindow:
    """One stretch."""

    name: str
    span: Span

    def spans(self, since: datetime, until: datetime) -> tuple[Span, ...]:
        """Return the stretch if it touches this time."""
        return (self.span,) if self.span.touches(since, until) else ()


class FreezeEntry(Entry):
    """A time in which a policy's models are not promoted, told in one of three ways."""

    name: Name
    cron: Cron | None = None
    duration: Duration | None = None
    begins: LocalTime | None = Field(default=None, alias="from")
    ends: LocalTime | None = Field(default=None, alias="to")
    ics: CalendarFile | None = None
    timezone: Zone | None = None

    @model_validator(mode="after")
    def _is_one_of_three(self) -> "FreezeEntry":
        given = {key for key, value in self._values().items() if value is not None}
        wanted = next((keys for keys in _FORMS if keys[0] in given), None)
        if wanted is None:
            raise wrong(
                f"freeze `{self.name}` says no time",
                "Give cron, duration and timezone; or from, to and timezone; or ics",
            )
        self._refuse(wanted, given)
        if self.begins and self.ends and self.begins >= self.ends:
            raise wrong(f"freeze `{self.name}` ends before it begins", "Swap from and to")
        return self

    def _refuse(self, wanted: tuple[str, ...], given: set[str]) -> None:
        allowed = {*wanted, "timezone"}
        for key in wanted:
            if key not in given:
                raise _missing(self.name, wanted[0], key)
        for key in sorted(given - allowed):
            raise wrong(
                f"freeze `{self.name}` has both `{wanted[0]}` and `{key}`", f"Remove `{key}`"
            )

    def _values(self) -> dict[str, object]:
        return {
            field.alias or name: getattr(self, name)
            for name, field in type(self).model_fields.items()
            if name != "name"
        }

    def window(self) -> FreezeWindow:
        """Return the frozen times."""
        zone = self.timezone or "UTC"
        if self.ics is not None:
            return CalendarWindow(name=self.name, calendar=self.ics, zone=zone)
        if self.cron is not None and self.duration is not None:
            return CronWindow(name=self.name, cron=self.cron, duration=self.duration, zone=zone)
        return DatedWindow(name=self.name, span=self._span(zone))

    def is_over(self, now: datetime) -> bool:
        """Tell whether it was by dates, and will not freeze anything again."""
        window = self.window()
        return isinstance(window, DatedWindow) and window.span.ends_at <= now

    def is_empty(self, now: datetime) -> bool:
        """Tell whether it is a calendar that freezes nothing within a year."""
        window = self.window()
        if not isinstance(window, CalendarWindow):
            return False
        spans = window.spans(now, now + A_YEAR)
        return all(span.begins_at == span.ends_at for span in spans)

    def content(self) -> dict[str, object]:
        """Return all that it says; of a calendar its text's hash, so that a new one shows."""
        return {**self._values(), "name": self.name, "ics": self.ics and self.ics.digest}

    def _span(self, zone: str) -> Span:
        """Return the dated stretch: what the clock shows twice, or never, is frozen to be safe."""
        moments = [
            local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
            for local in (self.begins, self.ends)
            for fold in (0, 1)
            if local is not None
        ]
        return Span(begins_at=min(moments), ends_at=max(moments))


_FORMS = (("cron", "duration", "timezone"), ("from", "to", "timezone"), ("ics",))
_REMEDIES = {"duration": "duration: 63h", "to": "to: 2027-01-04T09:00"}


def _missing(name: str, form: str, key: str) -> PydanticCustomError:
    example = _REMEDIES.get(key, "timezone: Europe/Berlin")
    return wrong(f"freeze `{name}` has `{form}` without `{key}`", f"Add {key}, such as {example}")
