"""Turns what people type into words with a meaning, whatever their order and case."""

import re
from dataclasses import dataclass

from bot.domain.names import AliasName

_QUOTES = "\"'`\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_PLAIN = str.maketrans(
    {**dict.fromkeys(_QUOTES, " "), **dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_UNSEEN)}
)
_BECAUSE = re.compile(r"(?:^|\s)because(?:[\s:,]+|$)", re.IGNORECASE)
_VERSION = re.compile(r"v?(\d{1,9})", re.IGNORECASE)
_ALIAS = re.compile(r"@(\S+)")
_JOINED = re.compile(r"([^@/\s]+)(?:/v?(\d{1,9})|@(\S+))", re.IGNORECASE)

Selector = int | AliasName


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A line of text, taken apart.

    Attributes:
        names: Words that are neither versions nor keywords, in their order.
        selectors: Versions (``7``, ``v7``, ``name/7``) and aliases (``@challenger``).
        to: What stands behind each ``to``; empty text behind a last one.
        reason: Everything behind ``because``, exactly as typed.
    """

    names: tuple[str, ...] = ()
    selectors: tuple[Selector, ...] = ()
    to: tuple[str, ...] = ()
    reason: str = ""


def take_apart(text: str) -> Words:
    """Return the words of a line; quotes and dashes that keyboards prettify become plain again.

    Slack sends ``&``, ``<`` and ``>`` as entities; they are turned back.
    """
    plain = _unescape(text)
    head, reason = _split_reason(plain)
    names: list[str] = []
    selectors: list[Selector] = []
    to: list[str] = []
    tokens = iter(plain_words(head).split())
    for token in tokens:
        if token.lower() == "to":
            to.append(next(tokens, ""))
        else:
            _sort_in(token, names, selectors)
    return Words(names=tuple(names), selectors=tuple(selectors), to=tuple(to), reason=reason)


def plain_words(text: str) -> str:
    """Return text without quotes and unseen characters, with every dash a hyphen."""
    return text.translate(_PLAIN)


def selector_of(token: str) -> Selector | None:
    """Return the version or alias that a word names: ``7``, ``v7``, ``@champion``; else None."""
    version = _VERSION.fullmatch(token)
    if version:
        return int(version[1])
    alias = _ALIAS.fullmatch(token)
    return AliasName(alias[1]) if alias else None


def selector_text(selector: Selector) -> str:
    """Return a version or alias as people write it: ``7``, ``@champion``."""
    return str(selector) if isinstance(selector, int) else f"@{selector}"


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
