"""The flows of change requests: lists, details, decisions on the card, and their resolution."""

from slack_bolt.async_app import AsyncApp

from bot.domain.agreement import DecisionKind
from bot.domain.commands import Command
from bot.domain.errors import BackEndError
from bot.domain.messages import Note, RequestDetails
from bot.domain.names import RequestId, parse_request_label, shown_word
from bot.domain.people import Action
from bot.domain.refusal import Refusal
from bot.services.compare import Pair
from bot.services.decide import ReasonAsk
from bot.services.opened_card import Click, OpenedCard
from bot.views.details_modal import details_modal
from bot.views.ids import ActionId, BlockId, CallbackId, MoreOption
from bot.views.modals import (
    approve_modal,
    cancel_modal,
    failed_modal,
    loading_modal,
    reject_modal,
)
from bot.views.refusals import plain_text
from bot.views.render import Answer
from handlers.asked import Asked, Prepared, Row, misused, spare
from handlers.errors import refused_by
from handlers.listening import QUESTION, Listeners
from handlers.payloads import ButtonClick, Submission
from handlers.services import Services
from handlers.words import selector_text

REQUESTS = Command(
    name="requests",
    arguments="[mine|waiting|all]",
    help="List change requests: yours, those that wait for your decision, or all.",
    example="requests waiting",
    action=Action.READ,
)
REQUEST = Command(
    name="request",
    arguments="CR-n",
    help="Show everything about one change request.",
    example="request CR-7",
    action=Action.READ,
)
RESOLVE = Command(
    name="resolve",
    arguments="CR-n because …",
    help="Close a request that Herald could not finish, after looking at what stands.",
    example="resolve CR-7 because the endpoint was mended by hand",
    action=Action.RESOLVE,
)
SCOPES = ("mine", "waiting", "all")


def _requests(services: Services, asked: Asked) -> Prepared:
    scope = next((word.lower() for word in asked.words.names), "all")
    if scope not in SCOPES or spare(asked):
        return misused(REQUESTS, asked, f"only one of {', '.join(SCOPES)} may follow")
    return lambda: services.requests.listed(scope, asked.user)


def _request(services: Services, asked: Asked) -> Prepared:
    number = _number(asked)
    if number is None:
        return misused(REQUEST, asked, _which_request(asked))
    return lambda: services.requests.details(number, asked.user)


def _resolve(services: Services, asked: Asked) -> Prepared:
    number = _number(asked)
    if number is None:
        return misused(RESOLVE, asked, _which_request(asked))
    return lambda: services.resolve.resolve(number, asked.user, asked.words.reason)


def _number(asked: Asked) -> RequestId | None:
    """Return the one request that is named, or None when there is none or more than one."""
    words = _named(asked)
    return parse_request_label(words[0]) if len(words) == 1 else None


def _which_request(asked: Asked) -> str:
    words = _named(asked)
    told = f"'{shown_word(words[0])}' is no request; " if len(words) == 1 else ""
    return f"{told}which request?"


def _named(asked: Asked) -> list[str]:
    return [*asked.words.names, *map(selector_text, asked.words.selectors), *asked.words.to]


ROWS = (
    Row(command=REQUESTS, prepare=_requests),
    Row(command=REQUEST, prepare=_request),
    Row(command=RESOLVE, prepare=_resolve),
)


def register(app: AsyncApp, listeners: Listeners) -> None:
    """Register what the buttons and the menu of a request's card do."""
    app.action(ActionId.APPROVE)(listeners.on_decision(_approve))
    app.action(ActionId.REJECT)(listeners.on_click(_ask_why_not))
    app.view(CallbackId.REJECT)(listeners.on_submission(_reject))
    app.view(CallbackId.APPROVE)(listeners.on_submission(_approve_because))
    app.view(CallbackId.CANCEL)(listeners.on_submission(_cancel_surely, QUESTION))
    app.action(ActionId.CANCEL)(listeners.on_decision(_cancel))
    app.action(ActionId.UNDO)(listeners.on_decision(_undo))
    app.action(ActionId.RESUME)(listeners.on_decision(_resume))
    app.action(ActionId.DETAILS)(listeners.on_click(_details))
    app.action(ActionId.COMPARE)(listeners.on_click(_compare))
    app.action(ActionId.MORE)(listeners.on_click(_more))


async def _approve(services: Services, click: ButtonClick) -> Answer | None:
    """Count the approval, or ask for its reason where the policy wants one."""
    asked = await services.decide.ask_reason(_click(click), DecisionKind.APPROVE)
    if asked is None:
        return await services.decide.decide(_click(click), DecisionKind.APPROVE)
    if isinstance(asked, ReasonAsk):
        modal = approve_modal(click.key, asked.label)
        await services.modals.open(click.trigger_id, modal)
        return None
    return asked


async def _ask_why_not(services: Services, click: ButtonClick) -> Answer | None:
    """Ask for the reason, unless there is nothing left to reject."""
    asked = await services.decide.ask_reason(_click(click), DecisionKind.REJECT)
    if not isinstance(asked, ReasonAsk):
        return asked
    modal = reject_modal(click.key, asked.label, asked.others)
    await services.modals.open(click.trigger_id, modal)
    return None


async def _approve_because(services: Services, sent: Submission) -> Answer | None:
    reason = sent.typed(BlockId.REASON, ActionId.REASON)
    click = Click(key=sent.key, user=sent.user_id, reason=reason)
    return await services.decide.decide(click, DecisionKind.APPROVE)


async def _reject(services: Services, sent: Submission) -> Answer | None:
    reason = sent.typed(BlockId.REASON, ActionId.REASON)
    click = Click(key=sent.key, user=sent.user_id, reason=reason)
    return await services.decide.decide(click, DecisionKind.REJECT)


async def _cancel(services: Services, click: ButtonClick) -> Answer | None:
    return await services.withdraw.cancel(_click(click))


async def _ask_to_cancel(services: Services, click: ButtonClick) -> Answer | None:
    """Ask first: a menu's choice is one slip of the hand, and nobody takes it back."""
    asked = await services.withdraw.ask(_click(click))
    if not isinstance(asked, OpenedCard):
        return asked
    await services.modals.open(click.trigger_id, cancel_modal(click.key, asked.request.label))
    return None


async def _cancel_surely(services: Services, sent: Submission) -> Answer | None:
    return await services.withdraw.cancel(Click(key=sent.key, user=sent.user_id))


async def _undo(services: Services, click: ButtonClick) -> Answer | None:
    return await services.withdraw.undo(_click(click))


async def _resume(services: Services, click: ButtonClick) -> Answer | None:
    return await services.withdraw.resume(_click(click))


async def _more(services: Services, click: ButtonClick) -> Answer | None:
    flows = {
        MoreOption.DETAILS: _details,
        MoreOption.COMPARE: _compare,
        MoreOption.CANCEL: _ask_to_cancel,
    }
    if click.choice not in set(MoreOption):
        return Note(text="Herald does not know this choice. Nothing was done.")
    return await flows[MoreOption(click.choice)](services, click)


async def _details(services: Services, click: ButtonClick) -> Answer | None:
    """Open a modal while the trigger lives, then fill it."""
    view = await services.modals.open(click.trigger_id, loading_modal("Details"))
    details = await _behind(services, click)
    if isinstance(details, Refusal):
        await services.modals.update(view, failed_modal("Details", plain_text(details)))
    else:
        await services.modals.update(view, details_modal(details))
    return None


async def _behind(services: Services, click: ButtonClick) -> RequestDetails | Refusal:
    try:
        return await services.requests.behind(click.key, click.user_id)
    except BackEndError as error:
        return refused_by(error)


async def _compare(services: Services, click: ButtonClick) -> Answer | None:
    details = await services.requests.behind(click.key, click.user_id)
    if isinstance(details, Refusal):
        return details
    request = details.card.request
    back = request.evidence.plan.way_back
    if back is None:
        return Note(text=f"{request.label} is a first release: there is nothing to compare with.")
    pair = Pair(model=request.model, first=back, second=request.version)
    return await services.compare.compare(pair, click.user_id, click.channel_id)


def _click(click: ButtonClick) -> Click:
    return Click(key=click.key, user=click.user_id)
