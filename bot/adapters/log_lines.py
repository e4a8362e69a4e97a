"""Lines of the log: as text for people, or as JSON for machines, never with a secret."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

TEXT = "%(asctime)s %(levelname)s %(message)s"
HIDDEN = "…"
_REQUEST = re.compile(r"\bCR-\d+\b")
_INCIDENT = re.compile(r"\bincident ([\w-]{6,})")


class TextLines(logging.Formatter):
    """Writes a line for people."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__(TEXT)
        self._secrets = _longest_first(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with its trace where there is one, without secrets."""
        return _hidden(super().format(record), self._secrets)


class JsonLines(logging.Formatter):
    """Writes one JSON object a line."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = _longest_first(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Return the object; ``request``, ``incident`` and ``trace`` only where there are any."""
        message = record.getMessage()
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
            "request": _first(_REQUEST.findall(message)),
            "incident": _first(_INCIDENT.findall(message)),
            "trace": self.formatException(record.exc_info) if record.exc_info else None,
        }
        known = {k: _hidden(v, self._secrets) for k, v in line.items() if v is not None}
        return json.dumps(known, ensure_ascii=False)


def log_to_stderr(formatter: logging.Formatter, level: int = logging.WARNING) -> None:
    """Write the log of the whole process to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler])


def _first(found: list[str]) -> str | None:
    return found[0] if found else None


def _longest_first(secrets: Iterable[str]) -> list[str]:
    return sorted(filter(None, secrets), key=len, reverse=True)


def _hidden(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text
