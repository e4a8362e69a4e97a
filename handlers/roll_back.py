"""The flow of ``rollback``: from words, or a finished card's button, to a request."""

from slack_bolt.async_app import AsyncApp

from bot.domain.commands import Command
from bot.domain.people import Action
from bot.domain.refusal import Refusal
from bot.services.roll_back import RollbackAsk
from bot.views.ids import ActionId
from bot.views.render import Answer
from handlers.asked import HOMELESS, Asked, Prepared, Row, misused, spare
from handlers.listening import Listeners
from handlers.payloads import ButtonClick
from handlers.services import Services
from handlers.words import selector_of

ROLLBACK = Command(
    name="rollback",
    arguments="NAME [to VERSION] [because …]",
    help="Ask for the champion before this one, or an earlier one, to be champion again.",
    example="rollback scorer because false alarms since noon",
    action=Action.ROLL_BACK,
    details="Only former champions: nothing untested comes in by this door.",
)


def _rollback(services: Services, asked: Asked) -> Prepared:
    words = asked.words
    if not words.names:
        return misused(ROLLBACK, asked, "which model?")
    extra = spare(asked, selectors=1, to=1)
    if extra:
        return misused(ROLLBACK, asked, extra)
    selectors = [*words.selectors, *map(selector_of, words.to)]
    if len(selectors) > 1 or not all(isinstance(selector, int) for selector in selectors):
        return misused(ROLLBACK, asked, "to which version number?")
    if not asked.home:
        return HOMELESS
    version = next((s for s in selectors if isinstance(s, int)), None)
    ask = RollbackAsk(
        model=words.names[0],
        version=version,
        requester=asked.user,
        channel=asked.home,
        reason=words.reason,
    )
    return lambda: services.roll_back.roll_back(ask)


ROWS = (Row(command=ROLLBACK, prepare=_rollback),)


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Register what *Roll back* on a finished card does."""
    app.action(ActionId.ROLL_BACK)(listeners.on_click(_from_card))


async def _from_card(services: Services, click: ButtonClick) -> Answer | None:
    details = await services.requests.behind(click.key, click.user_id)
    if isinstance(details, Refusal):
        return details
    request = details.card.request
    ask = RollbackAsk(
        model=request.model,
        version=request.evidence.plan.way_back,
        requester=click.user_id,
        channel=request.channel,
        reason=f"asked for on the card of {request.label}",
    )
    return await services.roll_back.roll_back(ask)
