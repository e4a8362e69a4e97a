"""The flow of ``compliance``: from words to a report, and into the channel."""

from slack_bolt.async_app import AsyncApp

from bot.domain.commands import Command
from bot.domain.people import Action
from bot.views.ids import ActionId
from handlers.asked import Asked, Prepared, Row, misused, spare
from handlers.listening import Listeners
from handlers.services import Services
from handlers.sharing import sharing

COMPLIANCE = Command(
    name="compliance",
    arguments="NAME [VERSION|@ALIAS]",
    help="Report whether a version has all that auditors ask for, and keep the report.",
    example="compliance scorer 7",
    action=Action.READ,
    details=(
        "Description, model card, requirements, tests, approvals, documentation and validation "
        "of the champion, or of the newest version where there is none. The report is also "
        "written as `compliance/report.json` among the artifacts of the version's run."
    ),
)


def _compliance(services: Services, asked: Asked) -> Prepared:
    if not asked.words.names:
        return misused(COMPLIANCE, asked, "which model?")
    extra = spare(asked, selectors=1)
    if extra:
        return misused(COMPLIANCE, asked, extra)
    selector = asked.words.selectors[0] if asked.words.selectors else None
    return lambda: services.compliance.report(asked.words.names[0], selector, asked.user)


ROWS = (Row(command=COMPLIANCE, prepare=_compliance),)


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Register what a report's button does."""
    share = sharing(
        listeners.homes,
        lambda services, click: services.compliance.again(click.key, click.user_id),
        lambda services, channel, report: services.voice.announce(channel, report),
    )
    app.action(ActionId.SHARE_COMPLIANCE)(listeners.on_click(share))
