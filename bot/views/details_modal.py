"""The modal with the whole evidence of a request."""

from collections.abc import Iterator

from slack_sdk.models.views import View

from bot.domain.messages import RequestDetails
from bot.domain.policy import CheckOutcome
from bot.views import outcomes
from bot.views.approvals import agreement_lines
from bot.views.blocks import grey
from bot.views.changes import change_lines
from bot.views.evidence_lines import evidence_lines
from bot.views.headlines import headline
from bot.views.ids import CallbackId
from bot.views.message import Block
from bot.views.modals import TITLE_LIMIT, ModalView
from bot.views.request_card import facts
from bot.views.request_details import decisions, steps
from bot.views.rich import Part, bold, bullets, marked, paragraph, quote, rich
from bot.views.texts import code, one_line

SHOWN_OUTCOMES = 60
SHOWN_DIFFERENCES = 40


def details_modal(details: RequestDetails) -> ModalView:
    """Return all that is on record about a request: at most 100 blocks, no table (Slack)."""
    card = details.card
    view: ModalView = View(
        type="modal",
        title=one_line(card.request.label, TITLE_LIMIT),
        close="Close",
        callback_id=CallbackId.DETAILS,
        private_metadata=card.key,
        blocks=list(_blocks(details)),
    ).to_dict()
    return view


def _blocks(details: RequestDetails) -> Iterator[Block]:
    card, evidence = details.card, details.card.request.evidence
    yield rich(paragraph(*headline(card).parts))
    yield grey(*facts(card))
    yield rich(
        paragraph(bold("Reason")), *(quote(card.request.reason) or [paragraph("none given")])
    )
    if card.request.note:
        yield rich(paragraph(bold("Note")), *quote(card.request.note))
    yield from _list("Changed since it was asked", [[line] for line in evidence.differences])
    yield from _list("Change", list(change_lines(evidence.plan)))
    found = [_outcome(outcome) for outcome in outcomes.deciding(evidence.verdict.outcomes)]
    yield rich(
        paragraph(bold("Checks"), *marked(f"  {outcomes.summary(evidence.verdict)}")),
        *bullets(_bounded(found, SHOWN_OUTCOMES)),
        *bullets(outcomes.exemption_lines(evidence.verdict)),
    )
    yield from _list("Agreement", list(agreement_lines(card)))
    told = [*decisions(card), *steps(details)]
    if told:
        yield rich(*told)
    for title, lines in evidence_lines(evidence.content):
        yield from _list(title, lines)
    yield grey(f"revision {evidence.revision}", f"content hash {code(evidence.content_hash)}")


def _outcome(outcome: CheckOutcome) -> list[Part]:
    said = one_line(outcome.message, 300)
    fix = f" {one_line(outcome.remedy, 300)}" if outcome.remedy and outcome.blocks else ""
    head: list[Part] = [bold(outcome.check), f"  {outcomes.told(outcome)}: {said}"]
    return [*head, f" (policy {outcome.policy}){fix}"]


def _list(title: str, lines: list[list[Part]]) -> Iterator[Block]:
    if lines:
        yield rich(paragraph(bold(title)), *bullets(_bounded(lines, SHOWN_DIFFERENCES)))


def _bounded(lines: list[list[Part]], most: int) -> Iterator[list[Part]]:
    """Yield the first lines, and how many more there are."""
    yield from lines[:most]
    if len(lines) > most:
        yield [f"and {len(lines) - most} more, not shown"]
