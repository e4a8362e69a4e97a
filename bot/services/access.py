"""Who may do what, read when it is asked."""

import logging
from collections.abc import Iterable
from contextlib import suppress

from bot.domain.audit import AuditEvent
from bot.domain.automatic import BY_POLICY
from bot.domain.errors import NotFoundError
from bot.domain.names import PersonKey, RoleName, SlackUserId
from bot.domain.people import MEMBERS, Action, Person, RoleMembers, Standing
from bot.domain.ports import Clock, Directory, PolicySource
from bot.domain.refusal import Refusal
from bot.domain.store import Store

log = logging.getLogger(__name__)

NAMED = 3
"""People whom a refusal names before it counts the others."""


class Access:
    """Answers who somebody is and what he may do; when it cannot tell, it raises.

    Nothing here is kept: the directory decides how old its knowledge may be.
    """

    def __init__(
        self, directory: Directory, policies: PolicySource, store: Store, clock: Clock
    ) -> None:
        self._directory = directory
        self._policies = policies
        self._store = store
        self._clock = clock
        self._unknown_groups: set[str] = set()

    async def standing(self, user: SlackUserId) -> Standing:
        """Return a person's roles and what they allow, now; a policy that asks has none."""
        if user == BY_POLICY:
            nobody = Person(id=user, name="a policy", is_bot=True)
            return Standing(person=nobody, roles=frozenset(), actions=frozenset())
        person = await self._directory.person(user)
        policies = self._policies.current()
        held = [name for name, who in policies.roles.items() if await self._is_in(person, who)]
        if person.standing() is None:
            held.append(MEMBERS)
        roles = frozenset(held)
        return Standing(person=person, roles=roles, actions=policies.actions_of(roles))

    async def key_of(self, user: SlackUserId) -> PersonKey:
        """Return who somebody is, whichever account he uses; one unknown to Slack is nobody else.

        Raises:
            BackEndError: Slack does not answer, so nobody knows.
        """
        if user == BY_POLICY:
            return PersonKey(user)
        try:
            return (await self._directory.person(user)).key
        except NotFoundError:
            return PersonKey(user)

    async def person(self, user: SlackUserId) -> Person:
        """Return who somebody is now; ``NotFoundError`` for an unknown id."""
        return await self._directory.person(user)

    async def people_in(self, role: RoleName) -> tuple[SlackUserId, ...]:
        """Return everybody who has a role by user id or group, sorted."""
        who = self._policies.current().roles.get(role, RoleMembers())
        groups = [await self._members(group) for group in sorted(who.groups)]
        return tuple(sorted(who.users.union(*groups)))

    async def groups_of(self, role: RoleName) -> tuple[str, ...]:
        """Return the ids of the Slack groups from which a role's people come."""
        who = self._policies.current().roles.get(role, RoleMembers())
        found = []
        for group in sorted(who.groups):
            with suppress(NotFoundError):
                found.append(await self._directory.group_id(group))
        return tuple(found)

    async def names_in(self, roles: Iterable[RoleName], but: SlackUserId) -> str:
        """Return who has one of these roles, for people: ``@Ann, @Ben and 2 more``."""
        found: set[SlackUserId] = set()
        for role in roles:
            found.update(await self.people_in(role))
        ids = sorted(found - {but})
        names = [await self.name_of(user) for user in ids[:NAMED]]
        rest = [f"{len(ids) - NAMED} more"] if len(ids) > NAMED else []
        return " and ".join([", ".join(names), *rest]) if names else "nobody"

    async def refuse(self, user: SlackUserId, action: Action, what: str) -> Refusal | None:
        """Return a refusal, and write it down, when a person may not do this; else None.

        Args:
            user: Who asks.
            action: What for.
            what: The first line of the refusal: what is not done.
        """
        standing = await self.standing(user)
        if standing.may(action):
            return None
        await self.record_refusal(user, what)
        return Refusal(
            what=what,
            reasons=(standing.person.standing() or f"none of your roles may {action.value}",),
            remedies=self._who_may(action),
        )

    async def record_refusal(self, user: SlackUserId, what: str, subject: str = "access") -> None:
        """Write down that somebody was refused."""
        event = AuditEvent(
            at=self._clock.now(),
            actor=user,
            action="access.refused",
            subject=subject,
            details={"what": what},
        )
        async with self._store.transaction() as work:
            await work.audit.append(event)

    async def name_of(self, user: SlackUserId) -> str:
        """Return a person for people: ``@Ann``."""
        if user == BY_POLICY:
            return "A policy"
        try:
            return f"@{(await self._directory.person(user)).name}"
        except NotFoundError:
            return f"{user} (unknown to Slack)"

    async def _members(self, group: str) -> frozenset[SlackUserId]:
        """Return a group's people; a group that Slack does not have has none."""
        try:
            return await self._directory.members(group)
        except NotFoundError:
            if group not in self._unknown_groups:
                self._unknown_groups.add(group)
                log.warning("the policies name a user group that Slack does not have: %s", group)
            return frozenset()

    def _who_may(self, action: Action) -> tuple[str, ...]:
        may = self._policies.current().may
        roles = sorted(role for role, actions in may.items() if action in actions)
        if not roles:
            return (f"No policy lets anybody {action.value}: ask whoever keeps the policies",)
        return (f"Ask somebody of {', '.join(roles)}",)

    async def _is_in(self, person: Person, who: RoleMembers) -> bool:
        if person.id in who.users or (person.email and person.email.lower() in who.emails):
            return True
        for group in sorted(who.groups):
            if person.id in await self._members(group):
                return True
        return False
