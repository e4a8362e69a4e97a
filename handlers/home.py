"""The flow of the home tab: drawn anew whenever somebody opens or refreshes it."""

import logging
from typing import Any

from pydantic import ValidationError
from slack_bolt.async_app import AsyncApp

from bot.domain.errors import BackEndError
from bot.domain.messages import Addressee
from bot.domain.names import ChannelId, SlackUserId
from bot.views.home import home_tab
from bot.views.ids import ActionId
from bot.views.render import Answer
from handlers.errors import refused_by
from handlers.listening import Listeners
from handlers.payloads import ButtonClick, HomeOpened
from handlers.services import Services

log = logging.getLogger(__name__)


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Register the home tab and its *Refresh*."""
    app.event("app_home_opened")(_Opened(listeners).listen)
    app.action(ActionId.REFRESH_HOME)(listeners.on_click(_refresh))


class _Opened:
    """Listens to people who open the tab; Bolt acknowledges events by itself."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners

    async def listen(self, body: dict[str, Any]) -> None:
        """Begin to draw the tab."""
        try:
            opened = HomeOpened.model_validate(body).event
        except ValidationError:
            log.warning("an opened home tab of unknown shape was ignored")
            return
        if opened.tab != "home":
            return
        services, asker = self._listeners.services, opened.user
        to = Addressee(user=asker, channel=ChannelId(""))
        self._listeners.desk.take(lambda: _draw(services, asker), to)


async def _refresh(services: Services, click: ButtonClick) -> Answer | None:
    return await _draw(services, click.user_id)


async def _draw(services: Services, user: SlackUserId) -> Answer | None:
    try:
        sheet = await services.home.of(user)
    except BackEndError as error:
        sheet = refused_by(error)
    await services.home_tabs.publish(user, home_tab(sheet))
    return None
