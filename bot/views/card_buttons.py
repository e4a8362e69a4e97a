"""The buttons that a change request's card has in each state."""

from collections.abc import Iterator

from slack_sdk.models.blocks import ButtonElement, InteractiveElement, Option, OverflowMenuElement

from bot.domain.change_request import ChangeRequest, RequestState
from bot.domain.messages import RequestCard
from bot.domain.names import CardKey
from bot.domain.plan import Plan
from bot.domain.policy import ChangeKind
from bot.views.blocks import actions, ask_first, button
from bot.views.changes import as_before
from bot.views.ids import ActionId, MoreOption
from bot.views.message import Block
from bot.views.modals import CANCEL_QUESTION
from bot.views.texts import escape, listed

_LABELS = {
    MoreOption.DETAILS: "Details",
    MoreOption.COMPARE: "Compare",
    MoreOption.CANCEL: "Cancel the request…",
}


def card_buttons(card: RequestCard) -> list[Block]:
    """Return the buttons that still apply, in the order of likely use."""
    return actions(card.key, list(_buttons(card.request, card.key, card)))


def _buttons(
    request: ChangeRequest, key: CardKey, card: RequestCard
) -> Iterator[InteractiveElement]:
    match request.state:
        case RequestState.PENDING:
            yield button("Approve", ActionId.APPROVE, key, is_primary=True)
            yield button("Reject…", ActionId.REJECT, key)
            yield _more(*MoreOption)
        case RequestState.APPROVED | RequestState.QUEUED:
            yield _details(key)
            yield _cancel(request, key)
        case RequestState.PAUSED:
            yield button("Go on", ActionId.RESUME, key)
            yield _undo(request, key)
            yield _details(key)
        case RequestState.EXECUTING | RequestState.WAITING:
            yield _undo(request, key)
            yield _details(key)
        case RequestState.SUCCEEDED:
            if _has_way_back(card):
                yield _roll_back(request, key)
            yield _details(key)
        case _:
            yield _details(key)


def _details(key: CardKey) -> ButtonElement:
    return button("Details", ActionId.DETAILS, key)


def _cancel(request: ChangeRequest, key: CardKey) -> ButtonElement:
    question = CANCEL_QUESTION.format(request.label)
    confirm = ask_first(f"Cancel {request.label}", question, "Cancel it")
    return button("Cancel…", ActionId.CANCEL, key, confirm=confirm)


def _undo(request: ChangeRequest, key: CardKey) -> ButtonElement:
    before = as_before(request.evidence.plan, request.alias)
    question = f"Take back what {request.label} has changed so far? Then {escape(before)}."
    return button("Undo…", ActionId.UNDO, key, confirm=ask_first("Undo", question, "Undo"))


def _roll_back(request: ChangeRequest, key: CardKey) -> ButtonElement:
    plan = request.evidence.plan
    title = f"Roll back to v{plan.way_back}"
    confirm = ask_first(title, f"{_question(request, plan)} This asks for a rollback.", "Roll back")
    return button(f"{title}…", ActionId.ROLL_BACK, key, confirm=confirm)


def _question(request: ChangeRequest, plan: Plan) -> str:
    places = [request.alias, *(change.endpoint for change in plan.endpoints)]
    return f"Roll back {escape(listed([f'{place} to v{plan.way_back}' for place in places]))}?"


def _has_way_back(card: RequestCard) -> bool:
    """Tell whether a rollback can be offered: only what is champion still has one."""
    is_champion = card.is_of_champion and card.replaced_by is None
    back = card.request.evidence.plan.way_back
    return is_champion and card.request.kind is ChangeKind.PROMOTE and back is not None


def _more(*choices: MoreOption) -> OverflowMenuElement:
    options = [Option(value=choice, text=_LABELS[choice]) for choice in choices]
    return OverflowMenuElement(action_id=ActionId.MORE, options=options)
