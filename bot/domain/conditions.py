"""Conditions under which a requirement holds: tags of the candidate, outcomes of rules."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

WARNED = "warned"
"""What a condition calls an outcome that people should read before they agree, whatever it is."""

TAG_LENGTH = 1000
"""A longer tag fits every pattern: what is not looked at asks for more, not for less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Holds when every part of it does.

    Attributes:
        tags: Key and pattern, which has to match the whole value; a tag that is not there is empty.
        outcomes: Id of a rule of the same policy, and the words of which one has to fit.
    """

    tags: tuple[tuple[str, str], ...] = ()
    outcomes: tuple[tuple[str, frozenset[str]], ...] = ()

    def holds(self, tags: Mapping[str, str], found: Mapping[str, frozenset[str]]) -> bool:
        """Tell whether it holds.

        Args:
            tags: Those of the candidate.
            found: What each rule came to, in the words of conditions.
        """
        fits = (_fits(pattern, tags.get(key, "")) for key, pattern in self.tags)
        came = (bool(words & found.get(rule, frozenset())) for rule, words in self.outcomes)
        return all(fits) and all(came)

    def told(self) -> str:
        """Return the condition for people: ``tag risk is high``."""
        return " and ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        for key, pattern in self.tags:
            yield f"tag {key} is {pattern}"
        for rule, words in self.outcomes:
            yield f"{rule} {' or '.join(sorted(words))}"


def _fits(pattern: str, value: str) -> bool:
    return len(value) > TAG_LENGTH or re.fullmatch(pattern, value) is not None
