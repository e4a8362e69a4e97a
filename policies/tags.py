"""The check ``tags``: the version has the tags that it should, each of a form."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.blank import seen
from bot.domain.evidence import PolicyFacts
from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.entries import RuleEntry, RulePlace
from policies.found import Found, together
from policies.patterns import MAX_TEXT, Pattern, matches
from policies.rule import Rule
from policies.values import OthersTag, shown_value


class TagsRule(RuleEntry):
    """The version has the tags that it should."""

    type: Literal["tags"]
    required: Annotated[dict[OthersTag, Pattern], Field(min_length=1)]

    def check(self, place: RulePlace) -> "TagsCheck":
        """Return the check of the tags."""
        return TagsCheck(**self.identity(place), required=tuple(sorted(self.required.items())))


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsCheck(Rule):
    """Every required tag is on the candidate, and its whole value is of the form.

    Attributes:
        required: Key and regular expression of each.
    """

    required: tuple[tuple[str, str], ...]

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return how the tags stand to their forms."""
        version = facts.candidate.version
        found = [_found(key, form, version.tags.get(key)) for key, form in self.required]
        return together(self, found, source=f"tags of v{version.version}")


def _found(key: str, form: str, value: str | None) -> Found:
    expected, remedy = f"{key}: {form}", f"tag the version `{key}` with a value like `{form}`"
    if value is None or not seen(value):
        text = f"no tag {key}" if value is None else f"the tag {key} is blank"
        return Found(kind=OutcomeKind.MISSING, text=text, expected=expected, remedy=remedy)
    observed = f"{key}: {shown_value(value)}"
    if matches(form, value):
        return Found(kind=OutcomeKind.PASSED, text=observed, observed=observed, expected=expected)
    long = f", longer than {MAX_TEXT} characters" if len(value) > MAX_TEXT else ""
    return Found(
        kind=OutcomeKind.FAILED,
        text=f"{observed}{long}, needs `{form}`",
        observed=observed,
        expected=expected,
        remedy=remedy,
    )
