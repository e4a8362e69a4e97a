"""The check ``soak``: a version has had an alias, such as challenger, for long enough."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.evidence import Needs, PolicyFacts
from bot.domain.names import AliasName
from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.entries import RuleEntry, RulePlace
from policies.figures import how_long
from policies.rule import Rule
from policies.values import Alias, Duration

RECORD = "Herald's record"
MINUTE = timedelta(minutes=1)


class SoakRule(RuleEntry):
    """The version has had an alias for a while."""

    type: Literal["soak"]
    alias: Alias
    min: Duration

    def check(self, place: RulePlace) -> "SoakCheck":
        """Return the check of the time."""
        return SoakCheck(**self.identity(place), alias=AliasName(self.alias), minimum=self.min)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoakCheck(Rule):
    """The candidate has the alias now, and has had it without a break for long enough.

    Attributes:
        minimum: How long, counted from the moment at which Herald saw it.
    """

    alias: AliasName
    minimum: timedelta

    @property
    def needs(self) -> Needs:
        """Since when the candidate has the alias."""
        return Needs(held=frozenset({self.alias}))

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return how long the candidate has had the alias."""
        since = facts.held_since.get(self.alias)
        if since is None:
            return self._not_held(facts)
        held, version = facts.evaluated_at - since, facts.candidate.version.version
        is_enough = held >= self.minimum
        long = how_long(max(held, timedelta(0)))
        return self.outcome(
            OutcomeKind.PASSED if is_enough else OutcomeKind.FAILED,
            f"v{version} has been {self.alias} for {long}, needs {how_long(self.minimum)}",
            observed=long,
            expected=self.expected,
            remedy="" if is_enough else f"ask again from {_told(since + self.minimum)} on",
            source=RECORD,
        )

    @property
    def expected(self) -> str:
        """The least time, with the alias."""
        return f"≥ {how_long(self.minimum)} as {self.alias}"

    def _not_held(self, facts: PolicyFacts) -> CheckOutcome:
        version, named = facts.candidate.version.version, facts.model.aliases.get(self.alias)
        needs = f"needs {how_long(self.minimum)}"
        if named == version:
            message = f"since when v{version} is {self.alias} is not known yet, {needs}"
            remedy = f"Herald counts from when it sees it: ask again in {how_long(self.minimum)}"
        else:
            other = "no version is" if named is None else f"v{named} is"
            message = f"v{version} is not {self.alias} ({other}), {needs}"
            remedy = f"let {self.alias} name v{version}, and ask again after that time"
        return self.outcome(
            OutcomeKind.MISSING, message, expected=self.expected, remedy=remedy, source=RECORD
        )


def _told(moment: datetime) -> str:
    """Return a moment for people, to the next full minute."""
    up = moment + MINUTE if moment.second or moment.microsecond else moment
    return f"{up:%Y-%m-%d %H:%M} {up.tzname()}"
