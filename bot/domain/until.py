"""Ends of time as people type them: ``for 2h``, ``until 18:00``, ``until 2026-12-24 09:00``."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONGEST = timedelta(days=365)
_SPAN = re.compile(r"(?:\d{1,6}(?:min|m|h|d))+", re.IGNORECASE)
_PIECE = re.compile(r"(\d+)(m|h|d)", re.IGNORECASE)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_MOMENT = re.compile(r"(?:(\d{4}-\d\d-\d\d)[T ])?(\d{1,2}:\d\d)(?: ?(\S+))?", re.IGNORECASE)


class NoEnd(StrEnum):
    """Why words name no end, to be read behind them."""

    UNREADABLE = "is no time that Herald can read"
    OVER = "is over already"
    TOO_FAR = "is too far away: a freeze lasts a year at most"


def end_of(words: Sequence[str], now: datetime, zone: str) -> datetime | NoEnd:
    """Return the moment that words name, or why they name none that will do.

    A time without a date is the next one of that name. What a clock shows twice is the later one.

    Args:
        words: ``for`` or ``until``, and what stands behind it.
        now: The present.
        zone: Of a time that names none; an unknown one is taken for UTC.
    """
    kind, text = words[0].lower(), " ".join(words[1:])
    end = _after(text, now) if kind == "for" else _at(text, now, _zone(zone) or UTC)
    if end is None:
        return NoEnd.UNREADABLE
    if end <= now:
        return NoEnd.OVER
    return end if end <= now + LONGEST else NoEnd.TOO_FAR


def _after(text: str, now: datetime) -> datetime | None:
    words = text.replace(" ", "")
    if not _SPAN.fullmatch(words):
        return None
    pieces = _PIECE.findall(words)
    span = sum((int(n) * _UNITS[unit.lower()] for n, unit in pieces), timedelta())
    return now + min(span, LONGEST + timedelta(days=1))


def _at(text: str, now: datetime, usual: tzinfo) -> datetime | None:
    found = _MOMENT.fullmatch(text)
    zone = (_zone(found[3]) if found[3] else usual) if found else None
    if found is None or zone is None:
        return None
    day = found[1] or f"{now.astimezone(zone):%Y-%m-%d}"
    try:
        local = datetime.fromisoformat(f"{day}T{found[2]:0>5}")
        if not found[1] and _utc(local, zone) <= now:
            local += timedelta(days=1)
        return _utc(local, zone)
    except (ValueError, OverflowError):
        return None


def _utc(local: datetime, zone: tzinfo) -> datetime:
    return max(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def _zone(name: str) -> tzinfo | None:
    try:
        if name[:1] in {"+", "-"} or name in {"Z", "z"}:
            return datetime.fromisoformat(f"2026-01-01T00:00{name.upper()}").tzinfo
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
