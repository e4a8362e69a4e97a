"""What somebody is told who shares something in a channel."""

from collections.abc import Awaitable

from bot.domain.errors import BackEndUnavailableError, ChannelClosedError, RateLimitedError
from bot.domain.messages import Note
from bot.domain.refusal import Refusal


async def told_of_sharing(posting: Awaitable[object]) -> Note | Refusal:
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
