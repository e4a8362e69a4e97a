"""What events say of one request so far, and who agreed to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import permutations

from bot.domain.audit import AuditEvent
from bot.domain.change_request import ChangeRequest, Evidence, RequestState
from bot.domain.names import RoleName
from bot.domain.plan import Plan
from tests.properties.accounts import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody said, and who he was at that moment."""

    account: Account
    is_yes: bool
    revision: int


@dataclass
class Followed:
    """A request as its events tell it.

    Attributes:
        request: What does not change of it.
        filed_by: The requester as he was when he asked; None for a policy.
        evidence: Every revision up to now.
        expires_at: Until when people can agree.
        words: In order.
        agreed: The last words of those by whose agreement it was approved last.
        agreed_hash: What they agreed to; empty while nobody has.
        stood: Since when it has been in which state.
    """

    request: ChangeRequest
    filed_by: Account | None
    state: RequestState
    evidence: tuple[Evidence, ...]
    expires_at: datetime
    words: list[Word] = field(default_factory=list)
    agreed: tuple[Word, ...] = ()
    agreed_hash: str = ""
    stood: list[tuple[datetime, RequestState]] = field(default_factory=list)

    def go(self, at: datetime, state: RequestState) -> None:
        self.state = state
        self.stood.append((at, state))

    def stood_at(self, moment: datetime) -> RequestState:
        """Return in which state it was at a moment since its filing, by its events."""
        return [state for since, state in self.stood if since <= moment][-1]

    @property
    def present(self) -> Evidence:
        return self.evidence[-1]

    def renew(self, evidence: tuple[Evidence, ...], came_from: RequestState) -> None:
        """Take a new revision; only policies, or people who had agreed, bring a new time."""
        judged = self.present.content["policies"]
        self.evidence = evidence
        if came_from is not RequestState.PENDING or self.present.content["policies"] != judged:
            self.expires_at = whole_time(self.present)

    def approve(self, event: AuditEvent) -> None:
        """Note by whose words it was approved; none of those is older than the evidence."""
        people = event.details["approvers"]
        assert isinstance(people, list)
        said = {w.account.id: w for w in self.words if w.revision == self.present.revision}
        self.agreed = tuple(said[person] for person in people)
        self.agreed_hash = str(event.details["content_hash"])


def whole_time(evidence: Evidence) -> datetime:
    """Return until when people can agree if they have all the time that there is."""
    return evidence.collected_at + evidence.verdict.expires_after


def fill(wanted: Mapping[RoleName, int], words: Sequence[Word], *, distinct: bool) -> bool:
    """Tell whether people who agreed fill all places, found by trying every order."""
    if not distinct:
        return all(_humans(words, role) >= count for role, count in wanted.items())
    seats = [role for role, count in wanted.items() for _ in range(count)]
    humans = {word.account.human for word in words}
    return len(humans) == len(words) and any(
        all(role in word.account.roles for role, word in zip(seats, order, strict=True))
        for order in permutations(words, len(seats))
    )


def _humans(words: Sequence[Word], role: RoleName) -> int:
    return len({word.account.human for word in words if role in word.account.roles})


def seats(wanted: Mapping[RoleName, int], people: Sequence[Account], *, distinct: bool) -> int:
    """Return how many places these people fill at most, found by trying every order."""
    if not distinct:
        humans = {role: {p.human for p in people if role in p.roles} for role in wanted}
        return sum(min(count, len(humans[role])) for role, count in wanted.items())
    places = [role for role, count in wanted.items() for _ in range(count)]
    filled = (
        sum(role in person.roles for role, person in zip(order, people, strict=False))
        for order in permutations(places)
    )
    return max(filled)


def sides(plan: Plan, place: str) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
    """Return the versions that a plan has at a place, before and after."""
    for change in plan.endpoints:
        if change.endpoint == place:
            before, after = change.before, change.after
            return tuple(r.version for r in before), tuple(r.version for r in after)
    own = next(change for change in plan.aliases if change.alias == place)
    return (own.before,), (own.after,)
