"""The ways by which Slack reaches the listeners."""

import logging

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack_links import SlackLinks
from bot.domain.names import ChannelId
from bot.settings import Settings
from bot.wiring import Core
from handlers.commands import register
from handlers.desk import Desk
from handlers.lines import Lines, Naming
from handlers.listening import Homes, Listeners

bolt_log = logging.getLogger("herald.bolt")


def links_of(settings: Settings, client: AsyncWebClient, core: Core, desk: Desk) -> SlackLinks:
    """Return the ways in, closed as yet, with every listener behind them."""
    token = settings.slack_bot_token.get_secret_value()

    async def authorize() -> AuthorizeResult:
        """Answer from memory: a look-up before each acknowledgement would delay it."""
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

    # Bolt warns of the token in the environment, which it does not need here.
    bolt_log.setLevel(logging.ERROR)
    app = AsyncApp(
        client=client, authorize=authorize, process_before_response=True, logger=bolt_log
    )
    homes = Homes(releases_channel=ChannelId(settings.releases_channel))
    lines = Lines(core.services, desk, Naming(slash=settings.command, homes=homes))
    register(app, Listeners(core.services, desk, homes), lines, core.ids, settings.command)
    return SlackLinks(app, settings.slack_app_token.get_secret_value())
