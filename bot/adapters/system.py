"""The clock and the source of names that nobody can guess."""

import secrets
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


class RandomIds:
    """Names from the system's source of randomness."""

    def new(self) -> str:
        """Return 22 letters, digits, ``-`` and ``_`` that hold 128 random bits."""
        return secrets.token_urlsafe(16)
