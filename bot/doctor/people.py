"""Are the people and user groups that policies name there, and may Herald see them."""

from collections.abc import Callable, Iterable

from bot.adapters.slack_directory import SlackDirectory
from bot.adapters.slack_installation import SlackInstallation
from bot.doctor.examine import trouble
from bot.doctor.findings import Finding, error, ok, warning
from bot.domain.errors import BackEndError, NotFoundError
from bot.domain.names import SlackUserId
from bot.domain.people import RoleMembers
from bot.domain.policy import PolicySet

NAME = "people"

Members = Callable[[RoleMembers], Iterable[str]]


class PeopleChecks:
    """Looks at everybody whom policies name."""

    def __init__(self, directory: SlackDirectory, installation: SlackInstallation) -> None:
        self._directory = directory
        self._slack = installation

    async def look(self, policies: PolicySet) -> Iterable[Finding]:
        """Return what is wrong with groups, users and e-mail addresses, or that nothing is."""
        groups = _named(policies, lambda role: role.groups)
        users = _named(policies, lambda role: role.users)
        emails = _named(policies, lambda role: role.emails)
        found = [await self._group(group) for group in groups]
        found += [await self._user(user) for user in users]
        found += [await self._email(email) for email in emails]
        bad = [finding for finding in found if finding is not None]
        return bad or [ok(NAME, f"{len(groups)} groups, {len(users) + len(emails)} people")]

    async def _group(self, group: str) -> Finding | None:
        try:
            members = await self._directory.members(group)
        except NotFoundError:
            seen = f"there is no user group {group}, or it is switched off"
            return error(NAME, seen, "Make the group in Slack, or mend the policy's roles")
        except BackEndError as problem:
            return trouble(NAME, problem)
        if not members:
            return warning(NAME, f"the user group {group} is empty", f"Put people into @{group}")
        return None

    async def _user(self, user: str) -> Finding | None:
        try:
            person = await self._directory.person(SlackUserId(user))
        except NotFoundError:
            return error(NAME, f"there is no user {user}", "Mend the policy's roles")
        except BackEndError as problem:
            return trouble(NAME, problem)
        standing = person.standing()
        if standing:
            seen = f"{user} has a role but can decide nothing: {standing}"
            return warning(NAME, seen, "Take them out of the policy's roles")
        return None

    async def _email(self, email: str) -> Finding | None:
        try:
            is_there = await self._slack.has_address(email)
        except NotFoundError:
            is_there = False
        except BackEndError as problem:
            return trouble(NAME, problem)
        remedy = "Mend the policy's roles"
        return None if is_there else warning(NAME, f"nobody active has the address {email}", remedy)


def _named(policies: PolicySet, of: Members) -> list[str]:
    return sorted({name for role in policies.roles.values() for name in of(role)})
