"""What the tour writes down: who did what, what Herald said, and whether it was as expected."""

import re
from collections.abc import Callable
from typing import Any

_DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")
_WIDTH = 100


class Transcript:
    """Tells the tour line by line, and keeps what was not as expected."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self.held = 0
        self.failures: list[str] = []

    def scene(self, title: str) -> None:
        """Begin a scene."""
        self._write(f"\n== {title}")

    def does(self, who: str, what: str) -> None:
        """Tell what a person did."""
        self._write(f"{who}: {what}")

    def says(self, message: dict[str, Any]) -> None:
        """Tell what Herald said, privately or to all, with what its blocks hold."""
        to = "Herald (to one)" if message.get("ephemeral") else "Herald"
        self._write(f"{to}: {plain(message['text'])}")
        for line in essence(message.get("blocks") or []):
            self._write(f"    {line[:_WIDTH]}")

    def expect(self, what: str, held: object, seen: object = "") -> None:
        """Note one expectation; ``seen`` is told when it did not hold."""
        if held:
            self.held += 1
            self._write(f"  ✓ {what}")
        else:
            self.failures.append(what)
            self._write(f"  ✗ {what}" + (f"; seen: {seen}" if seen != "" else ""))


def plain(text: str) -> str:
    """Return mrkdwn with dates as their fallback."""
    return _DATE.sub(r"\1", text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def essence(blocks: list[dict[str, Any]]) -> list[str]:
    """Return the words of blocks, one line a block or table row."""
    lines: list[str] = []
    for block in blocks:
        if block["type"] == "table":
            lines += [" | ".join(_words(cell) for cell in row) for row in block["rows"]]
        elif block["type"] == "actions":
            lines.append(" ".join(f"[{_words(e) or '…'}]" for e in block["elements"]))
        else:
            lines += [line for line in _words(block).splitlines() if line.strip()]
    return lines


def _words(part: object) -> str:
    if isinstance(part, list):
        return "".join(_words(item) for item in part)
    if not isinstance(part, dict):
        return ""
    kind = part.get("type", "")
    if kind == "user":
        return f"@{part['user_id']}"
    if kind == "date":
        return str(part.get("fallback", ""))
    text = part.get("text")
    own = plain(text) if isinstance(text, str) else _words(text)
    inner = "".join(_words(part.get(key)) for key in ("title", "elements", "tasks", "fields"))
    ends = kind in {"rich_text_section", "rich_text_quote", "mrkdwn", "task_card"}
    return own + inner + ("\n" if ends else "")
