"""People and user groups as Slack knows them now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack_calls import SLACK, answer_of
from bot.domain.errors import NotFoundError
from bot.domain.names import SlackUserId
from bot.domain.people import Person
from bot.domain.ports import Clock

FRESH_FOR = timedelta(seconds=60)
"""How old an answer may be; after that Slack is asked again, and without an answer nobody is."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Read(Generic[T]):
    value: T
    at: datetime


class SlackDirectory:
    """Implements ``Directory``; keeps what it read for a minute and never longer."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._team = ""
        self._people: dict[SlackUserId, _Read[Person]] = {}
        self._members: dict[str, _Read[frozenset[SlackUserId]]] = {}
        self._addresses: dict[str, _Read[SlackUserId | None]] = {}
        self._handles: _Read[dict[str, str]] | None = None

    async def person(self, user: SlackUserId) -> Person:
        """Return who somebody is now; ``NotFoundError`` for an unknown id."""
        known = self._people.get(user)
        if known is None or not self._is_fresh(known.at):
            asked_at = self._clock.now()
            answer = await answer_of("users.info", self._client.users_info(user=user))
            person = _told(answer["user"], await self._own_team())
            known = self._people[user] = _Read(person, asked_at)
        return known.value

    async def members(self, group: str) -> frozenset[SlackUserId]:
        """Return the members of a user group (handle or id), at most 60 s old.

        Raises:
            NotFoundError: There is no such group, or it is switched off.
        """
        known = self._members.get(group)
        if known is None or not self._is_fresh(known.at):
            named = await self._handle_of(group)
            sent = self._client.usergroups_users_list(usergroup=named.value)
            answer = await answer_of("usergroups.users.list", sent)
            users = frozenset(SlackUserId(str(user)) for user in answer.get("users", []))
            known = self._members[group] = _Read(users, named.at)
        return known.value

    async def group_id(self, group: str) -> str:
        """Return the id of a user group, at most 60 s old."""
        return (await self._handle_of(group)).value

    async def _handle_of(self, group: str) -> _Read[str]:
        """Return the id of a group, and when it was one; who is in it is no younger than that."""
        known = await self._groups()
        handle = group.removeprefix("@").lower()
        if handle in known.value:
            return _Read(known.value[handle], known.at)
        if group in known.value.values():
            return _Read(group, known.at)
        raise NotFoundError(SLACK, f"no user group {group}")

    async def by_email(self, address: str) -> SlackUserId | None:
        """Return whose e-mail address this is, at most 60 s old; None for nobody's."""
        known = self._addresses.get(address)
        if known is None or not self._is_fresh(known.at):
            asked_at = self._clock.now()
            user = await self._found_by(address)
            known = self._addresses[address] = _Read(user, asked_at)
        return known.value

    async def _found_by(self, address: str) -> SlackUserId | None:
        try:
            sent = self._client.users_lookupByEmail(email=address)
            answer = await answer_of("users.lookupByEmail", sent)
        except NotFoundError:
            return None
        return SlackUserId(str(answer["user"]["id"]))

    async def _own_team(self) -> str:
        """Return the workspace of the bot; it never changes."""
        if not self._team:
            self._team = str((await answer_of("auth.test", self._client.auth_test()))["team_id"])
        return self._team

    async def _groups(self) -> _Read[dict[str, str]]:
        if self._handles is None or not self._is_fresh(self._handles.at):
            asked_at = self._clock.now()
            answer = await answer_of("usergroups.list", self._client.usergroups_list())
            found = {str(g["handle"]).lower(): str(g["id"]) for g in answer.get("usergroups", [])}
            self._handles = _Read(found, asked_at)
        return self._handles

    def _is_fresh(self, at: datetime) -> bool:
        return timedelta(0) <= self._clock.now() - at < FRESH_FOR


def _told(user: dict[str, Any], own_team: str) -> Person:
    profile: dict[str, Any] = user.get("profile") or {}
    names = (profile.get("display_name"), user.get("real_name"), user.get("name"))
    return Person(
        id=SlackUserId(str(user["id"])),
        name=str(next(filter(None, names), user["id"])),
        email=str(profile.get("email") or ""),
        zone=str(user.get("tz") or ""),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_deactivated=bool(user.get("deleted")),
        is_bot=bool(user.get("is_bot")),
        is_stranger=bool(user.get("is_stranger")) or user.get("team_id") != own_team,
    )
