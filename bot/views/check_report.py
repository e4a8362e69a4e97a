"""What policies would say of a promotion, without asking for it."""

from collections.abc import Iterator

from slack_sdk.models.blocks import ButtonElement

from bot.domain.change_request import ChangeRequest
from bot.domain.counting import count
from bot.domain.messages import CheckReport
from bot.domain.model_card import lacks_card
from bot.domain.names import CardKey, request_label, short_name, shown_word
from bot.domain.policy import OutcomeKind
from bot.domain.tagging import TagOffer
from bot.domain.verdict import Verdict, VerdictKind
from bot.views import outcomes
from bot.views.blocks import actions, ask_first, button, fitting, grey, table
from bot.views.changes import change_lines
from bot.views.freezes import freeze_line
from bot.views.ids import ActionId
from bot.views.message import Block, Message
from bot.views.rich import bold, bullets, marked, paragraph, rich
from bot.views.texts import Glyph, code, escape

MOST_BUTTONS = 3
"""Of one answer, so that each is read."""


def check_message(report: CheckReport) -> Message:
    """Return the verdict first, then every outcome and what would change."""
    glyph, fact = _glyph(report), _fact(report)
    text = f"{glyph} {short_name(report.model)}{fact}"
    return Message(text=escape(text), blocks=tuple(_blocks(report, glyph, fact)))


def _glyph(report: CheckReport) -> Glyph:
    return Glyph.REFUSED if report.verdict.kind is VerdictKind.DENIED else Glyph.DONE


def _fact(report: CheckReport) -> str:
    target = f"v{report.version} as {report.alias}"
    match report.verdict.kind:
        case VerdictKind.DENIED:
            return f" {target} would be denied: {outcomes.why_denied(report.verdict)}"
        case VerdictKind.NEEDS_APPROVAL:
            return f" {target} {_may_be_asked(report)}, and needs {_needed(report.verdict)}"
        case VerdictKind.ALLOWED:
            return f" {target} is allowed, nobody has to approve"


def _needed(verdict: Verdict) -> str:
    """Return how many have to approve; where one person may fill several places, at least."""
    counts = [requirement.count for requirement in verdict.requirements]
    if verdict.terms.distinct or len(counts) == 1:
        return f"{sum(counts)} to approve"
    return f"{max(counts)} or more to approve, {sum(counts)} approvals in all"


def _may_be_asked(report: CheckReport) -> str:
    holder = report.holder
    if holder is not None and holder.version == report.version:
        return f"is asked for in {holder.label}"
    ends = [f"{holder.label} is closed"] if holder is not None else []
    ends += ["the freeze is over"] if report.freezes else []
    return "may be asked for" + (f" once {' and '.join(ends)}" if ends else "")


def _blocks(report: CheckReport, glyph: Glyph, fact: str) -> Iterator[Block]:
    verdict = report.verdict
    yield rich(paragraph(f"{glyph} ", bold(short_name(report.model)), fact))
    yield grey(code(report.model), "nothing was asked for")
    if report.freezes:
        yield rich(paragraph(*freeze_line(report.freezes)))
    if report.holder is not None:
        yield rich(paragraph(*marked(_told_holder(report.holder))))
    in_the_way = [
        *bullets(outcomes.reason_lines(verdict.blocking)),
        *bullets(marked(reason) for reason in verdict.reasons),
        *bullets(outcomes.exemption_lines(verdict)),
    ]
    if in_the_way:
        yield rich(*in_the_way)
    warnings = [o for o in verdict.warnings if o.kind is not OutcomeKind.EXEMPT]
    if warnings:
        yield rich(paragraph(bold("Warnings")), *bullets(outcomes.reason_lines(warnings)))
    yield from _checks(verdict)
    yield rich(
        paragraph(*outcomes.verdict_line(verdict)),
        paragraph(bold("What would change")),
        *bullets(change_lines(report.plan)),
        *(paragraph("Out of step now: ", line) for line in report.skew),
    )
    if report.key is not None:
        buttons = list(_buttons(report, report.key))
        yield from actions(report.key, buttons)
        for offer in report.offers[: MOST_BUTTONS - len(buttons)]:
            yield from actions(offer.key, [_tag_button(report, offer)])


def _checks(verdict: Verdict) -> Iterator[Block]:
    rows = list(outcomes.rows(outcomes.deciding(verdict.outcomes)))
    yield from table(outcomes.HEADER, rows)
    hidden = len(rows) - len(fitting(rows))
    if hidden:
        yield grey(f"{count(hidden, 'more check')} not shown: what is in the way comes first")


def _told_holder(holder: ChangeRequest) -> str:
    return (
        f"{holder.label} about v{holder.version} as {holder.alias} is open: "
        f"`/model request {holder.label}` shows how it stands."
    )


def _buttons(report: CheckReport, key: CardKey) -> Iterator[ButtonElement]:
    is_free = not report.freezes and report.holder is None
    if report.verdict.kind is not VerdictKind.DENIED and is_free:
        yield button(f"Promote v{report.version}…", ActionId.PROMOTE, key)
    if lacks_card(report.verdict.outcomes):
        yield button("File model card…", ActionId.FILE_CARD, key)


def _tag_button(report: CheckReport, offer: TagOffer) -> ButtonElement:
    label = f"Tag v{report.version} as {offer.tag.value}"
    if len(report.offers) > 1:
        label += f" ({offer.tag.key})"
    confirm = ask_first("Tag the version", _tag_question(report, offer), "Tag it")
    return button(label, ActionId.TAG, offer.key, confirm=confirm)


def _tag_question(report: CheckReport, offer: TagOffer) -> str:
    """Return exactly what is written, and what that moves."""
    key, value, present = map(shown_word, (offer.tag.key, offer.tag.value, offer.tag.present))
    instead = f" in place of {code(present)}" if present else ""
    told = (
        f"The registry's tag {code(key)} = {code(value)} is written on "
        f"{code(shown_word(short_name(report.model)))} v{report.version}{instead}."
    )
    if offer.waiting is None:
        return told
    waiting = request_label(offer.waiting)
    return f"{told} {waiting} was judged with other tags: everybody is asked about it again."
