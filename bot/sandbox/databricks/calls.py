"""The list of every call that the double received."""

import json
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

_KEPT_CALLS = 50_000
_KEPT_BODY_BYTES = 65_536
_SECRET_PARAMETERS = frozenset({"signature"})


class CallLog:
    """Calls in order of arrival; headers, and with them tokens, are never kept."""

    def __init__(self) -> None:
        self._calls: deque[dict[str, object]] = deque(maxlen=_KEPT_CALLS)

    def record(self, method: str, path: str, query: str, body: bytes) -> dict[str, object]:
        """Add a call and return it, to be closed when its answer is out."""
        call: dict[str, object] = {
            "method": method,
            "path": path,
            "query": _public_query(query),
            "body": _readable(body),
            "at": datetime.now(UTC).isoformat(),
            "ended_at": None,
        }
        self._calls.append(call)
        return call

    def close(self, call: dict[str, object]) -> None:
        """Note that a call has ended, with or without an answer."""
        call["ended_at"] = datetime.now(UTC).isoformat()

    def listed(self) -> list[Mapping[str, object]]:
        """Return the calls, oldest first."""
        return list(self._calls)

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()


def _public_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(key, value) for key, value in pairs if key not in _SECRET_PARAMETERS])


def _readable(body: bytes) -> object:
    if not body or len(body) > _KEPT_BODY_BYTES:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return None
