"""Decisions of people, and whether they add up to the agreement that policies ask for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.names import PersonKey, RequestId, RoleName, SlackUserId
from bot.domain.policy import ApprovalRequirement
from bot.domain.terms import STRICT, AgreementTerms


class DecisionKind(StrEnum):
    """What a person decided."""

    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One person's word on one revision of a request's evidence; the latest one counts.

    Attributes:
        roles: Roles that the person held when the click was authorised.
        person_key: Who it was, whichever account he used; None for the account alone.
    """

    request: RequestId
    evidence_revision: int
    person: SlackUserId
    kind: DecisionKind
    roles: frozenset[RoleName]
    decided_at: datetime
    reason: str = ""
    person_key: PersonKey | None = None

    @property
    def voice(self) -> PersonKey:
        """Whose word it is: two accounts with one voice count once."""
        return self.person_key or PersonKey(self.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """How far one requirement is met, by whom."""

    requirement: ApprovalRequirement
    people: tuple[SlackUserId, ...]

    @property
    def missing(self) -> int:
        """How many people are still missing."""
        return max(0, self.requirement.count - len(self.people))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """All requirements together; they are joined by *and*."""

    parts: tuple[Agreed, ...]
    rejections: tuple[Decision, ...] = ()

    @property
    def missing(self) -> int:
        """How many approvals are still missing in all."""
        return sum(part.missing for part in self.parts)

    @property
    def is_reached(self) -> bool:
        """Whether everybody needed has agreed."""
        return self.missing == 0


def agreement_of(
    requirements: tuple[ApprovalRequirement, ...],
    decisions: Iterable[Decision],
    requester: SlackUserId,
    evidence_revision: int,
    terms: AgreementTerms = STRICT,
) -> Agreement:
    """Return how far the requirements are met by decisions on this evidence.

    A decision on another revision never counts, nor one that the same person has replaced since,
    nor, unless the terms say so, the requester's. Where people have to be distinct, each stands for
    at most one requirement; they are spread so that as many places as possible are filled (maximum
    bipartite matching by augmenting paths), so one more approval never lowers the count.
    """
    counted = _latest(
        decision
        for decision in decisions
        if decision.evidence_revision == evidence_revision
        and (decision.person != requester or not terms.four_eyes)
    )
    agreeing = (d for d in counted if d.kind is DecisionKind.APPROVE)
    approvals = sorted(agreeing, key=lambda d: (d.decided_at, d.person))
    seated = (
        _distinct(requirements, approvals) if terms.distinct else _each(requirements, approvals)
    )
    return Agreement(
        parts=tuple(
            Agreed(requirement=requirement, people=people)
            for requirement, people in zip(requirements, seated, strict=True)
        ),
        rejections=tuple(d for d in counted if d.kind is DecisionKind.REJECT),
    )


def _latest(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    by_time = sorted(decisions, key=lambda decision: decision.decided_at)
    return tuple({decision.voice: decision for decision in by_time}.values())


def _each(
    requirements: tuple[ApprovalRequirement, ...], approvals: list[Decision]
) -> Iterator[tuple[SlackUserId, ...]]:
    """Yield who fills the places of each requirement when one person may fill several."""
    for requirement in requirements:
        able = [decision.person for decision in approvals if requirement.role in decision.roles]
        yield tuple(able[: requirement.count])


def _distinct(
    requirements: tuple[ApprovalRequirement, ...], approvals: list[Decision]
) -> Iterator[tuple[SlackUserId, ...]]:
    """Yield who fills the places of each requirement when nobody may fill two."""
    seats = sorted(_seat(requirements, approvals).items())
    for number in range(len(requirements)):
        yield tuple(person for (index, _), person in seats if index == number)


def _seat(
    requirements: tuple[ApprovalRequirement, ...], approvals: list[Decision]
) -> dict[tuple[int, int], SlackUserId]:
    seats: dict[tuple[int, int], SlackUserId] = {}
    roles = {decision.person: decision.roles for decision in approvals}
    open_to = {
        person: [
            (number, place)
            for number, requirement in enumerate(requirements)
            for place in range(requirement.count)
            if requirement.role in held
        ]
        for person, held in roles.items()
    }
    for decision in approvals:
        _place(decision.person, open_to, seats, set())
    return seats


def _place(
    person: SlackUserId,
    open_to: dict[SlackUserId, list[tuple[int, int]]],
    seats: dict[tuple[int, int], SlackUserId],
    tried: set[tuple[int, int]],
) -> bool:
    for seat in open_to[person]:
        if seat in tried:
            continue
        tried.add(seat)
        if seat not in seats or _place(seats[seat], open_to, seats, tried):
            seats[seat] = person
            return True
    return False
