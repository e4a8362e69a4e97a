"""Conditions in policy files: tags of the candidate, outcomes of rules."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.domain.conditions import Condition
from bot.domain.evidence import is_own_tag
from policies.form import Entry
from policies.patterns import checked
from policies.values import wrong

PATTERN_LENGTH = 200

OutcomeWord = Literal[
    "passed", "failed", "missing", "errored", "inconclusive", "skipped", "exempt", "warned"
]


class WhenEntry(Entry):
    """When a requirement holds; all of it has to be so."""

    tags: dict[str, str] = Field(default_factory=dict)
    outcomes: dict[str, Annotated[list[OutcomeWord], Field(min_length=1)]] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def _is_usable(self) -> "WhenEntry":
        if not (self.tags or self.outcomes):
            raise wrong("`when` has no condition", "Give tags or outcomes, or leave `when` out")
        _require_usable(self.tags)
        return self

    def condition(self) -> Condition:
        """Return the condition, whatever the order in the file."""
        return Condition(
            tags=tuple(sorted(self.tags.items())),
            outcomes=tuple(
                (rule, frozenset[str](words)) for rule, words in sorted(self.outcomes.items())
            ),
        )


class TagsEntry(Entry):
    """For which versions a rule applies; all of it has to be so."""

    tags: Annotated[dict[str, str], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_usable(self) -> "TagsEntry":
        _require_usable(self.tags)
        return self

    def condition(self) -> Condition:
        """Return the condition, whatever the order in the file."""
        return Condition(tags=tuple(sorted(self.tags.items())))


def _require_usable(tags: Mapping[str, str]) -> None:
    for key, pattern in tags.items():
        if is_own_tag(key):
            remedy = "Use a tag that people or pipelines set"
            raise wrong(f"Herald itself writes the tag `{key}`", remedy)
        _require_pattern(key, pattern)


def _require_pattern(key: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        remedy = "Write a value, or a regular expression that matches the whole value"
        raise wrong(f"the pattern for tag `{key}` does not work: {error}", remedy) from None
    if len(pattern) > PATTERN_LENGTH:
        raise wrong(
            f"the pattern for tag `{key}` is too long", f"Write at most {PATTERN_LENGTH} characters"
        )
    checked(pattern)
