"""Turns what people type into words with a meaning, whatever their order and case."""

import re
from dataclasses import dataclass

from bot.domain.names import AliasName

_SMART = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"',
        "\u2013": "-", "\u2014": "-", "\u2011": "-", "\u2212": "-", "\u00a0": " ",
    }
)  # fmt: skip
_BECAUSE = re.compile(r"(?:^|\s)because(?:[\s:,]+|$)", re.IGNORECASE)
_VERSION = re.compile(r"v?(\d{1,9})", re.IGNORECASE)
_ALIAS = re.compile(r"@([\w.-]+)")
_JOINED = re.compile(r"([^@/\s]+)(?:/v?(\d{1,9})|@([\w.-]+))", re.IGNORECASE)

Selector = int | AliasName


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A line of text, taken apart.

    Attributes:
        names: Words that are neither versions nor keywords, in their order.
        selectors: Versions (``7``, ``v7``, ``name/7``) and aliases (``@challenger``).
        to: What stands behind ``to``; None without one.
        reason: Everything behind ``because``, exactly as typed.
    """

    names: tuple[str, ...] = ()
    selectors: tuple[Selector, ...] = ()
    to: str | None = None
    reason: str = ""


def take_apart(text: str) -> Words:
    """Return the words of a line; quotes and dashes that keyboards prettify become plain again.

    Slack sends ``&``, ``<`` and ``>`` as entities; they are turned back.
    """
    plain = _unescape(text)
    head, reason = _split_reason(plain)
    names: list[str] = []
    selectors: list[Selector] = []
    to: str | None = None
    tokens = iter(head.translate(_SMART).replace('"', " ").replace("'", " ").split())
    for token in tokens:
        if token.lower() == "to":
            to = next(tokens, "")
        else:
            _sort_in(token, names, selectors)
    return Words(names=tuple(names), selectors=tuple(selectors), to=to, reason=reason)


def selector_of(token: str) -> Selector | None:
    """Return the version or alias that a word names: ``7``, ``v7``, ``@champion``; else None."""
    version = _VERSION.fullmatch(token)
    if version:
        return int(version[1])
    alias = _ALIAS.fullmatch(token)
    return AliasName(alias[1]) if alias else None


def _sort_in(token: str, names: list[str], selectors: list[Selector]) -> None:
    selector = selector_of(token)
    joined = _JOINED.fullmatch(token)
    if selector is not None:
        selectors.append(selector)
    elif joined:
        names.append(joined[1])
        selectors.append(int(joined[2]) if joined[2] else AliasName(joined[3]))
    else:
        names.append(token)


def _split_reason(text: str) -> tuple[str, str]:
    found = _BECAUSE.search(text)
    return (text[: found.start()], text[found.end() :].strip()) if found else (text, "")


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
