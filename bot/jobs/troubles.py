"""What goes wrong in loops, in the log: the same thing once a minute, however often it happens."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

EVERY_S = 60.0
"""A trouble that lasts is told again after so long, with how often it happened meanwhile."""


@dataclass
class _Told:
    at: float
    since: int = 0


class Troubles:
    """Tells of errors after which a loop goes on."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._told: dict[tuple[str, str], _Told] = {}

    def note(self, name: str, error: Exception) -> None:
        """Log an error of the loop called ``name``, unless the same one was logged just now."""
        now, key = self._now_s(), (name, str(error))
        told = self._told.get(key)
        if told is not None and now - told.at < EVERY_S:
            told.since += 1
            return
        again = f" (and {told.since} times since it was told last)" if told and told.since else ""
        self._told = {k: t for k, t in self._told.items() if now - t.at < EVERY_S}
        self._told[key] = _Told(now)
        log.warning("%s: %s; it is tried again%s", name, error, again)
