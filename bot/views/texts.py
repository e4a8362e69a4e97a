"""Words, numbers and times as people read them, safe to put before Slack."""

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.automatic import BY_POLICY

JOINER = "\u2060"
"""Word joiner: seen by nobody, it keeps ``<`` and ``!`` apart wherever a text is pasted."""

APOSTROPHE = "’"
DATE_FORMAT = "{date_short_pretty} {time}"
_CONTROL_PICTURES = {code: 0x2400 + code for code in range(0x20) if code != ord("\n")}
_C1_CONTROLS = dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SHOWN_AS: dict[int, int | str] = {
    **_CONTROL_PICTURES,
    **_C1_CONTROLS,
    **dict.fromkeys(_BIDI, 0xFFFD),
    ord("\t"): " ",
    0x7F: 0x2421,
    0x2028: "\n",
    0x2029: "\n",
}
_SURROGATE = re.compile("[\ud800-\udfff]")
_SLACK_TOKEN = re.compile(r"<(?=[!@#])")
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_MOST_DECIMALS, _MOST_DIGITS = 8, 15


class Glyph(StrEnum):
    """The one sign at the head of a message; words beside it always say the same."""

    WAITING = "⏳"
    RUNNING = "▶️"
    DONE = "✅"
    REFUSED = "❌"
    BACK = "↩️"
    LOOK = "⚠️"
    FROZEN = "🔒"


def readable(words: str) -> str:
    """Return text in which nothing acts unseen.

    Control characters become their pictures, marks that turn the direction of writing and lone
    surrogates the replacement character.
    """
    lines = words.replace("\r\n", "\n").replace("\r", "\n").translate(_SHOWN_AS)
    return _SURROGATE.sub("\ufffd", lines)


def visible(words: str) -> str:
    """Return readable text that rings nobody, wherever it is shown or pasted as it is."""
    return _SLACK_TOKEN.sub(f"<{JOINER}", readable(words))


def shorten(words: str, limit: int, rest: str = "…") -> str:
    """Return at most ``limit`` characters, the last of them ``rest`` when something was cut."""
    return words if len(words) <= limit else words[: limit - len(rest)].rstrip() + rest


def one_line(words: str, limit: int = 150) -> str:
    """Return text on one line, safe and short enough for a headline or a table's cell."""
    return shorten(" ".join(readable(words).split()), limit)


def escape(words: str) -> str:
    """Return text for a mrkdwn field, with nothing left in it that Slack would act on.

    Source:
        docs.slack.dev, Formatting message text: only ``&``, ``<`` and ``>`` are control characters.
    """
    return readable(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(words: str) -> str:
    """Return text as mrkdwn code, in which formatting characters stand for themselves."""
    return f"`{escape(words).replace('`', APOSTROPHE)}`"


def mention(user: str) -> str:
    """Return a person as mrkdwn; readers see the name. A policy that asks has none."""
    return "a policy" if user == BY_POLICY else f"<@{user}>"


def iso(moment: datetime) -> str:
    """Return a moment for those who see no date tokens: ``2026-11-21 14:02 UTC``."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def when(moment: datetime) -> str:
    """Return a moment as Slack's date token, so that each reader sees his own zone."""
    return f"<!date^{int(moment.timestamp())}^{DATE_FORMAT}|{iso(moment)}>"


def duration(span: timedelta | float) -> str:
    """Return a duration in its largest two units: ``3 min 12 s``; a number counts seconds."""
    exact = span.total_seconds() if isinstance(span, timedelta) else span
    left = max(0, round(exact))
    if left == 0:
        return "under 1 s"
    parts: list[tuple[int, str]] = []
    for size, unit in _UNITS:
        amount, left = divmod(left, size)
        if amount or parts:
            parts.append((amount, unit))
    return " ".join(f"{amount} {unit}" for amount, unit in parts[:2] if amount)


def number(value: float, unit: str = "") -> str:
    """Return a value with at most four significant digits, thousands separators and its unit."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "infinite" if value > 0 else "minus infinite"
    shown = "" if unit == "ratio" else unit
    return f"{_digits(value)} {shown}".rstrip()


def _digits(value: float) -> str:
    if value == 0:
        return "0"
    decimals = 3 - math.floor(math.log10(abs(value)))
    if decimals > _MOST_DECIMALS or decimals < 4 - _MOST_DIGITS:
        return f"{value:.4g}"
    shown = f"{round(value, decimals):,.{max(0, decimals)}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence: ``a, b and c``."""
    head, tail = words[:-1], words[-1:]
    return f"{', '.join(head)} {last} {tail[0]}" if head else "".join(tail)
