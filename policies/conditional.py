"""A rule that applies to some versions only."""

from dataclasses import dataclass

from bot.domain.conditions import Condition
from bot.domain.evidence import Needs, PolicyFacts, is_own_tag
from bot.domain.policy import CheckOutcome, OutcomeKind, PolicyCheck
from policies.entries import RuleEntry, RulePlace
from policies.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalCheck(Rule):
    """A check that is skipped where its condition does not hold on the candidate's tags."""

    condition: Condition
    check: PolicyCheck

    @property
    def needs(self) -> Needs:
        """What the check itself needs."""
        return self.check.needs

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return the check's outcome, or that it does not apply."""
        tags = {k: v for k, v in facts.candidate.version.tags.items() if not is_own_tag(k)}
        if self.condition.holds(tags, {}):
            return self.check.evaluate(facts)
        return self.outcome(OutcomeKind.SKIPPED, f"it applies when {self.condition.told()}")


def check_of(rule: RuleEntry, place: RulePlace) -> PolicyCheck:
    """Return the check of a rule, with its condition where it has one."""
    check = rule.check(place)
    if rule.applies_when is None:
        return check
    condition = rule.applies_when.condition()
    return ConditionalCheck(**rule.identity(place), condition=condition, check=check)
