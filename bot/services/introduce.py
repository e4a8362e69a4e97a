"""Answers who somebody is to Herald, and who has a role."""

import re

from bot.domain.errors import NotFoundError
from bot.domain.messages import RoleSheet, WhoAmI
from bot.domain.names import RoleName, SlackUserId, shown_word
from bot.domain.people import MEMBERS, Action, Doubt, RoleMembers
from bot.domain.ports import Directory, PolicySource
from bot.domain.refusal import Refusal
from bot.services.access import Access

NAMED = 15
"""People of a role whom an answer names before it counts the others."""

LOOKED_AT = 30
"""People of a role of whom an answer makes sure that they are full members."""

_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


class Introduce:
    """Reads people and roles as they are now."""

    def __init__(self, access: Access, policies: PolicySource, directory: Directory) -> None:
        self._access = access
        self._policies = policies
        self._directory = directory

    async def who_am_i(self, asker: SlackUserId) -> WhoAmI:
        """Return the asker's roles, what they may do, and as what he can approve."""
        return await self._sheet(asker, is_asker=True)

    async def access(self, word: str, asker: SlackUserId) -> WhoAmI | RoleSheet | Refusal:
        """Return what a person or a role may do and decide.

        Args:
            word: A role; or a person: id, e-mail address, or the name of somebody with a role.
            asker: Who asks.
        """
        refused = await self._access.refuse(asker, Action.READ, "Nothing is shown")
        if refused:
            return refused
        role = RoleName(word)
        if role == MEMBERS or role in self._policies.current().roles:
            return await self._role(role)
        user = await self._person(word)
        if user is None:
            return self._nobody(word)
        try:
            return await self._sheet(user, is_asker=user == asker)
        except NotFoundError:
            return self._nobody(word)

    async def _sheet(self, user: SlackUserId, *, is_asker: bool) -> WhoAmI:
        standing = await self._access.standing(user)
        approves = self._approving() & standing.counting
        return WhoAmI(
            standing=standing,
            approves_as=tuple(sorted(approves)),
            decides={role: self._policies_of(role) for role in sorted(approves)},
            is_asker=is_asker,
        )

    async def _role(self, role: RoleName) -> RoleSheet:
        policies = self._policies.current()
        listing = await self._access.listing(role)
        able, unknown = await self._access.full_members(listing.people[:LOOKED_AT])
        unchecked, trouble = listing.people[LOOKED_AT:], (*listing.trouble, *unknown)
        doubts = {Doubt.UNCHECKED: bool(unchecked), Doubt.UNLISTED: not listing.is_whole}
        return RoleSheet(
            role=role,
            members=policies.roles.get(role, RoleMembers()),
            people=tuple(person.id for person in able[:NAMED]),
            count=len(able) + len(unchecked),
            unread=str(trouble[0]) if trouble else "",
            gone=listing.gone,
            doubts=frozenset(doubt for doubt, is_so in doubts.items() if is_so),
            actions=policies.actions_of([role]),
            decides=self._policies_of(role),
        )

    async def _person(self, word: str) -> SlackUserId | None:
        if _USER.fullmatch(word.upper()):
            return SlackUserId(word.upper())
        if _ADDRESS.fullmatch(word):
            return await self._directory.by_email(word.lower())
        return await self._named(word.lower())

    async def _named(self, name: str) -> SlackUserId | None:
        """Return the only one with a role who has this name; None when there is not just one."""
        found = set()
        for role in self._policies.current().roles:
            listing = await self._access.listing(role)
            for user in listing.people:
                if (await self._access.name_of(user)).removeprefix("@").lower() == name:
                    found.add(user)
        return found.pop() if len(found) == 1 else None

    def _nobody(self, word: str) -> Refusal:
        roles = ", ".join(sorted({*self._policies.current().roles, MEMBERS}))
        return Refusal(
            what=f"Herald knows no role and nobody called '{shown_word(word)}'",
            reasons=("people without a role are known by id or e-mail address only",),
            remedies=(f"Name a person, such as U0123ABCD or name@example.com, or a role: {roles}",),
        )

    def _approving(self) -> frozenset[RoleName]:
        policies = self._policies.current().here
        return frozenset(part.role for policy in policies for part in policy.approvals)

    def _policies_of(self, role: RoleName) -> tuple[str, ...]:
        policies = self._policies.current().here
        return tuple(p.name for p in policies if role in {part.role for part in p.approvals})
