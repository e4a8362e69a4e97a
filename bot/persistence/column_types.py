"""Column types: moments in UTC, and domain values as JSON documents."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from bot.domain.canonical import canonical_json


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; SQLite drops zones, so it is stored and returned in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a moment into UTC; refuse one without a zone."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give a stored moment its zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Document(TypeDecorator[Any]):
    """A domain value as JSON text, read back as the same type."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write the value as JSON."""
        del dialect
        return None if value is None else self._adapter.dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the value back."""
        del dialect
        return None if value is None else self._adapter.validate_json(value)


class CanonicalJson(TypeDecorator[dict[str, object]]):
    """A JSON object as the very text that was hashed, read back as plain JSON values."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write the canonical text."""
        del dialect
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the object back."""
        del dialect
        return None if value is None else json.loads(value)


class BucketsJson(TypeDecorator[Mapping[float, int]]):
    """Requests by latency as JSON; plain JSON, since there are thousands of them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write the buckets."""
        del dialect
        return None if value is None else json.dumps({str(k): v for k, v in value.items()})

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read the buckets back."""
        del dialect
        return None if value is None else {float(k): v for k, v in json.loads(value).items()}
