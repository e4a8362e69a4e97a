"""Checks that come out as they are told, for tests of what a verdict makes of them."""

from dataclasses import dataclass

from bot.domain.evidence import NOTHING_MORE, Needs, PolicyFacts
from bot.domain.policy import CheckOutcome, OutcomeKind, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripted:
    kind: OutcomeKind = OutcomeKind.PASSED
    severity: Severity = Severity.ENFORCE
    id: str = "auc"
    policy: str = "champion"
    needs: Needs = NOTHING_MORE

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        return CheckOutcome(
            check=self.id,
            policy=self.policy,
            severity=self.severity,
            kind=self.kind,
            message=f"seen at {facts.evaluated_at}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    severity: Severity = Severity.ENFORCE
    id: str = "broken"
    needs: Needs = NOTHING_MORE

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        raise ZeroDivisionError(facts.name)
