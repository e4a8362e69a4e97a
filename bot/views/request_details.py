"""Everything about one change request, as a private answer."""

from collections.abc import Iterator

from slack_sdk.models.blocks import RichTextElement

from bot.domain.agreement import Decision, DecisionKind
from bot.domain.change_request import OPEN
from bot.domain.messages import RequestCard, RequestDetails
from bot.domain.steps import JournalEntry, StepState
from bot.views.blocks import MESSAGE_CHARACTERS, characters, grey
from bot.views.card_buttons import card_buttons
from bot.views.finished_card import finished
from bot.views.headlines import headline
from bot.views.message import Block, Message
from bot.views.progress import step_labels
from bot.views.request_card import changed_since, facts, notification, question
from bot.views.rich import Part, bold, bullets, moment, paragraph, person, rich
from bot.views.texts import code, duration, one_line

SHOWN_STEPS = 40
REASON_LIMIT = 300
SIZES = ((40, REASON_LIMIT), (20, 100), (6, 40))
"""Rows of checks, and characters of each reason, from which the first that fits is taken."""
_SIGNS = {StepState.DONE: "✓", StepState.FAILED: "✗", StepState.STARTED: "▶"}


def request_details_message(details: RequestDetails) -> Message:
    """Return a request with every outcome, decision and step, and the buttons that apply."""
    sizes = (tuple(_blocks(details, rows, words)) for rows, words in SIZES)
    fitting = (blocks for blocks in sizes if characters(blocks) <= MESSAGE_CHARACTERS)
    blocks = next(fitting, None) or tuple(_blocks(details, *SIZES[-1]))
    return Message(text=notification(details.card), blocks=blocks)


def _blocks(details: RequestDetails, rows: int, words: int) -> Iterator[Block]:
    card = details.card
    yield from changed_since(card)
    yield rich(paragraph(*headline(card).parts))
    yield grey(*facts(card))
    if card.request.state not in OPEN:
        yield from finished(card)
    yield from question(card, rows=rows)
    told = [*decisions(card, words), *steps(details)]
    if told:
        yield rich(*told)
    evidence = card.request.evidence
    yield grey(f"revision {evidence.revision}", f"content hash {code(evidence.content_hash)}")
    yield from card_buttons(card)


def decisions(card: RequestCard, words: int = REASON_LIMIT) -> Iterator[RichTextElement]:
    """Yield every decision, those that no longer count after the others."""
    if card.decisions or card.void:
        yield paragraph(bold("Decisions"))
    yield from bullets(
        [
            *(_decision(decision, "", words) for decision in card.decisions),
            *(_decision(decision, ", no longer counts", words) for decision in card.void),
        ]
    )


def _decision(decision: Decision, rest: str, words: int) -> list[Part]:
    verb = "approved" if decision.kind is DecisionKind.APPROVE else "rejected"
    said = f": {one_line(decision.reason, words)}" if decision.reason else ""
    on = f" revision {decision.evidence_revision}"
    return [person(decision.person), f" {verb}{on} ", moment(decision.decided_at), rest, said]


def steps(details: RequestDetails) -> Iterator[RichTextElement]:
    """Yield every step of the journal with its time and what came of it."""
    if not details.journal:
        return
    labels = step_labels(details.card.request.evidence.plan)
    yield paragraph(bold("Steps"))
    yield from bullets(_step(entry, labels) for entry in details.journal[-SHOWN_STEPS:])


def _step(entry: JournalEntry, labels: dict[str, str]) -> list[Part]:
    took = f" ({duration(entry.finished_at - entry.started_at)})" if entry.finished_at else ""
    failed = f": {one_line(entry.error, 300)}" if entry.error else ""
    label = labels.get(entry.step, entry.step)
    return [f"{_SIGNS[entry.state]} ", moment(entry.started_at), f" {label}{took}{failed}"]
