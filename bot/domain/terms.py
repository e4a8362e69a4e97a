"""On what terms people agree: who counts, what they have to say, when they are asked again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.names import RoleName

REMIND_AFTER = timedelta(hours=4)


class ReasonFrom(StrEnum):
    """Who has to say why."""

    REQUESTER = "requester"
    APPROVER = "approver"


class Insisted(StrEnum):
    """A term that a policy writes out; it holds also where that policy asks nobody."""

    FOUR_EYES = "four_eyes"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Whom Herald tells of a request that has waited for so long."""

    after: timedelta
    role: RoleName


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementTerms:
    """What holds for all requirements of a request together.

    Attributes:
        four_eyes: The requester's own word never counts.
        distinct: A person fills one place in all; else one in each role that he has.
        reasons: Who has to give a reason.
        remind_after: Time after which those still missing are reminded, once.
        escalations: Whom else Herald tells, and when.
    """

    four_eyes: bool = True
    distinct: bool = True
    reasons: frozenset[ReasonFrom] = frozenset()
    remind_after: timedelta = REMIND_AFTER
    escalations: tuple[Escalation, ...] = ()


STRICT = AgreementTerms()
"""What holds where no policy says otherwise."""


def strictest(terms: Collection[AgreementTerms]) -> AgreementTerms:
    """Return terms that satisfy all of these; none at all are strict."""
    if not terms:
        return STRICT
    return AgreementTerms(
        four_eyes=any(each.four_eyes for each in terms),
        distinct=any(each.distinct for each in terms),
        reasons=frozenset[ReasonFrom]().union(*(each.reasons for each in terms)),
        remind_after=min(each.remind_after for each in terms),
        escalations=_in_order(terms),
    )


def _in_order(terms: Collection[AgreementTerms]) -> tuple[Escalation, ...]:
    found = {escalation for each in terms for escalation in each.escalations}
    return tuple(sorted(found, key=lambda escalation: (escalation.after, escalation.role)))
