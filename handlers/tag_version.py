"""The flow of *Tag v7 as 1.3.0*: from a check to the registry."""

from slack_bolt.async_app import AsyncApp

from bot.views.ids import ActionId
from bot.views.render import Answer
from handlers.listening import Listeners
from handlers.payloads import ButtonClick
from handlers.services import Services


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Register the button."""
    app.action(ActionId.TAG)(listeners.on_click(_tag))


async def _tag(services: Services, click: ButtonClick) -> Answer | None:
    return await services.tag_version.tag(click.key, click.user_id)
