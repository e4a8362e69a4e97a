"""Whether a version has all that auditors ask for."""

from collections.abc import Iterator

from bot.domain.compliance import ComplianceReport, Item, PartState
from bot.domain.counting import count
from bot.domain.names import short_name
from bot.views.blocks import actions, button, grey, table
from bot.views.ids import ActionId
from bot.views.message import Block, Message
from bot.views.rich import Part, bold, bullets, marked, paragraph, rich
from bot.views.texts import Glyph, code, escape, listed, mention, when

_WORDS = {PartState.OK: "✓", PartState.MISSING: "✗ missing", PartState.UNREADABLE: "✗ unreadable"}
HEADER = ("part", "state", "found")


def compliance_message(report: ComplianceReport) -> Message:
    """Return the sum first, then each part, what to do, and where the report is kept."""
    glyph, fact = _glyph(report), _fact(report)
    text = f"{glyph} {short_name(report.model)} v{report.version}{fact}"
    return Message(text=escape(text), blocks=tuple(_blocks(report, glyph, fact)))


def _glyph(report: ComplianceReport) -> Glyph:
    return Glyph.DONE if report.is_complete else Glyph.LOOK


def _fact(report: ComplianceReport) -> str:
    open_parts = [item.part for item in report.items if item.state is not PartState.OK]
    if not open_parts:
        return ": all of the compliance report is in order"
    return f": {count(len(open_parts), 'part')} of the compliance report not in order"


def _blocks(report: ComplianceReport, glyph: Glyph, fact: str) -> Iterator[Block]:
    name = bold(f"{short_name(report.model)} v{report.version}")
    yield rich(paragraph(f"{glyph} ", name, fact))
    aliases = listed(report.aliases) or "no alias"
    yield grey(code(report.model), escape(aliases), when(report.at))
    yield from table(HEADER, [[item.part, _WORDS[item.state], item.found] for item in report.items])
    todo = [item for item in report.items if item.remedy]
    if todo:
        yield rich(paragraph(bold("What to do")), *bullets(map(_line, todo)))
    yield grey(*_context(report))
    if report.key is not None:
        share = button("Share in channel", ActionId.SHARE_COMPLIANCE, report.key)
        yield from actions(report.key, [share])


def _line(item: Item) -> list[Part]:
    return [f"{item.part}: ", *marked(item.remedy)]


def _context(report: ComplianceReport) -> Iterator[str]:
    if report.shared_by is not None:
        yield f"shared by {mention(report.shared_by)}"
    if report.approvals:
        yield "approved by " + ", ".join(
            f"{mention(each.by)} ({escape(each.request)})" for each in report.approvals[:5]
        )
    kept = f"kept as {code('compliance/report.json')} of run {escape(report.written_to[:8])}"
    yield kept if report.written_to else f"not kept: {escape(report.unwritten)}"
