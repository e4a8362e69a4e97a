"""What every kind of check has in common: whose rule it is, and how it words an outcome."""

from dataclasses import dataclass

from bot.domain.policy import CheckOutcome, OutcomeKind, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of one policy.

    Attributes:
        policy: Name of the policy that it stands in.
    """

    id: str
    policy: str
    severity: Severity

    def outcome(
        self,
        kind: OutcomeKind,
        message: str,
        *,
        observed: str = "",
        expected: str = "",
        remedy: str = "",
    ) -> CheckOutcome:
        """Return an outcome of this rule."""
        return CheckOutcome(
            check=self.id,
            policy=self.policy,
            severity=self.severity,
            kind=kind,
            message=message,
            observed=observed,
            expected=expected,
            remedy=remedy,
        )
