"""The parts from which the rules of Block Kit are put together."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.sandbox.slack.validator.problems import UNKNOWN_TYPE, WRONG_TYPE, Problem, Spot


class Node(Protocol):
    """A shape that a value must have."""

    def check(self, value: object, spot: Spot) -> Iterator[Problem]:
        """Yield what is wrong with the value."""

    def rules(self, rule: str) -> Iterator[str]:
        """Yield the codes of all rules that `check` can find broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Str:
    """A string, by its length in characters and its form."""

    max: int | None = None
    min: int = 1
    form: str | None = None

    def check(self, value: object, spot: Spot) -> Iterator[Problem]:
        """Yield breaches of length and form."""
        if not isinstance(value, str):
            yield spot.misfit(WRONG_TYPE, "must be a string")
        elif len(value) < self.min and self.form is None:
            yield spot.broken("min_length", f"must be at least {self.min} characters")
        elif self.max is not None and len(value) > self.max:
            yield spot.broken("max_length", f"must be at most {self.max} characters")
        elif self.form is not None and not re.match(self.form, value):
            yield spot.broken("form", f"must match {self.form}")

    def rules(self, rule: str) -> Iterator[str]:
        """Yield the codes of the limits that are set."""
        if self.min and self.form is None:
            yield f"{rule}.min_length"
        if self.max is not None:
            yield f"{rule}.max_length"
        if self.form is not None:
            yield f"{rule}.form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number within limits; whole unless `fraction`."""

    min: float | None = None
    max: float | None = None
    fraction: bool = False

    def check(self, value: object, spot: Spot) -> Iterator[Problem]:
        """Yield breaches of the limits."""
        kinds = (int, float) if self.fraction else (int,)
        if isinstance(value, bool) or not isinstance(value, kinds):
            yield spot.misfit(WRONG_TYPE, "must be a number" if self.fraction else "must be whole")
        elif self.min is not None and value < self.min:
            yield spot.broken("minimum", f"must be at least {self.min}")
        elif self.max is not None and value > self.max:
            yield spot.broken("maximum", f"must be at most {self.max}")

    def rules(self, rule: str) -> Iterator[str]:
        """Yield the codes of the limits that are set."""
        if self.min is not None:
            yield f"{rule}.minimum"
        if self.max is not None:
            yield f"{rule}.maximum"


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def check(self, value: object, spot: Spot) -> Iterator[Problem]:
        """Yield a breach when it is neither."""
        if not isinstance(value, bool):
            yield spot.misfit(WRONG_TYPE, "must be true or false")

    def rules(self, rule: str) -> Iterator[str]:  # noqa: ARG002 - the protocol's signature
        """Yield nothing: a flag has no rule of its own."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some fixed words."""

    words: tuple[str, ...]

    def check(self, value: object, spot: Spot) -> Iterator[Problem]:
        """Yield a breach when it is another word."""
        if value not in self.words:
            yield spot.broken("choice", f"must be one of {', '.join(self.words)}")

    def rules(self, rule: str) -> Iterator[str]:
        """Yield the code of the choice."""
        yield f"{rule}.choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list, by its length; `part` names the rules of what is in it."""

    of: Node
    max: int | None = None
    min: int = 1
    part: str = ""

    def check(self, value: object, spot: Spot) -> Iterator[Problem]:
        """Yield breaches of the length, then those of each item."""
        if not isinstance(value, list):
            yield spot.misfit(WRONG_TYPE, "must be an array")
            return
        if len(value) < self.min:
            yield spot.broken("min_items", f"must have at least {self.min} items")
        if self.max is not None and len(value) > self.max:
            yield spot.broken("max_items", f"must have at most {self.max} items")
        for index, item in enumerate(value):
            yield from self.of.check(item, spot.at(index, spot.rule + self.part))

    def rules(self, rule: str) -> Iterator[str]:
        """Yield the codes of the length and of the items."""
        if self.min:
            yield f"{rule}.min_items"
        if self.max is not None:
            yield f"{rule}.max_items"
        yield from self.of.rules(rule + self.part)


@dataclass(frozen=True, slots=True)
class Nullable:
    """A value that may be null."""

    of: Node

    def check(self, value: object, spot: Spot) -> Iterator[Problem]:
        """Yield what is wrong with a value that is there."""
        if value is not None:
            yield from self.of.check(value, spot)

    def rules(self, rule: str) -> Iterator[str]:
        """Yield the codes of a value that is there."""
        yield from self.of.rules(rule)


@dataclass(frozen=True, slots=True)
class Named:
    """A field that many objects have alike; its rules carry its own name."""

    name: str
    of: Node

    def check(self, value: object, spot: Spot) -> Iterator[Problem]:
        """Yield what is wrong with the value."""
        yield from self.of.check(value, Spot(pointer=spot.pointer, rule=self.name))

    def rules(self, rule: str) -> Iterator[str]:  # noqa: ARG002 - the protocol's signature
        """Yield the codes under the field's own name."""
        yield from self.of.rules(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """An object whose `type` says which shape it must have; not all may stand everywhere."""

    table: Mapping[str, Node]
    allowed: frozenset[str]

    def check(self, value: object, spot: Spot) -> Iterator[Problem]:
        """Yield what is wrong with the type, or with the object by its type."""
        if not isinstance(value, dict):
            yield spot.misfit(WRONG_TYPE, "must be an object")
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in self.table:
            yield spot.at("type", "").misfit(UNKNOWN_TYPE, f"no such type here: {kind}")
        elif kind not in self.allowed:
            yield spot.broken("allowed", f"{kind} may not stand here")
        else:
            yield from self.table[kind].check(value, spot)

    def rules(self, rule: str) -> Iterator[str]:
        """Yield the codes of what may stand here."""
        if self.allowed != frozenset(self.table):
            yield f"{rule}.allowed"
        for kind in sorted(self.allowed):
            yield from self.table[kind].rules(rule)
