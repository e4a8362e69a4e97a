"""The ways by which Slack reaches the listeners."""

import logging
from collections.abc import Callable
from typing import Protocol, assert_never

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.meter import Heard, not_counted
from bot.adapters.slack_http import SlackHttp
from bot.adapters.slack_links import SlackLinks
from bot.domain.names import ChannelId
from bot.settings import Mode, Settings
from bot.wiring import Core
from handlers.commands import register
from handlers.desk import Desk
from handlers.entrance import Entrance
from handlers.lines import Lines, Naming
from handlers.listening import Homes, Listeners

bolt_log = logging.getLogger("herald.bolt")


class WayIn(Protocol):
    """A way for Slack's payloads."""

    async def open(self, on_up: Callable[[], None]) -> None:
        """Begin to take payloads; ``on_up`` is called when Slack can be heard."""

    async def up(self) -> int:
        """Return on how many ways Slack is heard now."""

    async def close(self) -> None:
        """Let what is in hand be acknowledged, then take nothing more."""


def links_of(
    settings: Settings,
    client: AsyncWebClient,
    core: Core,
    desk: Desk,
    acked: Heard = not_counted,
) -> WayIn:
    """Return the way in, closed as yet, with every listener behind it."""
    app = _app(settings.slack_bot_token.get_secret_value(), client, acked)
    homes = Homes(releases_channel=ChannelId(settings.releases_channel))
    lines = Lines(core.services, desk, Naming(slash=settings.command, homes=homes))
    register(app, Listeners(core.services, desk, homes), lines, core.ids, settings.command)
    return _way_in(settings, app)


def _app(token: str, client: AsyncWebClient, acked: Heard) -> AsyncApp:
    async def authorize() -> AuthorizeResult:
        """Answer from memory: a look-up before each acknowledgement would delay it."""
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

    # Bolt warns of the token in the environment, which it does not need here.
    bolt_log.setLevel(logging.ERROR)
    return Entrance(client, authorize, bolt_log, acked)


def _way_in(settings: Settings, app: AsyncApp) -> WayIn:
    match settings.mode:
        case Mode.SOCKET:
            return SlackLinks(app, settings.slack_app_token.get_secret_value())
        case Mode.HTTP:
            secret = settings.slack_signing_secret.get_secret_value()
            return SlackHttp(app, secret, settings.http_host, settings.http_port)
        case unknown:
            assert_never(unknown)
