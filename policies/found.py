"""What the parts of one rule show, and what follows from them together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one part shows; the fields mean what they mean in an outcome."""

    kind: OutcomeKind
    text: str
    observed: str = ""
    expected: str = ""
    remedy: str = ""


_GRAVEST_FIRST = (
    OutcomeKind.FAILED,
    OutcomeKind.ERRORED,
    OutcomeKind.MISSING,
    OutcomeKind.INCONCLUSIVE,
    OutcomeKind.PASSED,
)


def together(rule: Rule, found: Sequence[Found], source: str = "") -> CheckOutcome:
    """Return the outcome of a rule: its gravest part decides, and every unmet part is told.

    Args:
        rule: Whose parts they are.
        found: At least one.
        source: Where all of it was read.
    """
    kinds = {part.kind for part in found}
    unmet = [part for part in found if part.kind is not OutcomeKind.PASSED]
    telling = unmet or found
    return rule.outcome(
        next(kind for kind in _GRAVEST_FIRST if kind in kinds),
        "; ".join(part.text for part in telling),
        observed=_joined(part.observed for part in telling),
        expected=_joined(part.expected for part in telling),
        remedy=_joined(part.remedy for part in telling),
        source=source,
    )


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(part for part in parts if part))
