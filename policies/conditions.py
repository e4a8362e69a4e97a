"""Conditions in policy files: tags of the candidate, outcomes of rules."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.domain.conditions import Condition
from policies.form import Entry
from policies.patterns import Pattern
from policies.values import OthersTag, wrong

OutcomeWord = Literal[
    "passed", "failed", "missing", "errored", "inconclusive", "skipped", "exempt", "warned"
]


class WhenEntry(Entry):
    """When a requirement holds; all of it has to be so."""

    tags: dict[OthersTag, Pattern] = Field(default_factory=dict)
    outcomes: dict[str, Annotated[list[OutcomeWord], Field(min_length=1)]] = Field(
        default_factory=dict
    )

    @model_validator(mode="after")
    def _is_usable(self) -> "WhenEntry":
        if not (self.tags or self.outcomes):
            raise wrong("`when` has no condition", "Give tags or outcomes, or leave `when` out")
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

    tags: Annotated[dict[OthersTag, Pattern], Field(min_length=1)]

    def condition(self) -> Condition:
        """Return the condition, whatever the order in the file."""
        return Condition(tags=tuple(sorted(self.tags.items())))
