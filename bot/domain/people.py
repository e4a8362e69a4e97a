"""People, roles and what roles may do."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.names import PersonKey, RoleName, SlackUserId

MEMBERS = RoleName("members")
"""Built-in role: every full member of the workspace."""

KEY_LENGTH = 32
"""Hexadecimal digits of a digest that tell people apart."""


class Action(StrEnum):
    """What a role may be allowed to do; nothing is allowed by default."""

    READ = "read"
    PROMOTE = "promote"
    ROLL_BACK = "rollback"
    CANCEL = "cancel"
    RESOLVE = "resolve"
    FREEZE = "freeze"
    AUTOMATE = "automate"


class Doubt(StrEnum):
    """What is not known of a list of people."""

    UNREAD = "unread"
    """Some of its sources cannot be read now."""
    UNLISTED = "unlisted"
    """Others have the role by groups that cannot be listed in full."""
    UNCHECKED = "unchecked"
    """Some of so many may be guests, closed accounts, or the requester by another account."""
    GONE = "gone"
    """A group that the policies name does not exist, so that nobody has the role by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Who is in a group of the platform.

    Attributes:
        found: Addresses, lower case.
        is_whole: Nobody else is in it; a group of groups, or a very big one, is not listed in full.
    """

    found: frozenset[str] = frozenset()
    is_whole: bool = True
    exists: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in the Slack workspace, as Slack tells it now.

    Attributes:
        zone: The time zone of his clock; empty when it is not known.
    """

    id: SlackUserId
    name: str
    email: str = ""
    zone: str = ""
    is_guest: bool = False
    is_deactivated: bool = False
    is_bot: bool = False
    is_stranger: bool = False

    @property
    def key(self) -> PersonKey:
        """What all accounts with this e-mail address share; without one, an account is alone.

        A digest, so that what is stored of a decision shows no address.
        """
        address = self.email.strip().lower()
        if not address:
            return PersonKey(self.id)
        return PersonKey(hashlib.sha256(address.encode()).hexdigest()[:KEY_LENGTH])

    def standing(self) -> str | None:
        """Return why this account can decide nothing, or None for a full member."""
        reasons = (
            (self.is_deactivated, "this account is deactivated"),
            (self.is_bot, "bots cannot do this"),
            (self.is_stranger, "people of other workspaces cannot do this"),
            (self.is_guest, "guest accounts cannot do this"),
        )
        return next((reason for applies, reason in reasons if applies), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleMembers:
    """Where a role's people come from; a person in any of the sources has the role.

    Attributes:
        users: Slack user ids.
        groups: Handles or ids of Slack user groups.
        emails: Addresses, lower case.
        databricks_groups: Names of groups of the Databricks workspace.
    """

    users: frozenset[SlackUserId] = frozenset()
    groups: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    databricks_groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one person is and may do at this moment.

    Attributes:
        sources: Where each role comes from, for people.
        unreadable: Why nobody can say whether the person has a role; it gives nothing then.
    """

    person: Person
    roles: frozenset[RoleName]
    actions: frozenset[Action]
    sources: Mapping[RoleName, str] = field(default_factory=dict)
    unreadable: Mapping[RoleName, str] = field(default_factory=dict)

    @property
    def counting(self) -> frozenset[RoleName]:
        """The roles in which this person decides: none where the account can decide nothing."""
        return self.roles if self.person.standing() is None else frozenset()

    def may(self, action: Action) -> bool:
        """Tell whether this person may do ``action``."""
        return self.person.standing() is None and action in self.actions
