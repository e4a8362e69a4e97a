"""The public card of a change request, in each of its states."""

from collections.abc import Iterator

from bot.domain.change_request import NOT_BEGUN, UNDER_WAY, ChangeRequest, RequestState
from bot.domain.messages import RequestCard
from bot.views import outcomes
from bot.views.approvals import agreement_lines, reasons_given, void_approvals
from bot.views.blocks import grey, table
from bot.views.card_buttons import card_buttons
from bot.views.changes import change_lines
from bot.views.finished_card import finished
from bot.views.headlines import headline
from bot.views.message import Block, Message
from bot.views.notes import told_note
from bot.views.progress import progress
from bot.views.refusals import TEXT_LIMIT
from bot.views.rich import bold, bullets, marked, paragraph, quote, rich
from bot.views.texts import Glyph, code, duration, escape, mention, shorten, when

SHOWN_DIFFERENCES = 5
DIFFERENCE_LIMIT = 300


def request_card(card: RequestCard) -> Message:
    """Return a card as it stands: whole while people decide, short when it is over."""
    return Message(text=notification(card), blocks=tuple(_blocks(card)))


def notification(card: RequestCard) -> str:
    """Return the text that alone would do: the fact and the request's number."""
    moved = f" {escape(void)}" if (void := _void(card)) else ""
    return shorten(f"{headline(card).text} · {card.request.label}.{moved}", TEXT_LIMIT)


def _blocks(card: RequestCard) -> Iterator[Block]:
    state = card.request.state
    if state in NOT_BEGUN:
        yield from changed_since(card)
    yield rich(paragraph(*headline(card).parts))
    yield grey(*facts(card))
    if state in NOT_BEGUN:
        yield from question(card)
    elif state in UNDER_WAY:
        yield from _under_way(card)
    else:
        yield from finished(card)
    yield from card_buttons(card)


def changed_since(card: RequestCard) -> Iterator[Block]:
    """Yield what moved since people were asked, above the card with its new evidence."""
    moved = card.request.evidence.differences
    if not moved:
        return
    shown = [shorten(line, DIFFERENCE_LIMIT) for line in moved[:SHOWN_DIFFERENCES]]
    more = len(moved) - len(shown)
    rest = [f"{more} more under Details"] if more else []
    head = (f"{Glyph.LOOK} ", bold("Changed since it was asked"))
    if len(shown) == 1:
        yield rich(paragraph(*head, f": {shown[0]}. {_void(card)}".rstrip()))
    else:
        lines = bullets([line] for line in [*shown, *rest])
        yield rich(paragraph(*head, f". {_void(card)}".rstrip()), *lines)


def _void(card: RequestCard) -> str:
    return void_approvals(card) if card.request.state in NOT_BEGUN else ""


def question(card: RequestCard, rows: int = outcomes.DECIDING_ROWS) -> Iterator[Block]:
    """Yield what people are asked: reason, change, evidence, agreement."""
    request = card.request
    if request.reason.strip():
        yield rich(*quote(request.reason))
    plan = request.evidence.plan
    yield rich(
        paragraph(bold(_heading(request))),
        *bullets(change_lines(plan)),
        *(paragraph("Out of step now: ", line) for line in plan.skew),
    )
    yield from _evidence(request, rows)
    agreed = [*agreement_lines(card), *reasons_given(card)]
    yield rich(paragraph(bold("Agreement")), *bullets(agreed))


def _heading(request: ChangeRequest) -> str:
    if request.state is RequestState.SUCCEEDED:
        return "What changed"
    return "What will change" if request.closed_at is None else "What was asked for"


def _evidence(request: ChangeRequest, rows: int) -> Iterator[Block]:
    verdict = request.evidence.verdict
    reasons = [paragraph(*marked(reason)) for reason in verdict.reasons]
    reasons += bullets(outcomes.exemption_lines(verdict))
    yield rich(paragraph(bold("Evidence"), *marked(f"  {outcomes.summary(verdict)}")), *reasons)
    first = outcomes.deciding(verdict.outcomes)[:rows]
    yield from table(outcomes.HEADER, outcomes.rows(first))
    if len(verdict.outcomes) > len(first):
        yield grey(f"{len(verdict.outcomes) - len(first)} more under Details")


def _under_way(card: RequestCard) -> Iterator[Block]:
    request = card.request
    if request.state in {RequestState.PAUSED, RequestState.UNDOING} and request.note.strip():
        yield rich(*told_note(request.note))
    yield from progress(card)
    if request.state is RequestState.PAUSED:
        command = f"`/model resolve {request.label} because …`"
        yield rich(
            paragraph(*marked(f"Let it go on, undo it, or close it as it stands: {command}")),
        )


def facts(card: RequestCard) -> Iterator[str]:
    """Yield what the grey line under the headline says."""
    request = card.request
    yield code(request.model)
    yield f"*{request.label}*"
    yield f"asked by {mention(request.requester)} {when(request.created_at)}"
    if request.state is RequestState.PENDING:
        yield f"expires {when(request.expires_at)}"
    if request.closed_at is not None:
        took = request.closed_at - (request.began_at or request.closed_at)
        yield f"{'stopped' if request.holds_locks else 'closed'} {when(request.closed_at)}"
        yield f"took {duration(took)}" if request.began_at else ""
    if card.audit_head:
        yield f"record {code(card.audit_head)}"
