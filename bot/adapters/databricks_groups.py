"""Groups of a Databricks workspace and the people in them, as SCIM shows them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.adapters.databricks_client import DatabricksClient, Json
from bot.domain.errors import NotFoundError
from bot.domain.people import Addresses
from bot.domain.ports import Clock

SCIM = "/api/2.0/preview/scim/v2"
FRESH_FOR = timedelta(seconds=60)
"""How old an answer may be; after that the workspace is asked again."""

AT_ONCE = 4
"""Members of a group that are looked up side by side."""

LISTED = 50
"""Members of a group that are looked up by name; who is in it does not depend on that."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Read(Generic[T]):
    value: T
    at: datetime


class DatabricksGroups:
    """Implements ``PlatformGroups``; keeps what it read for a minute and never longer."""

    def __init__(self, client: DatabricksClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._people: dict[str, _Read[frozenset[str]]] = {}
        self._groups: dict[str, _Read[Addresses]] = {}

    async def groups_of(self, email: str) -> frozenset[str]:
        """Return the groups of whoever has this address; none for a closed or unknown account."""
        address = email.lower()
        return await self._fresh(self._people, address, self._groups_of)

    async def members(self, group: str) -> Addresses:
        """Return the addresses of a group's own members; of few, if it has many."""
        return await self._fresh(self._groups, group, self._members)

    async def _fresh(
        self, known: dict[str, _Read[T]], name: str, read: Callable[[str], Awaitable[T]]
    ) -> T:
        asked_at = self._clock.now()
        kept = known.get(name)
        if kept is not None and timedelta(0) <= asked_at - kept.at < FRESH_FOR:
            return kept.value
        found = await read(name)
        known[name] = _Read(found, asked_at)
        return found

    async def _groups_of(self, address: str) -> frozenset[str]:
        found = await self._search("Users", "userName", address, "userName,active,groups")
        with self._client.reading():
            same = [user for user in found if str(user["userName"]).lower() == address]
            groups = {str(g["display"]) for u in same for g in _groups(u) if g.get("display")}
        return frozenset(groups)

    async def _members(self, group: str) -> Addresses:
        found = await self._search("Groups", "displayName", group, "displayName,members")
        with self._client.reading():
            refs = [
                (str(member.get("$ref", "")), str(member["value"]))
                for each in found
                if each["displayName"] == group
                for member in each.get("members") or []
            ]
        ids = [number for kind, number in refs if kind.startswith("Users/")]
        has_groups = any(kind.startswith("Groups/") for kind, _ in refs)
        return Addresses(
            found=await self._addresses(ids[:LISTED]),
            is_whole=not has_groups and len(ids) <= LISTED,
            exists=any(each["displayName"] == group for each in found),
        )

    async def _addresses(self, numbers: list[str]) -> frozenset[str]:
        """Return the addresses of users, a few at a time, so that other calls find a slot."""
        found: list[str] = []
        for start in range(0, len(numbers), AT_ONCE):
            few = numbers[start : start + AT_ONCE]
            found += await asyncio.gather(*(self._address(number) for number in few))
        return frozenset(filter(None, found))

    async def _address(self, number: str) -> str:
        """Return a user's address; empty for a closed account, or one that has just gone."""
        try:
            user = await self._client.get(f"{SCIM}/Users/{self._client.segment(number)}")
        except NotFoundError:
            return ""
        with self._client.reading():
            return str(user["userName"]).lower() if user.get("active") is not False else ""

    async def _search(self, kind: str, attribute: str, value: str, wanted: str) -> list[Json]:
        if '"' in value or "\\" in value:
            return []
        query = {"filter": f'{attribute} eq "{value}"', "attributes": wanted}
        answer = await self._client.get(f"{SCIM}/{kind}", query)
        with self._client.reading():
            return list(answer.get("Resources") or [])


def _groups(user: Json) -> list[Json]:
    return list(user.get("groups") or []) if user.get("active") is not False else []
