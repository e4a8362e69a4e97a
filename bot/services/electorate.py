"""Knows whose word a waiting request still lacks."""

from collections.abc import Collection, Iterable, Mapping

from bot.domain.agreement import Agreement, Decision, agreement_of
from bot.domain.change_request import ChangeRequest
from bot.domain.errors import NotFoundError
from bot.domain.names import PersonKey, RoleName, SlackUserId
from bot.services.access import NAMED, Access

FEW = 10
"""People whom Herald tells one by one; of more, it only names the group."""


class Electorate:
    """Reads roles as they are now; what cannot be read raises."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def by_role(
        self, request: ChangeRequest, decisions: Collection[Decision]
    ) -> dict[RoleName, tuple[SlackUserId, ...]]:
        """Return, for each role that has to agree, who of it could and has not decided."""
        heard = await self._heard(request, decisions)
        roles = [part.role for part in request.evidence.verdict.requirements]
        return {role: await self._able(role, heard) for role in roles}

    async def lacking(
        self, request: ChangeRequest, decisions: Collection[Decision]
    ) -> tuple[SlackUserId, ...]:
        """Return everybody whose approval is missing and would count, sorted."""
        able = await self.by_role(request, decisions)
        open_roles = [
            part.requirement.role for part in agreement_on(request, decisions).parts if part.missing
        ]
        return tuple(sorted({user for role in open_roles for user in able[role]}))

    async def names(self, groups: Iterable[tuple[SlackUserId, ...]]) -> dict[SlackUserId, str]:
        """Return the names of people where they are few enough to be read one by one."""
        few = {user for users in groups if len(users) <= NAMED for user in users}
        return {user: await self._access.name_of(user) for user in sorted(few)}

    async def groups(
        self, able: Mapping[RoleName, tuple[SlackUserId, ...]]
    ) -> dict[RoleName, tuple[str, ...]]:
        """Return the Slack groups behind each role of which so many can decide."""
        crowds = [role for role, users in able.items() if len(users) > FEW]
        return {role: await self._access.groups_of(role) for role in crowds}

    async def able_in(self, role: RoleName) -> tuple[SlackUserId, ...]:
        """Return the full members who have a role."""
        return await self._able(role, frozenset())

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

    async def _able(self, role: RoleName, heard: frozenset[PersonKey]) -> tuple[SlackUserId, ...]:
        found = [u for u in await self._access.people_in(role) if PersonKey(u) not in heard]
        if len(found) > FEW:
            return tuple(found)
        return tuple([user for user in found if await self._is_able(user, heard)])

    async def _is_able(self, user: SlackUserId, heard: frozenset[PersonKey]) -> bool:
        try:
            person = await self._access.person(user)
        except NotFoundError:
            return False
        return person.standing() is None and person.key not in heard


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
