"""The one way from an answer to the message that shows it."""

from typing import assert_never

from bot.domain.automatic import AutomaticState
from bot.domain.commands import Help
from bot.domain.compliance import ComplianceReport
from bot.domain.freezing import FreezeList, FreezeNews, Frozen
from bot.domain.health import EndpointList, EndpointSheet, HealthReport
from bot.domain.messages import (
    CheckReport,
    Comparison,
    Filed,
    ModelList,
    ModelSheet,
    Note,
    RequestCard,
    RequestDetails,
    RequestList,
    RoleSheet,
    WhoAmI,
)
from bot.domain.refusal import Refusal
from bot.views.automatic import automatic_message
from bot.views.check_report import check_message
from bot.views.comparison import comparison_message
from bot.views.compliance import compliance_message
from bot.views.endpoint_list import endpoint_list_message
from bot.views.endpoint_sheet import endpoint_sheet_message
from bot.views.filed import filed_message
from bot.views.freezes import freeze_list_message, freeze_news_message, frozen_message
from bot.views.health_digest import health_message
from bot.views.help import help_message
from bot.views.message import Message
from bot.views.model_list import model_list_message
from bot.views.model_sheet import model_sheet_message
from bot.views.refusals import note_message, refusal_message
from bot.views.request_card import request_card
from bot.views.request_details import request_details_message
from bot.views.request_list import request_list_message
from bot.views.who_am_i import access_message

Reading = (
    Comparison | ModelSheet | ModelList | CheckReport | RequestList | WhoAmI | RoleSheet | Help
)
Report = EndpointList | EndpointSheet | HealthReport | ComplianceReport
Holds = Frozen | FreezeNews | FreezeList | AutomaticState
Answer = Reading | Report | Holds | RequestCard | RequestDetails | Filed | Note | Refusal


def render(answer: Answer) -> Message:
    """Return the message that shows an answer."""
    match answer:
        case RequestCard():
            message = request_card(answer)
        case RequestDetails():
            message = request_details_message(answer)
        case Filed():
            message = filed_message(answer)
        case Note():
            message = note_message(answer)
        case Refusal():
            message = refusal_message(answer)
        case EndpointList() | EndpointSheet() | HealthReport() | ComplianceReport():
            message = _report(answer)
        case Frozen() | FreezeNews() | FreezeList() | AutomaticState():
            message = _holds(answer)
        case _:
            message = _reading(answer)
    return message


def _report(answer: Report) -> Message:
    match answer:
        case EndpointList():
            message = endpoint_list_message(answer)
        case EndpointSheet():
            message = endpoint_sheet_message(answer)
        case HealthReport():
            message = health_message(answer)
        case ComplianceReport():
            message = compliance_message(answer)
        case other:
            assert_never(other)
    return message


def _holds(answer: Holds) -> Message:
    match answer:
        case Frozen():
            message = frozen_message(answer)
        case FreezeNews():
            message = freeze_news_message(answer)
        case FreezeList():
            message = freeze_list_message(answer)
        case AutomaticState():
            message = automatic_message(answer)
        case other:
            assert_never(other)
    return message


def _reading(answer: Reading) -> Message:
    match answer:
        case Comparison():
            message = comparison_message(answer)
        case ModelSheet():
            message = model_sheet_message(answer)
        case ModelList():
            message = model_list_message(answer)
        case CheckReport():
            message = check_message(answer)
        case RequestList():
            message = request_list_message(answer)
        case WhoAmI() | RoleSheet():
            message = access_message(answer)
        case Help():
            message = help_message(answer)
        case other:
            assert_never(other)
    return message
