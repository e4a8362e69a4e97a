"""The flow of ``compare``: from words, or a card's menu, to a table, and into the channel."""

from slack_bolt.async_app import AsyncApp

from bot.domain.commands import Command
from bot.domain.people import Action
from bot.services.compare import Pair
from bot.views.ids import ActionId
from handlers.asked import Asked, Prepared, Row, misused, spare
from handlers.listening import Listeners
from handlers.services import Services
from handlers.sharing import sharing

COMPARE = Command(
    name="compare",
    arguments="NAME [A] [B]",
    help="Compare two versions: by default the challenger with the champion.",
    example="compare scorer @challenger @champion",
    action=Action.READ,
    details="One version alone is compared with the champion; of two, the second with the first.",
)


def _compare(services: Services, asked: Asked) -> Prepared:
    if not asked.words.names:
        return misused(COMPARE, asked, "which model?")
    extra = spare(asked, selectors=2)
    if extra:
        return misused(COMPARE, asked, extra)
    first, second = (*asked.words.selectors, None, None)[:2]
    pair = Pair(model=asked.words.names[0], first=first, second=second)
    return lambda: services.compare.compare(pair, asked.user, asked.channel)


ROWS = (Row(command=COMPARE, prepare=_compare),)


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Register what a comparison's buttons do."""
    share = sharing(
        listeners.homes,
        lambda services, click: services.compare.again(click.key, click.user_id, click.channel_id),
        lambda services, channel, seen: services.voice.share(channel, seen),
    )
    app.action(ActionId.SHARE)(listeners.on_click(share))
