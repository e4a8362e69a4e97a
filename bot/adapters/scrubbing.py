"""Takes out of a back end's words what nobody in a channel may read."""

import re
from collections.abc import Iterable

LONGEST_DETAIL = 300

_SDK_CONFIG = re.compile(r"\.?\s*Config: \w+=.*", re.DOTALL)
_ADDRESS = re.compile(r"\b\w+://\S+|\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b|\blocalhost:\d+\b")
_HOST = re.compile(
    r"\b[\w.-]+\.(?:databricks\.(?:com|net)|azuredatabricks\.net|amazonaws\.com|windows\.net"
    r"|googleapis\.com)\b(?::\d+)?"
)
_SECRET = re.compile(
    r"\b(?:dapi|xox[a-z]-|xapp-)[\w.-]+|\bBearer\s+\S+|\{\{\s*secrets/[^}]*\}\}"
    r"|\b(?:token|password|secret|signature|sig)\s*[=:]\s*\S+|\b[A-Za-z0-9_-]{40,}",
    re.IGNORECASE,
)
_STATEMENT = re.compile(r"\[(?:SQL|parameters): .*", re.DOTALL)
_ROWS = re.compile(r"""(?:\{\s*["']|\[\s*(?:[\[{"']|-?\d)).{20,}[\]}]""", re.DOTALL)


def scrubbed(text: str, private: Iterable[str] = ()) -> str:
    """Return a back end's words as one line without addresses, secrets and request rows.

    What is ``private`` goes too, and the configuration that the SDK adds to some messages.
    """
    plain = _SDK_CONFIG.sub("", text)
    for word in filter(None, private):
        plain = plain.replace(word, "…")
    for pattern in (_STATEMENT, _ADDRESS, _HOST, _SECRET, _ROWS):
        plain = pattern.sub("…", plain)
    line = " ".join(plain.split())
    return line if len(line) <= LONGEST_DETAIL else f"{line[: LONGEST_DETAIL - 1]}…"
