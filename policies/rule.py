"""What every kind of check has in common: whose rule it is, and how it words an outcome."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.evidence import NOTHING_MORE, Needs
from bot.domain.policy import CheckOutcome, OutcomeKind, Severity

_WELL = {OutcomeKind.PASSED, OutcomeKind.SKIPPED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of one policy.

    Attributes:
        policy: Name of the policy that it stands in.
        docs: Address at which people read more; empty for none.
    """

    id: str
    policy: str
    severity: Severity
    docs: str = ""

    @property
    def needs(self) -> Needs:
        """What has to be read for it beyond what is always read: nothing, unless it says so."""
        return NOTHING_MORE

    def outcome(  # noqa: PLR0913 - the fields of an outcome, by name
        self,
        kind: OutcomeKind,
        message: str,
        *,
        observed: str = "",
        expected: str = "",
        remedy: str = "",
        unit: str = "",
        source: str = "",
        age: timedelta | None = None,
    ) -> CheckOutcome:
        """Return an outcome of this rule; what to do leads to where people read more."""
        more = f"see {self.docs}" if self.docs and kind not in _WELL else ""
        return CheckOutcome(
            check=self.id,
            policy=self.policy,
            severity=self.severity,
            kind=kind,
            message=message,
            observed=observed,
            expected=expected,
            remedy="; ".join(filter(None, (remedy, more))),
            unit=unit,
            source=source,
            age=age,
        )
