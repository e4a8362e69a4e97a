"""What a comparison comes to when there is no version in place."""

from typing import assert_never

from bot.domain.names import AliasName
from bot.domain.policy import CheckOutcome, FirstRelease, OutcomeKind
from policies.rule import Rule


def without_predecessor(rule: Rule, alias: AliasName, first: FirstRelease) -> CheckOutcome:
    """Return the outcome of a rule that has nothing to compare with."""
    message = f"{alias} names no version to compare with"
    match first:
        case FirstRelease.ALLOW:
            return rule.outcome(OutcomeKind.SKIPPED, message)
        case FirstRelease.REQUIRE_APPROVAL:
            remedy = "let people decide"
            return rule.outcome(OutcomeKind.INCONCLUSIVE, message, remedy=remedy)
        case FirstRelease.DENY:
            remedy = f"let {alias} name a version first"
            return rule.outcome(OutcomeKind.MISSING, message, remedy=remedy)
        case _:
            assert_never(first)
