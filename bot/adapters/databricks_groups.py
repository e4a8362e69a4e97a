"""Groups of a Databricks workspace and the people in them, as SCIM shows them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.adapters.databricks_client import DatabricksClient, Json
from bot.domain.errors import NotFoundError
from bot.domain.ports import Clock

SCIM = "/api/2.0/preview/scim/v2"
FRESH_FOR = timedelta(seconds=60)
"""How old an answer may be; after that the workspace is asked again."""

LISTED = 50
"""Members of a group that are looked up by name; who is in it does not depend on that."""


class DatabricksGroups:
    """Implements ``PlatformGroups``; keeps what it read for a minute and never longer."""

    def __init__(self, client: DatabricksClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._read: dict[tuple[str, str], tuple[frozenset[str], datetime]] = {}

    async def groups_of(self, email: str) -> frozenset[str]:
        """Return the groups of whoever has this address; none for a closed or unknown account."""
        address = email.lower()
        return await self._fresh(("person", address), lambda: self._groups_of(address))

    async def members(self, group: str) -> frozenset[str]:
        """Return the addresses of a group's own members, lower case, and of few if it has many."""
        return await self._fresh(("group", group), lambda: self._members(group))

    async def _fresh(
        self, key: tuple[str, str], read: Callable[[], Awaitable[frozenset[str]]]
    ) -> frozenset[str]:
        asked_at = self._clock.now()
        known = self._read.get(key)
        if known is not None and timedelta(0) <= asked_at - known[1] < FRESH_FOR:
            return known[0]
        found = await read()
        self._read[key] = found, asked_at
        return found

    async def _groups_of(self, address: str) -> frozenset[str]:
        found = await self._search("Users", "userName", address, "userName,active,groups")
        with self._client.reading():
            same = [user for user in found if str(user["userName"]).lower() == address]
            groups = {str(g["display"]) for u in same for g in _groups(u) if g.get("display")}
        return frozenset(groups)

    async def _members(self, group: str) -> frozenset[str]:
        found = await self._search("Groups", "displayName", group, "displayName,members")
        with self._client.reading():
            ids = [
                str(member["value"])
                for each in found
                if each["displayName"] == group
                for member in each.get("members") or []
                if str(member.get("$ref", "")).startswith("Users/")
            ]
        people = await asyncio.gather(*(self._address(number) for number in ids[:LISTED]))
        return frozenset(filter(None, people))

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
