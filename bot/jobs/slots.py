"""The moments at which something is due by a cron expression."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger

from bot.domain.errors import ConfigurationError

LATE_AT_MOST = timedelta(hours=1)
"""A slot that is longer over stays as it is: nobody needs the morning's report at noon."""

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_DAY_NUMBER = re.compile(r"(?<![/\d])[0-7](?!\d)")
_DAY_FIELD = 4
_FIELDS = 5


class Slots:
    """Knows the slots of a schedule."""

    def __init__(self, cron: str, zone: str) -> None:
        """Take a cron expression of five fields in a time zone.

        Raises:
            ConfigurationError: One of them means nothing.
        """
        self._trigger = _trigger(cron, _zone(zone))

    def latest(self, now: datetime) -> datetime | None:
        """Return the newest slot that is due now and not too late, or None."""
        latest: datetime | None = None
        after = now - LATE_AT_MOST
        while True:
            found: datetime | None = self._trigger.get_next_fire_time(latest, after)
            if found is None or found > now:
                return latest
            latest, after = found, found + timedelta(microseconds=1)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        remedy = "Name a zone such as UTC or Europe/Berlin"
        problem = "it is no time zone"
        raise ConfigurationError("HERALD_DIGEST__ZONE", problem, remedy) from error


def _trigger(cron: str, zone: ZoneInfo) -> CronTrigger:
    try:
        return CronTrigger.from_crontab(" ".join(_fields(cron)), timezone=zone)
    except ValueError as error:
        remedy = "Write five fields: minute hour day month weekday, such as 0 9 * * mon-fri"
        problem = "it is no cron expression"
        raise ConfigurationError("HERALD_DIGEST__CRON", problem, remedy) from error


def _fields(cron: str) -> list[str]:
    """Return the fields with weekdays by name.

    APScheduler counts weekdays from Monday, cron from Sunday; names mean the same to both.
    """
    fields = cron.split()
    if len(fields) != _FIELDS:
        raise ValueError(cron)
    fields[_DAY_FIELD] = _DAY_NUMBER.sub(lambda day: _DAYS[int(day[0]) % 7], fields[_DAY_FIELD])
    return fields
