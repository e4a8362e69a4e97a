"""The people and groups of the workspace, as SCIM shows them."""

import re

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.databricks.bodies import JsonObject
from bot.sandbox.databricks.errors import invalid, not_found
from bot.sandbox.databricks.grants import PRINCIPAL

HOME_DOMAIN = "@acme.example"
SCIM = "/api/2.0/preview/scim/v2"
_PRINCIPAL = "urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal"
_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
CALLER = "herald-bot"
_EQUALS = re.compile(r'(\w+) eq "([^"\\]*)"')


class Member(BaseModel):
    """A person from now on; every address of the demo company is a person in no group."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: str
    groups: tuple[str, ...] = ()
    active: bool = True


class Directory:
    """Answers who is in the workspace, and in which groups.

    Who is in which group is shown to admins of the workspace alone; the caller is one at first.
    """

    def __init__(self) -> None:
        self._members: dict[str, Member] = {}
        self._nested: dict[str, str] = {}
        self.is_admin = True

    def put(self, member: Member) -> None:
        """Add a person, or change him."""
        self._members[member.email.lower()] = member

    def nest(self, group: str, into: str) -> None:
        """Put a group into another one, whose people its own are from now on."""
        self._nested[group] = into

    def listed(self) -> list[JsonObject]:
        """Return whoever was put in."""
        return [member.model_dump() for member in self._members.values()]

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(f"{SCIM}/Me", self._me, methods=["GET"]),
            Route(f"{SCIM}/Users", self._users, methods=["GET"]),
            Route(f"{SCIM}/Users/{{number}}", self._user, methods=["GET"]),
            Route(f"{SCIM}/Groups", self._groups, methods=["GET"]),
        ]

    async def _me(self, _: Request) -> Response:
        groups = ("users", "admins") if self.is_admin else ("users",)
        return JSONResponse(
            {
                "schemas": [_PRINCIPAL],
                "id": "7060504030201",
                "userName": PRINCIPAL,
                "applicationId": PRINCIPAL,
                "displayName": CALLER,
                "active": True,
                "emails": [{"type": "work", "value": f"{CALLER}{HOME_DOMAIN}", "primary": True}],
                "groups": [_named(group) for group in groups],
            }
        )

    async def _users(self, request: Request) -> Response:
        asked = _asked(request, "userName")
        member = self._members.get(asked.lower())
        if member is None and asked.lower().endswith(HOME_DOMAIN):
            member = Member(email=asked)
        return _listed([self._user_of(member)] if member else [])

    async def _user(self, request: Request) -> Response:
        number = request.path_params["number"]
        member = next((m for m in self._members.values() if _id(m.email) == number), None)
        if member is None:
            raise not_found(f"there is no user {number}")
        return JSONResponse(self._user_of(member))

    def _user_of(self, member: Member) -> JsonObject:
        outer = [self._nested[group] for group in member.groups if group in self._nested]
        return self._shown(_user(member, outer), "groups")

    async def _groups(self, request: Request) -> Response:
        asked = _asked(request, "displayName")
        members = [m for m in self._members.values() if asked in m.groups]
        inner = [group for group, outer in self._nested.items() if outer == asked]
        found = [_group(asked, members, inner)] if members or inner else []
        return _listed([self._shown(each, "members") for each in found])

    def _shown(self, resource: JsonObject, admins_only: str) -> JsonObject:
        hidden = set() if self.is_admin else {admins_only}
        return {key: value for key, value in resource.items() if key not in hidden}


def _asked(request: Request, attribute: str) -> str:
    found = _EQUALS.fullmatch(request.query_params.get("filter", ""))
    if found is None or found[1] != attribute:
        raise invalid(f'the double takes filters of the form {attribute} eq "…"')
    return found[2]


def _listed(resources: list[JsonObject]) -> Response:
    count = len(resources)
    head = {"totalResults": count, "startIndex": 1, "itemsPerPage": count, "schemas": [_LIST]}
    return JSONResponse({**head, "Resources": resources} if resources else head)


def _id(name: str) -> str:
    """Return a number that stays the same for a name."""
    return str(1000 + sum(place * ord(letter) for place, letter in enumerate(name.lower(), 1)))


def _named(group: str, kind: str = "direct") -> JsonObject:
    return {"display": group, "value": _id(group), "type": kind}


def _user(member: Member, outer: list[str]) -> JsonObject:
    groups = [_named(group) for group in member.groups]
    groups += [_named(group, "indirect") for group in outer]
    return {
        "schemas": [_USER],
        "id": _id(member.email),
        "userName": member.email,
        "emails": [{"type": "work", "value": member.email, "primary": True}],
        "active": member.active,
        **({"groups": groups} if groups else {}),
    }


def _group(name: str, members: list[Member], inner: list[str]) -> JsonObject:
    people = [("Users", member.email) for member in members]
    return {
        "schemas": [_GROUP],
        "id": _id(name),
        "displayName": name,
        "members": [
            {"display": each, "value": _id(each), "$ref": f"{kind}/{_id(each)}"}
            for kind, each in [*people, *(("Groups", group) for group in inner)]
        ],
    }
