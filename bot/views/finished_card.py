"""The rest of a card that is over: result, who agreed, what to do next."""

from collections.abc import Iterator

from slack_sdk.models.blocks import RichTextElement

from bot.domain.agreement import DecisionKind
from bot.domain.change_request import ChangeRequest, RequestState, Resolution
from bot.domain.counting import count
from bot.domain.messages import RequestCard
from bot.domain.names import short_name
from bot.domain.policy import ChangeKind
from bot.domain.terms import ReasonFrom
from bot.domain.verdict import Verdict, VerdictKind
from bot.views.approvals import SHOWN_REJECTIONS, approvers, reasons_given
from bot.views.changes import as_before
from bot.views.headlines import told_whole
from bot.views.message import Block
from bot.views.notes import asked_by, told_note
from bot.views.outcomes import exemption_lines, reason_lines, warned
from bot.views.rich import (
    WHOLE_TEXT,
    bold,
    bullets,
    marked,
    paragraph,
    people,
    person,
    quote,
    rich,
)
from bot.views.texts import listed, shorten

QUOTED = 3000
"""Characters of all rejections that are quoted; one message takes 13,200 in all (bolt-js 2509)."""


def finished(card: RequestCard) -> Iterator[Block]:
    """Yield what a closed request still has to say, if anything."""
    elements = list(_told(card))
    if elements:
        yield rich(*elements)


def _told(card: RequestCard) -> Iterator[RichTextElement]:
    request = card.request
    if request.resolution is not None:
        yield from _resolved(request.resolution)
        return
    match request.state:
        case RequestState.SUCCEEDED:
            yield from _agreed(card)
            yield from _in_spite_of(request.evidence.verdict)
        case RequestState.UNDONE:
            yield from _undone(request)
        case RequestState.FAILED:
            yield from _failed(request)
        case RequestState.DENIED:
            yield from _denied(request)
        case RequestState.REJECTED | RequestState.CANCELLED:
            yield from _stopped(card)
        case RequestState.EXPIRED:
            yield paragraph(*marked(f"To ask again: `{ask_again(request)}`"))
        case _:
            pass


def ask_again(request: ChangeRequest) -> str:
    """Return the command that asks for the same change."""
    name = short_name(request.model)
    wants_reason = ReasonFrom.REQUESTER in request.evidence.verdict.terms.reasons
    because = " because …" if wants_reason else ""
    if request.kind is ChangeKind.ROLL_BACK:
        return f"/model rollback {name} to {request.version}{because}"
    return f"/model promote {name} {request.version} to {request.alias}{because}"


def _agreed(card: RequestCard) -> Iterator[RichTextElement]:
    agreed = approvers(card)
    if agreed:
        yield paragraph("Approved by ", *people(agreed))
        yield from bullets(reasons_given(card))
    elif not card.agreement.parts:
        yield paragraph(f"{_by_policy(card.request)}: no person had to agree")


def _in_spite_of(verdict: Verdict) -> Iterator[RichTextElement]:
    """Yield what was found and stood in nobody's way: exemptions and warnings."""
    yield from bullets(exemption_lines(verdict))
    warnings = warned(verdict)
    if warnings:
        yield paragraph(*marked(f"It had {warnings}"))


def _by_policy(request: ChangeRequest) -> str:
    policies = request.evidence.verdict.policies
    noun = "policies" if len(policies) > 1 else "policy"
    return f"Approved by {f'{noun} {listed(policies)}' if policies else 'its policy'}"


def _undone(request: ChangeRequest) -> Iterator[RichTextElement]:
    if request.note != told_whole(request.note):
        yield from told_note(request.note)
    before = as_before(request.evidence.plan, request.alias)
    yield paragraph(f"{before[:1].upper()}{before[1:]}.")
    yield paragraph(*marked(f"To ask again: `{ask_again(request)}`"))


def _failed(request: ChangeRequest) -> Iterator[RichTextElement]:
    yield from told_note(request.note)
    yield paragraph(bold("What stands"))
    yield from bullets([line] for line in request.standing)
    command = f"`/model resolve {request.label} because …`"
    yield paragraph(
        *marked(
            f"{short_name(request.model)} stays locked until a person has put it right "
            f"and closed it: {command}"
        )
    )


def _resolved(resolution: Resolution) -> Iterator[RichTextElement]:
    yield paragraph("Closed by ", person(resolution.by))
    yield from quote(resolution.reason)
    yield from bullets([line] for line in resolution.standing)


def _denied(request: ChangeRequest) -> Iterator[RichTextElement]:
    """Yield why policies denied it, or what else a headline had no room for."""
    verdict = request.evidence.verdict
    is_judged = verdict.kind is VerdictKind.DENIED
    if is_judged:
        yield from bullets(reason_lines(verdict.blocking))
        yield from bullets(marked(reason) for reason in verdict.reasons)
    if is_judged or request.note != told_whole(request.note):
        yield from told_note(request.note)


def _stopped(card: RequestCard) -> Iterator[RichTextElement]:
    user = asked_by(card.request.note)
    if user:
        yield paragraph("Withdrawn by ", person(user))
        return
    rejections = [d for d in card.decisions if d.kind is DecisionKind.REJECT]
    most = QUOTED // max(1, min(len(rejections), SHOWN_REJECTIONS))
    for rejection in rejections[:SHOWN_REJECTIONS]:
        yield paragraph("Rejected by ", person(rejection.person))
        yield from quote(shorten(rejection.reason, most, WHOLE_TEXT))
    if len(rejections) > SHOWN_REJECTIONS:
        more = count(len(rejections) - SHOWN_REJECTIONS, "more rejection")
        yield paragraph(f"{more} under Details")
    if not rejections:
        yield from quote(card.request.note)
