"""The moments at which something is due by a cron expression."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from bot.domain.errors import ConfigurationError

LATE_AT_MOST = timedelta(hours=1)
"""A slot that is longer over stays as it is: nobody needs the morning's report at noon."""

_FIELDS = 5


class Slots:
    """Knows the slots of a schedule."""

    def __init__(self, cron: str, zone: str) -> None:
        """Take a cron expression of five fields in a time zone.

        Raises:
            ConfigurationError: One of them means nothing.
        """
        self._cron = cron
        self._zone = _zone(zone)
        _require_cron(cron)

    def latest(self, now: datetime) -> datetime | None:
        """Return the newest slot that is due now and not too late, or None."""
        after = (now + timedelta(minutes=1)).astimezone(self._zone)
        for slot in CronSim(self._cron, after, reverse=True):
            found = slot.astimezone(UTC)
            if found <= now:
                return found if now - found <= LATE_AT_MOST else None
        return None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        remedy = "Name a zone such as UTC or Europe/Berlin"
        problem = "it is no time zone"
        raise ConfigurationError("HERALD_DIGEST__ZONE", problem, remedy) from error


def _require_cron(cron: str) -> None:
    """Refuse what is no cron expression, and seconds, which nobody's digest needs."""
    try:
        CronSim(cron, datetime(2026, 1, 1, tzinfo=UTC))
        is_cron = len(cron.split()) == _FIELDS
    except CronSimError:
        is_cron = False
    if not is_cron:
        remedy = "Write five fields: minute hour day month weekday, such as 0 9 * * mon-fri"
        raise ConfigurationError("HERALD_DIGEST__CRON", "it is no cron expression", remedy)
