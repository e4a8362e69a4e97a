"""How the app is installed in Slack: who it is, what it may do, which channels it is in."""

from collections.abc import Mapping
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.slack_calls import answer_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What Slack says of the bot token."""

    name: str
    team: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A channel as Herald sees it."""

    name: str
    is_member: bool
    is_archived: bool


class SlackInstallation:
    """Asks Slack about the app itself."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def identity(self) -> Installation:
        """Return whose token Herald has, and what it may do."""
        heard: list[Mapping[str, str]] = []

        async def asked() -> AsyncSlackResponse:
            response = await self._client.auth_test()
            heard.append(response.headers)
            return response

        answer = await answer_of("auth.test", asked())
        given = str(heard[0].get("x-oauth-scopes", ""))
        return Installation(
            name=str(answer.get("user", "")),
            team=str(answer.get("team", "")),
            scopes=frozenset(filter(None, map(str.strip, given.split(",")))),
        )

    async def can_link(self, app_token: str) -> None:
        """Ask for a Socket Mode link, which is not used."""
        sent = self._client.apps_connections_open(app_token=app_token)
        await answer_of("apps.connections.open", sent)

    async def place(self, channel: str) -> Place:
        """Return a channel; ``ChannelClosedError`` when Herald cannot see it."""
        sent = self._client.conversations_info(channel=channel)
        found = (await answer_of("conversations.info", sent))["channel"]
        return Place(
            name=str(found.get("name", channel)),
            is_member=bool(found.get("is_member")),
            is_archived=bool(found.get("is_archived")),
        )

    async def has_address(self, email: str) -> bool:
        """Tell whether somebody who is not deactivated has this e-mail address."""
        sent = self._client.users_lookupByEmail(email=email)
        found = (await answer_of("users.lookupByEmail", sent))["user"]
        return not found.get("deleted")
