"""One text for one value: canonical JSON, the same on every machine and in every run."""

import dataclasses
import json
import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from decimal import Decimal


def canonical_json(value: object) -> str:
    """Return the value as JSON with sorted keys and no blanks.

    Dataclasses become objects, sets sorted lists, times ISO 8601 with their offset, durations
    seconds. Numbers that JSON lacks (NaN, infinities) become the strings of their names. Lone
    surrogates, which JSON can carry and UTF-8 cannot, stay JSON escapes.
    """
    return _text(_plain(value))


def _text(plain: object) -> str:
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="backslashreplace").decode()


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((_plain(item) for item in value), key=_text)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _scalar(value)


def _scalar(value: object) -> object:
    if isinstance(value, float | Decimal):
        return _number(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _number(value: float | Decimal) -> object:
    number = float(value)
    return number if math.isfinite(number) else str(number)
