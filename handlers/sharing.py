"""The flow of buttons that share something in a channel."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.domain.errors import BackEndUnavailableError, ChannelClosedError, RateLimitedError
from bot.domain.messages import Note
from bot.domain.names import ChannelId
from bot.domain.refusal import Refusal
from bot.views.render import Answer
from handlers.listening import ClickFlow, Homes
from handlers.payloads import ButtonClick
from handlers.services import Services

NOWHERE = Note(text="There is no channel to share it in. Ask for it in the team's channel.")


Seen = TypeVar("Seen")


def sharing(
    homes: Homes,
    again: Callable[[Services, ButtonClick], Awaitable[Seen | Refusal]],
    post: Callable[[Services, ChannelId, Seen], Awaitable[object]],
) -> ClickFlow:
    """Return the flow of a button that shows in the channel what somebody was shown alone.

    It is read anew. What was asked in a private talk goes to the releases' channel.
    """

    async def share(services: Services, click: ButtonClick) -> Answer | None:
        channel = homes.of(click.channel_id)
        if not channel:
            return NOWHERE
        seen = await again(services, click)
        if isinstance(seen, Refusal):
            return seen
        return await _told(post(services, channel, seen))

    return share


async def _told(posting: Awaitable[object]) -> Note | Refusal:
    """Return whether something was posted, as far as that is known."""
    try:
        await posting
    except ChannelClosedError as closed:
        return Refusal(
            what="It was not shared: Herald cannot post in this channel",
            reasons=(closed.detail,),
            remedies=("Type `/invite @Herald` there, then share it again",),
        )
    except RateLimitedError:
        raise
    except BackEndUnavailableError as error:
        return Refusal(
            what="Nobody knows whether it was shared: Slack did not answer",
            reasons=(error.detail,),
            remedies=("Look into the channel before you share it again",),
            is_trouble=True,
        )
    return Note(text="Shared in the channel.")
