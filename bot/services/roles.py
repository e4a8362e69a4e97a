"""Reads from chat and platform who has which role."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.errors import BackEndError, BackEndUnavailableError, NotFoundError
from bot.domain.names import RoleName, SlackUserId
from bot.domain.people import Addresses, Person, RoleMembers
from bot.domain.ports import Directory, PlatformGroups

log = logging.getLogger(__name__)

N = TypeVar("N")
T = TypeVar("T")

LOOKED_UP = 50
"""Addresses of a role that are turned into people; who has the role does not depend on that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person's roles with where each comes from, and those of which nobody can say, with why."""

    sources: Mapping[RoleName, str]
    unreadable: Mapping[RoleName, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Who has a role, as far as it can be found out.

    Attributes:
        people: Sorted.
        by_group: Those of them who have it by a group in chat.
        trouble: Why sources could not be read now.
        is_whole: Nobody else has it by the sources that were read.
        gone: Groups that the policies name and that do not exist.
    """

    people: tuple[SlackUserId, ...] = ()
    by_group: frozenset[SlackUserId] = frozenset()
    trouble: tuple[BackEndError, ...] = ()
    is_whole: bool = True
    gone: tuple[str, ...] = ()


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

    async def listing(self, who: RoleMembers) -> Listing:
        """Return everybody who can be found to have a role; one silent source hides no other."""
        in_groups, trouble = await answers(self._members, sorted(who.groups))
        listed, refused = await answers(self._on_platform_in, sorted(who.databricks_groups))
        addresses = sorted(who.emails.union(*(each.found for each in listed)))
        few = addresses[:LOOKED_UP]
        by_address, unknown = await answers(self._directory.by_email, few, is_one_source=True)
        by_group = frozenset[SlackUserId]().union(*in_groups)
        found = who.users | by_group | {user for user in by_address if user is not None}
        return Listing(
            people=tuple(sorted(found)),
            by_group=by_group,
            trouble=(*trouble, *refused, *unknown),
            is_whole=len(addresses) <= LOOKED_UP and all(each.is_whole for each in listed),
            gone=tuple(sorted(self._unknown_groups & (who.groups | who.databricks_groups))),
        )

    async def group_ids(self, who: RoleMembers) -> tuple[str, ...]:
        """Return the ids of the groups in chat from which a role's people come."""
        found = []
        for group in sorted(who.groups):
            with suppress(BackEndError):
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

    async def _on_platform_in(self, group: str) -> Addresses:
        found = await self._platform.members(group)
        self._note(group, "group that Databricks does not have", exists=found.exists)
        return found

    async def _members(self, group: str) -> frozenset[SlackUserId]:
        """Return a group's people; a group that Slack does not have has none."""
        what = "user group that Slack does not have"
        try:
            found = await self._directory.members(group)
        except NotFoundError:
            self._note(group, what, exists=False)
            return frozenset()
        self._note(group, what, exists=True)
        return found

    def _note(self, group: str, what: str, *, exists: bool) -> None:
        """Remember which groups do not exist; each is logged once until it does."""
        if exists:
            self._unknown_groups.discard(group)
        elif group not in self._unknown_groups:
            self._unknown_groups.add(group)
            log.warning("the policies name a %s: %s", what, group)


async def answers(
    read: Callable[[N], Awaitable[T]], names: Iterable[N], *, is_one_source: bool = False
) -> tuple[list[T], tuple[BackEndError, ...]]:
    """Return what could be read, and why the rest could not.

    Args:
        read: Reads one of them.
        names: What to read.
        is_one_source: A refusal of one is a refusal of all. An outage always is.
    """
    found: list[T] = []
    trouble: list[BackEndError] = []
    for name in names:
        try:
            found.append(await read(name))
        except BackEndError as error:
            trouble.append(error)
            if is_one_source or isinstance(error, BackEndUnavailableError):
                break
    return found, tuple(trouble)
