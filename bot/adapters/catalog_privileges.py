"""What people hold on models in Unity Catalog."""

import asyncio
from collections.abc import Iterable

from bot.adapters.databricks_client import DatabricksClient, Json
from bot.adapters.registry_reading import every_page
from bot.domain.errors import NotFoundError
from bot.domain.names import ModelName

CATALOG = "/api/2.1/unity-catalog"
USERS = "/api/2.0/preview/scim/v2/Users"

OWNER = "OWNER"
EVERYBODY = "account users"
"""The group of every user of the account, which SCIM does not list among a user's groups."""


class CatalogPrivileges:
    """Adds up what is granted to a person and to his groups, on the model and what holds it.

    Ownership is no grant: the model itself names its owner. A model is a securable of the type
    ``FUNCTION``.
    """

    def __init__(self, client: DatabricksClient) -> None:
        self._client = client

    async def privileges(self, email: str, model: ModelName) -> frozenset[str] | None:
        """Return what a person holds on a model; ``NotFoundError`` for an unknown one."""
        place = self._client.segment(model)
        names, granted, owner = await asyncio.gather(
            self._names(email), self._granted(place), self._owner(place)
        )
        held = {privilege for principal, privilege in granted if principal in names}
        return frozenset(held | ({OWNER} if owner in names else set()))

    async def _names(self, email: str) -> frozenset[str]:
        """Return the names under which a person can hold something; none for a closed account."""
        if '"' in email or "\\" in email:
            raise NotFoundError(self._client.name, f"nobody is called {email}")
        query = {"filter": f'userName eq "{email}"', "attributes": "userName,active,groups"}
        answer = await self._client.get(USERS, query)
        with self._client.reading():
            found = [u for u in answer.get("Resources") or [] if _same(u["userName"], email)]
            if not found:
                raise NotFoundError(self._client.name, f"the workspace has no user {email}")
            groups = {g["display"] for g in found[0].get("groups") or [] if g.get("display")}
            is_open = found[0].get("active") is not False
        return frozenset({email.lower(), EVERYBODY, *groups}) if is_open else frozenset()

    async def _granted(self, place: str) -> list[tuple[str, str]]:
        """Return principals with what each holds. Pages may be empty and not be the last."""

        async def page(token: str) -> tuple[list[Json], str]:
            query = {"max_results": 0, **({"page_token": token} if token else {})}
            path = f"{CATALOG}/effective-permissions/FUNCTION/{place}"
            answer = await self._client.get(path, query)
            with self._client.reading():
                found = list(answer.get("privilege_assignments") or [])
                return found, str(answer.get("next_page_token") or "")

        assignments = await every_page(self._client.name, page)
        with self._client.reading():
            return [pair for assignment in assignments for pair in _pairs(assignment)]

    async def _owner(self, place: str) -> str:
        answer = await self._client.get(f"{CATALOG}/models/{place}")
        return _principal(str(answer.get("owner") or ""))


def _pairs(assignment: Json) -> Iterable[tuple[str, str]]:
    for held in assignment.get("privileges") or []:
        if held.get("privilege"):
            yield _principal(assignment["principal"]), str(held["privilege"]).upper()


def _principal(name: str) -> str:
    """Return a principal's name as it is compared: people's addresses know no case."""
    return name.lower() if "@" in name else name


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()
