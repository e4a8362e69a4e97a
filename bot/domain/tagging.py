"""Tags that rules propose for a version, so that one click writes what would meet them."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.names import CardKey, RequestId
from bot.domain.policy import CheckOutcome, OutcomeKind, ProposedTag

OFFERED = 3
"""Proposals that one answer offers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagOffer:
    """A proposed tag with a button that writes it.

    Attributes:
        key: Of the button's own card.
        waiting: A request for the version that rests on its tags and has not begun; None for none.
    """

    key: CardKey
    tag: ProposedTag
    waiting: RequestId | None = None


def proposed_tags(outcomes: Iterable[CheckOutcome]) -> tuple[ProposedTag, ...]:
    """Return what unmet rules propose, each tag and value once, in the order of the rules."""
    unmet = (o for o in outcomes if o.kind in {OutcomeKind.FAILED, OutcomeKind.MISSING})
    return tuple(dict.fromkeys(o.proposed for o in unmet if o.proposed is not None))
