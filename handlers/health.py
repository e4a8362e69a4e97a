"""The flows of ``endpoints``, ``endpoint`` and ``health``: how what is served does."""

from slack_bolt.async_app import AsyncApp

from bot.domain.commands import Command
from bot.domain.people import Action
from bot.views.ids import ActionId
from handlers.asked import Asked, Prepared, Row, misused, spare
from handlers.listening import Listeners
from handlers.services import Services
from handlers.sharing import sharing
from handlers.words import selector_text

ENDPOINTS = Command(
    name="endpoints",
    arguments="[WORDS]",
    help="List the serving endpoints: state, what they serve, and where that is not the champion.",
    example="endpoints fraud",
    action=Action.READ,
)
ENDPOINT = Command(
    name="endpoint",
    arguments="NAME",
    help="Show an endpoint: entities, traffic, update, champion and its last minute.",
    example="endpoint fraud-scorer",
    action=Action.READ,
    details="The end of a name is enough when only one endpoint has it.",
)

HEALTH = Command(
    name="health",
    arguments="[WORDS]",
    help="Show how endpoints did in the last day, and which of them need a look.",
    example="health fraud",
    action=Action.READ,
)


def _endpoints(services: Services, asked: Asked) -> Prepared:
    words = _every_word(asked)
    return lambda: services.endpoints.listed(words, asked.user)


def _endpoint(services: Services, asked: Asked) -> Prepared:
    if not asked.words.names:
        return misused(ENDPOINT, asked, "which endpoint?")
    extra = spare(asked)
    if extra:
        return misused(ENDPOINT, asked, extra)
    return lambda: services.endpoints.one(asked.words.names[0], asked.user)


def _every_word(asked: Asked) -> tuple[str, ...]:
    given = asked.words
    return (*given.names, *map(selector_text, given.selectors), *filter(None, given.to))


def _health(services: Services, asked: Asked) -> Prepared:
    words = _every_word(asked)
    return lambda: services.health.report(words, asked.user)


ROWS = (
    Row(command=ENDPOINTS, prepare=_endpoints),
    Row(command=ENDPOINT, prepare=_endpoint),
    Row(command=HEALTH, prepare=_health),
)


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Register what a report's button does."""
    share = sharing(
        listeners.homes,
        lambda services, click: services.health.again(click.key, click.user_id),
        lambda services, channel, report: services.board.post_health(channel, report, ""),
    )
    app.action(ActionId.SHARE_HEALTH)(listeners.on_click(share))
