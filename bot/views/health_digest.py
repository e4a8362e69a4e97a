"""The health of endpoints: what needs a look, what moved, and the figures of all."""

from collections.abc import Iterator

from bot.domain.counting import count
from bot.domain.health import Change, EndpointHealth, HealthReport
from bot.domain.names import request_label, short_name
from bot.views.blocks import Cell, actions, button, fitting, grey, table
from bot.views.figures import (
    champion_cell,
    p95_cell,
    requests_cell,
    serves_cell,
    success_cell,
)
from bot.views.ids import ActionId
from bot.views.message import Block, Message
from bot.views.rich import Part, bold, bullets, marked, paragraph, rich
from bot.views.texts import Glyph, duration, escape, mention, one_line, when

HEADER = ("endpoint", "state", "serves", "champion", "requests", "success", "p95")
FIGURES = (4, 5, 6)
SHOWN_LINES = 12


def health_message(report: HealthReport) -> Message:
    """Return the report: the counts in the first line, then what needs a look, then all."""
    return Message(text=escape(f"Model health: {_fact(report)}"), blocks=tuple(_blocks(report)))


def _fact(report: HealthReport) -> str:
    if not report.endpoints:
        return "no endpoint to show" if report.unread or not report.words else _unmatched(report)
    look = len(report.needing_a_look)
    needing = f"{look} {'needs' if look == 1 else 'need'} a look" if look else ""
    changed = f"{len(report.changes)} changed" if report.changes else ""
    others = [each.is_known for each in report.endpoints if not each.reasons]
    well = f"{others.count(True)} well" if any(others) else ""
    unknown = f"{others.count(False)} without data" if not all(others) else ""
    return ", ".join(part for part in (needing, changed, well, unknown) if part)


def _unmatched(report: HealthReport) -> str:
    return f"no endpoint matches '{one_line(' '.join(report.words))}'"


def _blocks(report: HealthReport) -> Iterator[Block]:
    yield rich(paragraph(bold("Model health"), f": {_fact(report)}"))
    words = escape(one_line(" ".join(report.words))) if report.words else ""
    shared = f"shared by {mention(report.shared_by)}" if report.shared_by else ""
    yield grey(when(report.at), words, f"figures since {when(report.since)}", shared)
    lines = [*_unread(report), *_needing(report), *_changed(report), *_waiting(report)]
    if lines:
        yield rich(*bullets(lines))
    if not report.endpoints and not report.unread and report.words:
        yield rich(paragraph(*marked("All endpoints: `/model health`")))
    rows = [_row(each) for each in _worst_first(report)]
    yield from table(HEADER, rows, figures=FIGURES)
    hidden = len(rows) - len(fitting(rows))
    if hidden:
        yield grey(f"and {hidden} more: narrow it with `/model health WORDS`")
    yield from _silent(report)
    if report.key is not None:
        yield from actions(
            report.key, [button("Share in channel", ActionId.SHARE_HEALTH, report.key)]
        )


def _worst_first(report: HealthReport) -> list[EndpointHealth]:
    return sorted(report.endpoints, key=lambda each: (not each.reasons, each.endpoint.name))


def _row(health: EndpointHealth) -> tuple[Cell, ...]:
    sign = f"{Glyph.LOOK} " if health.reasons else ""
    return (
        f"{sign}{health.endpoint.name}",
        health.condition.value,
        serves_cell(health),
        champion_cell(health),
        requests_cell(health.figures),
        success_cell(health.figures),
        p95_cell(health.figures),
    )


def _unread(report: HealthReport) -> Iterator[list[Part]]:
    for line in report.unread:
        yield [bold(f"{Glyph.LOOK} Not read"), f"  {one_line(line, 300)}"]


def _needing(report: HealthReport) -> Iterator[list[Part]]:
    needing = report.needing_a_look
    for each in needing[:SHOWN_LINES]:
        why = one_line("; ".join(each.reasons), 300)
        yield [f"{Glyph.LOOK} ", bold(each.endpoint.name), f"  {why}"]
    if len(needing) > SHOWN_LINES:
        yield [f"and {len(needing) - SHOWN_LINES} more need a look"]


def _changed(report: HealthReport) -> Iterator[list[Part]]:
    changes = report.changes or ()
    if changes:
        more = len(changes) - SHOWN_LINES
        rest = f" · and {more} more" if more > 0 else ""
        shown = " · ".join(_change(change) for change in changes[:SHOWN_LINES])
        yield [bold("Changed"), f"  {shown}{rest}"]


def _change(change: Change) -> str:
    by = request_label(change.request) if change.request is not None else "outside Herald"
    subject = change.endpoint or f"{short_name(change.model)} champion"
    return f"{subject} {_versions(change.before)} → {_versions(change.after)} ({by})"


def _versions(versions: tuple[int, ...]) -> str:
    return ", ".join(f"v{version}" for version in versions) or "none"


def _waiting(report: HealthReport) -> Iterator[list[Part]]:
    waiting = report.waiting
    if waiting.total and waiting.oldest is not None:
        wait = "waits" if waiting.total == 1 else "wait"
        age = duration(report.at - waiting.oldest)
        said = f"  {count(waiting.total, 'request')} {wait} for approval (oldest {age})"
        yield [bold("Pending"), *marked(f"{said}: `/model requests waiting`")]


def _silent(report: HealthReport) -> Iterator[Block]:
    """Say why figures are missing, most frequent reason first."""
    reasons = [each.no_data for each in report.endpoints if each.no_data]
    common = sorted(set(reasons), key=lambda reason: (-reasons.count(reason), reason))
    for reason in common[:2]:
        subject = count(reasons.count(reason), "endpoint")
        yield grey(f"No data of {subject}: {escape(one_line(reason, 200))}")
