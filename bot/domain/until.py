"""Ends of time as people type them: ``for 2h``, ``until 18:00``, ``until 2026-12-24 09:00``."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONGEST = timedelta(days=365)
_SPAN = re.compile(r"([1-9]\d{0,5})(m|min|h|d)", re.IGNORECASE)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_MOMENT = re.compile(r"(?:(\d{4}-\d\d-\d\d)[T ])?(\d{1,2}:\d\d)(?: ?(\S+))?", re.IGNORECASE)


def end_of(words: Sequence[str], now: datetime, zone: str) -> datetime | None:
    """Return the moment that words name, or None when they name none that is to come.

    A time without a date is the next one of that name. What a clock shows twice is the later one.

    Args:
        words: ``for`` or ``until``, and what stands behind it.
        now: The present.
        zone: Of a time that names none; an unknown one is taken for UTC.
    """
    kind, text = words[0].lower(), " ".join(words[1:])
    end = _after(text, now) if kind == "for" else _at(text, now, _zone(zone) or UTC)
    return end if end is not None and now < end <= now + LONGEST else None


def _after(text: str, now: datetime) -> datetime | None:
    found = _SPAN.fullmatch(text)
    return now + int(found[1]) * _UNITS[found[2][0].lower()] if found else None


def _at(text: str, now: datetime, usual: tzinfo) -> datetime | None:
    found = _MOMENT.fullmatch(text)
    zone = (_zone(found[3]) if found[3] else usual) if found else None
    if found is None or zone is None:
        return None
    day = found[1] or f"{now.astimezone(zone):%Y-%m-%d}"
    try:
        local = datetime.fromisoformat(f"{day}T{found[2]:0>5}")
    except ValueError:
        return None
    if not found[1] and _utc(local, zone) <= now:
        local += timedelta(days=1)
    return _utc(local, zone)


def _utc(local: datetime, zone: tzinfo) -> datetime:
    return max(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def _zone(name: str) -> tzinfo | None:
    try:
        if name[:1] in {"+", "-"} or name in {"Z", "z"}:
            return datetime.fromisoformat(f"2026-01-01T00:00{name.upper()}").tzinfo
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
