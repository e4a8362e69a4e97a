"""Knows whose word a waiting request still lacks, and how those people are reached."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.domain.agreement import Agreement, Decision, agreement_of
from bot.domain.change_request import ChangeRequest
from bot.domain.errors import BackEndError
from bot.domain.names import PersonKey, RoleName, SlackUserId
from bot.domain.people import MEMBERS, Doubt
from bot.services.access import NAMED, Access

FEW = 10
"""People of a role whom Herald looks at one by one, and tells one by one."""

MANY = 50
"""People of a bigger role whom Herald tells one by one, where no Slack group rings them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Electors:
    """Who of a role could decide and has not, as far as it can be told.

    Attributes:
        people: Sorted; nobody for the built-in role, which every full member has.
        alone: Those whom none of ``groups`` rings.
        groups: Ids of the Slack groups behind a role of which so many can decide.
        is_whole: Nobody else has the role by the sources that were read.
        trouble: Why sources, or people, could not be read now.
    """

    people: tuple[SlackUserId, ...] = ()
    alone: tuple[SlackUserId, ...] = ()
    groups: tuple[str, ...] = ()
    is_whole: bool = True
    has_gone: bool = False
    trouble: tuple[BackEndError, ...] = ()

    @property
    def is_crowd(self) -> bool:
        """Whether they are too many to be looked at one by one."""
        return len(self.people) > FEW

    @property
    def is_readable(self) -> bool:
        """Whether anything can be said of them."""
        return bool(self.people) or not self.trouble

    @property
    def doubts(self) -> frozenset[Doubt]:
        """What is not known of these people."""
        found = (
            (Doubt.UNREAD, bool(self.trouble)),
            (Doubt.UNLISTED, not self.is_whole),
            (Doubt.GONE, self.has_gone),
            (Doubt.UNCHECKED, self.is_crowd),
        )
        return frozenset(doubt for doubt, is_so in found if is_so)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom to tell of a waiting request, and how.

    Attributes:
        people: Those who are told one by one, sorted.
        lines: Lines in the thread, each the id of the group that it rings; empty for nobody's.
        trouble: Why others could not be found now.
    """

    people: tuple[SlackUserId, ...] = ()
    lines: tuple[str, ...] = ()
    trouble: tuple[BackEndError, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.lines)

    def without(self, told: Collection[str]) -> "Audience":
        """Return those who were not told."""
        return Audience(
            people=tuple(user for user in self.people if user not in told),
            lines=tuple(group for group in self.lines if group not in told),
            trouble=self.trouble,
        )


class Electorate:
    """Reads roles as they are now; what cannot be read is told with what can."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def by_role(
        self, request: ChangeRequest, decisions: Collection[Decision]
    ) -> dict[RoleName, Electors]:
        """Return, for each role that has to agree, who of it could and has not decided."""
        heard = await self._heard(request, decisions)
        roles = [part.role for part in request.evidence.verdict.requirements]
        return {role: await self._electors(role, heard) for role in roles}

    async def lacking(self, request: ChangeRequest, decisions: Collection[Decision]) -> Audience:
        """Return everybody whose approval is missing and would count."""
        heard = await self._heard(request, decisions)
        parts = agreement_on(request, decisions).parts
        return await self._audience([p.requirement.role for p in parts if p.missing], heard)

    async def all_of(self, role: RoleName) -> Audience:
        """Return the full members who have a role."""
        return await self._audience([role], frozenset())

    async def names(self, electors: Iterable[Electors]) -> dict[SlackUserId, str]:
        """Return the names of people where they are few enough to be read one by one."""
        few = {user for each in electors if len(each.people) <= NAMED for user in each.people}
        return {user: await self._access.name_of(user) for user in sorted(few)}

    async def _heard(
        self, request: ChangeRequest, decisions: Collection[Decision]
    ) -> frozenset[PersonKey]:
        """Return who has decided on the present evidence, and the requester where he cannot."""
        revision, verdict = request.evidence.revision, request.evidence.verdict
        now = [d for d in decisions if d.evidence_revision == revision]
        heard = {key for d in now for key in (d.voice, PersonKey(d.person))}
        if verdict.terms.four_eyes:
            asker = request.requester
            heard |= {PersonKey(asker), await self._access.key_of(asker)}
            heard |= {request.requester_key} if request.requester_key else set()
        return frozenset(heard)

    async def _electors(self, role: RoleName, heard: frozenset[PersonKey]) -> Electors:
        listing = await self._access.listing(role)
        found = tuple(user for user in listing.people if PersonKey(user) not in heard)
        if len(found) > FEW:
            groups = await self._access.groups_of(role)
            rung = listing.by_group if groups else frozenset()
            return Electors(
                people=found,
                alone=tuple(user for user in found if user not in rung),
                groups=groups,
                is_whole=listing.is_whole,
                has_gone=bool(listing.gone),
                trouble=listing.trouble,
            )
        able, unknown = await self._able(found, heard)
        return Electors(
            people=able,
            alone=able,
            is_whole=listing.is_whole,
            has_gone=bool(listing.gone),
            trouble=(*listing.trouble, *unknown),
        )

    async def _audience(self, roles: Collection[RoleName], heard: frozenset[PersonKey]) -> Audience:
        people: set[SlackUserId] = set()
        lines: set[str] = {"" for role in roles if role == MEMBERS}
        trouble: list[BackEndError] = []
        for role in roles:
            electors = await self._electors(role, heard)
            able, unknown = await self._able(electors.alone[:MANY], heard)
            people.update(able)
            lines.update(electors.groups, [""] if electors.alone[MANY:] else [])
            trouble += [*electors.trouble, *unknown]
        return Audience(
            people=tuple(sorted(people)), lines=tuple(sorted(lines)), trouble=tuple(trouble)
        )

    async def _able(
        self, users: Iterable[SlackUserId], heard: frozenset[PersonKey]
    ) -> tuple[tuple[SlackUserId, ...], tuple[BackEndError, ...]]:
        found, trouble = await self._access.full_members(users)
        return tuple(person.id for person in found if person.key not in heard), trouble


def agreement_on(request: ChangeRequest, decisions: Collection[Decision]) -> Agreement:
    """Return how far a request's present evidence is agreed to."""
    verdict = request.evidence.verdict
    return agreement_of(
        verdict.requirements,
        decisions,
        request.requester,
        request.evidence.revision,
        verdict.terms,
    )
