"""Who may do what, read when it is asked."""

from collections.abc import Collection, Iterable, Iterator

from bot.domain.audit import AuditEvent
from bot.domain.automatic import BY_POLICY
from bot.domain.errors import BackEndError, NotFoundError
from bot.domain.names import PersonKey, RoleName, SlackUserId
from bot.domain.people import MEMBERS, Action, Person, RoleMembers, Standing
from bot.domain.ports import Clock, Directory, PlatformGroups, PolicySource
from bot.domain.refusal import Refusal
from bot.domain.store import Store
from bot.services.roles import Listing, Roles, answers

NAMED = 3
"""People whom a refusal names before it counts the others."""

LOOKED_AT = 10
"""People of whom a refusal makes sure that they can decide, before it names them."""


class Access:
    """Answers who somebody is and what he may do; when it cannot tell, it raises.

    Nothing here is kept: the directory decides how old its knowledge may be.
    """

    def __init__(
        self,
        directory: Directory,
        platform: PlatformGroups,
        policies: PolicySource,
        store: Store,
        clock: Clock,
    ) -> None:
        self._directory = directory
        self._policies = policies
        self._store = store
        self._clock = clock
        self._roles = Roles(directory, platform)

    async def standing(self, user: SlackUserId) -> Standing:
        """Return a person's roles and what they allow, now; a policy that asks has none."""
        if user == BY_POLICY:
            nobody = Person(id=user, name="a policy", is_bot=True)
            return Standing(person=nobody, roles=frozenset(), actions=frozenset())
        person = await self._directory.person(user)
        policies = self._policies.current()
        found = await self._roles.of(person, policies.roles)
        sources = dict(found.sources)
        if person.standing() is None:
            sources[MEMBERS] = "full member of the workspace"
        roles = frozenset(sources)
        return Standing(
            person=person,
            roles=roles,
            actions=policies.actions_of(roles),
            sources=sources,
            unreadable=found.unreadable,
        )

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

    async def accounts_of(
        self,
        person: Person,
        among: Iterable[SlackUserId],
        known_as: PersonKey | None = None,
    ) -> frozenset[SlackUserId]:
        """Return a person's own account, and which of the others are his as well.

        Args:
            person: As Slack knows him now.
            among: Whose accounts may be his.
            known_as: Who he was earlier, by another address.

        Raises:
            BackEndError: Slack does not answer, so nobody knows.
        """
        keys = {user: await self.key_of(user) for user in sorted(set(among))}
        own = {person.key, known_as}
        return frozenset({person.id, *(user for user, key in keys.items() if key in own)})

    async def person(self, user: SlackUserId) -> Person:
        """Return who somebody is now; ``NotFoundError`` for an unknown id."""
        return await self._directory.person(user)

    async def listing(self, role: RoleName) -> Listing:
        """Return who can be found to have a role; the built-in one is not listed."""
        return await self._roles.listing(self._who(role))

    async def groups_of(self, role: RoleName) -> tuple[str, ...]:
        """Return the ids of the Slack groups from which a role's people come."""
        return await self._roles.group_ids(self._who(role))

    async def full_members(
        self, users: Iterable[SlackUserId]
    ) -> tuple[list[Person], tuple[BackEndError, ...]]:
        """Return those who can decide something, and why others could not be looked at."""
        found, trouble = await answers(self._known, users)
        return [p for p in found if p is not None and p.standing() is None], trouble

    async def names_in(self, roles: Collection[RoleName], but: SlackUserId) -> str:
        """Return who has one of these roles, for people: ``@Ann, @Ben and 2 more``."""
        if MEMBERS in roles:
            return "any full member of the workspace"
        listed = {role: await self.listing(role) for role in sorted(roles)}
        ids = sorted({user for each in listed.values() for user in each.people} - {but})
        able, unknown = await self.full_members(ids[:LOOKED_AT])
        unchecked = len(ids[LOOKED_AT:])
        more = len(able[NAMED:]) + unchecked
        told = [", ".join(f"@{person.name}" for person in able[:NAMED])] if able else []
        told += [f"{'up to ' if unchecked else ''}{more} more"] if more else []
        told += [f"others of {role}, by their groups" for role in listed if _is_cut(listed[role])]
        told += [
            f"whoever else is in {role}, which cannot be read now"
            for role, each in listed.items()
            if each.trouble or unknown
        ]
        return " and ".join(told) or "nobody"

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
            reasons=tuple(self._why_not(standing, action)),
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

    async def _known(self, user: SlackUserId) -> Person | None:
        try:
            return await self._directory.person(user)
        except NotFoundError:
            return None

    def _why_not(self, standing: Standing, action: Action) -> Iterator[str]:
        yield standing.person.standing() or f"none of your roles may {action.value}"
        policies = self._policies.current()
        open_roles = [r for r in standing.unreadable if action in policies.actions_of([r])]
        yield from unread_roles(standing, open_roles)

    def _who(self, role: RoleName) -> RoleMembers:
        return self._policies.current().roles.get(role, RoleMembers())

    def _who_may(self, action: Action) -> tuple[str, ...]:
        may = self._policies.current().may
        roles = sorted(role for role, actions in may.items() if action in actions)
        if not roles:
            return (f"No policy lets anybody {action.value}: ask whoever keeps the policies",)
        return (f"Ask somebody of {', '.join(roles)}",)


def _is_cut(listing: Listing) -> bool:
    return not listing.is_whole and not listing.trouble


def unread_roles(standing: Standing, roles: Iterable[RoleName]) -> Iterator[str]:
    """Yield why nobody can say whether a person has these roles."""
    for role in sorted(roles):
        if role in standing.unreadable:
            yield f"whether you are in {role} cannot be read now: {standing.unreadable[role]}"
