"""Regular expressions in policy files: only such as cannot take long, whatever they look at."""

import re
from collections.abc import Iterator
from math import prod
from typing import Annotated

from pydantic import AfterValidator

from policies.values import shown_value, wrong

MAX_PATTERN = 200
MAX_TEXT = 256
"""Characters that are looked at; a longer text does not match."""

MAX_WAYS = MAX_TEXT**2
"""How many ways a pattern may have to go about a text.

Backtracking takes at most one step for each way and character. Two repetitions without end have
as many ways as there are pairs of characters.
"""

_TOKEN = re.compile(
    r"""
      (?P<open>\((?:\?:)?)
    | (?P<close>\))
    | (?P<bar>\|)
    | (?P<repeat>[*+?]|\{(?P<least>\d{1,4})(?P<range>,(?P<most>\d{0,4}))?\})
    | (?P<one>\[\^?\]?(?:\\[^A-Za-z0-9]|\\[dDwWsS]|[^\\\]\[])*\] | \\[dDwWsS]
            | \\[^A-Za-z0-9] | [^\\\[{}])
    """,
    re.VERBOSE | re.ASCII,
)


def checked(pattern: str) -> str:
    """Return a pattern; raise what is wrong with it, or why it could take too long."""
    if len(pattern) > MAX_PATTERN:
        raise wrong(f"the pattern is longer than {MAX_PATTERN} characters", "Write a shorter one")
    ways = _ways(pattern)
    try:
        re.compile(pattern)
    except re.error as error:
        reason = f"{shown_value(pattern)} is no regular expression: {error}"
        raise wrong(reason, "Put a backslash before a character that stands for itself") from None
    if ways > MAX_WAYS:
        raise wrong(
            f"{shown_value(pattern)} could take too long to match",
            "Repeat without end (* or +) twice at most; elsewhere write how often, like {1,9}",
        )
    return pattern


Pattern = Annotated[str, AfterValidator(checked)]


def matches(pattern: str, text: str) -> bool:
    """Tell whether a whole text is of the form of a checked pattern."""
    return len(text) <= MAX_TEXT and re.fullmatch(pattern, text) is not None


def _ways(pattern: str) -> int:
    try:
        return _Ways(pattern).count()
    except ValueError as error:
        remedy = "Write it without; a backslash lets a character stand for itself"
        raise wrong(f"{shown_value(pattern)} has {error}", remedy) from None


class _Ways:
    """Counts the ways in which a pattern can go about a text; ``ValueError`` names what it lacks.

    Choices that follow each other multiply, alternatives add up. A group that is repeated would
    have its ways to the power of the repetitions, so that there is none, except for ``?``.
    """

    def __init__(self, pattern: str) -> None:
        self._tokens = _tokens(pattern)
        self._token = next(self._tokens, None)

    def count(self) -> int:
        """Return an upper bound of the ways."""
        branches = [self._branch()]
        while self._is("bar"):
            self._step()
            branches.append(self._branch())
        return sum(branches)

    def _branch(self) -> int:
        factors = []
        while self._token is not None and not (self._is("bar") or self._is("close")):
            factors.append(self._group() if self._is("open") else self._atom())
        return prod(factors)

    def _group(self) -> int:
        self._step()
        ways = self.count()
        self._step()
        repeat = self._repeat()
        if repeat is not None and repeat[0] != "?":
            raise ValueError("a group that is repeated")
        return ways + 1 if repeat else ways

    def _atom(self) -> int:
        self._step()
        repeat = self._repeat()
        return _choices(repeat) if repeat else 1

    def _repeat(self) -> re.Match[str] | None:
        """Return a repetition and step over it, and over the mark after it."""
        found = self._token if self._is("repeat") else None
        if found:
            self._step()
        if found and self._is("repeat"):
            self._step()
        return found

    def _is(self, kind: str) -> bool:
        return self._token is not None and self._token[kind] is not None

    def _step(self) -> None:
        self._token = next(self._tokens, None)


def _choices(repeat: re.Match[str]) -> int:
    """Return how many numbers of repetitions there are."""
    if repeat[0] == "?":
        return 2
    if repeat[0] in {"*", "+"} or repeat["most"] == "":
        return MAX_TEXT
    return 1 if repeat["most"] is None else int(repeat["most"]) - int(repeat["least"]) + 1


def _tokens(pattern: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(pattern):
        found = _TOKEN.match(pattern, place)
        if found is None or pattern[found.end() - 1 : found.end() + 1] == "(?":
            raise ValueError(f"`{pattern[place : place + 2]}`, which no pattern here may have")
        yield found
        place = found.end()
