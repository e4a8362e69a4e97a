"""The log lines of served entities."""

from collections import defaultdict, deque
from datetime import UTC, datetime

_KEPT_LINES = 500


class EntityLogs:
    """Build and service logs, by endpoint and entity name; they do not survive a restart."""

    def __init__(self) -> None:
        self._build = _lines()
        self._service = _lines()

    def build(self, endpoint: str, entity: str, line: str) -> None:
        """Add a line to an entity's build log."""
        self._build[endpoint, entity].append(_stamped(line))

    def serve(self, endpoint: str, entity: str, line: str) -> None:
        """Add a line to an entity's service log."""
        self._service[endpoint, entity].append(_stamped(line))

    def build_text(self, endpoint: str, entity: str) -> str:
        """Return an entity's build log."""
        return "\n".join(self._build[endpoint, entity])

    def service_text(self, endpoint: str, entity: str) -> str:
        """Return an entity's service log."""
        return "\n".join(self._service[endpoint, entity])


def _lines() -> defaultdict[tuple[str, str], deque[str]]:
    return defaultdict(lambda: deque(maxlen=_KEPT_LINES))


def _stamped(line: str) -> str:
    return f"[{datetime.now(UTC).isoformat(timespec='seconds')}] {line}"
