"""Reads from chat and platform who has which role."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from bot.domain.errors import BackEndError, NotFoundError
from bot.domain.names import RoleName, SlackUserId
from bot.domain.people import Person, RoleMembers
from bot.domain.ports import Directory, PlatformGroups

log = logging.getLogger(__name__)

LOOKED_UP = 50
"""Addresses of a role that are turned into people; who has the role does not depend on that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person's roles with where each comes from, and those of which nobody can say, with why."""

    sources: Mapping[RoleName, str]
    unreadable: Mapping[RoleName, str]


class Roles:
    """Keeps nothing: directory and platform decide how old their knowledge may be.

    Without chat there is nobody to answer, so its trouble is raised. The platform's leaves the
    roles open that hang on it alone.
    """

    def __init__(self, directory: Directory, platform: PlatformGroups) -> None:
        self._directory = directory
        self._platform = platform
        self._unknown_groups: set[str] = set()

    async def of(self, person: Person, roles: Mapping[RoleName, RoleMembers]) -> Membership:
        """Return which of these roles a person has."""
        sources: dict[RoleName, str] = {}
        unreadable: dict[RoleName, str] = {}
        for role, who in roles.items():
            source = await self._in_chat(person, who)
            if not source:
                try:
                    source = await self._on_platform(person, who)
                except BackEndError as error:
                    unreadable[role] = str(error)
            if source:
                sources[role] = source
        return Membership(sources=sources, unreadable=unreadable)

    async def people_in(self, who: RoleMembers) -> tuple[SlackUserId, ...]:
        """Return everybody who can be found to have a role, sorted."""
        groups = [await self._members(group) for group in sorted(who.groups)]
        addresses = who.emails.union(
            *[await self._platform.members(group) for group in sorted(who.databricks_groups)]
        )
        found = [await self._directory.by_email(a) for a in sorted(addresses)[:LOOKED_UP]]
        by_address = {user for user in found if user is not None}
        return tuple(sorted(who.users.union(by_address, *groups)))

    async def group_ids(self, who: RoleMembers) -> tuple[str, ...]:
        """Return the ids of the groups in chat from which a role's people come."""
        found = []
        for group in sorted(who.groups):
            with suppress(NotFoundError):
                found.append(await self._directory.group_id(group))
        return tuple(found)

    async def _in_chat(self, person: Person, who: RoleMembers) -> str:
        """Return where a person has a role from, for people; empty when he does not have it."""
        if person.id in who.users:
            return "named in the policies"
        if person.email.lower() in who.emails:
            return "e-mail address"
        for group in sorted(who.groups):
            if person.id in await self._members(group):
                return f"Slack group {group}"
        return ""

    async def _on_platform(self, person: Person, who: RoleMembers) -> str:
        if not (who.databricks_groups and person.email):
            return ""
        held = who.databricks_groups & await self._platform.groups_of(person.email)
        return f"Databricks group {min(held)}" if held else ""

    async def _members(self, group: str) -> frozenset[SlackUserId]:
        """Return a group's people; a group that Slack does not have has none."""
        try:
            return await self._directory.members(group)
        except NotFoundError:
            if group not in self._unknown_groups:
                self._unknown_groups.add(group)
                log.warning("the policies name a user group that Slack does not have: %s", group)
            return frozenset()
