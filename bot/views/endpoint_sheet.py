"""One endpoint: its entities, its update, its champions, its last minute."""

from collections.abc import Iterator

from bot.domain.counting import count
from bot.domain.figures import figures_of
from bot.domain.health import EndpointHealth, EndpointSheet
from bot.domain.names import request_label, short_name
from bot.domain.serving import ServedEntity
from bot.views.blocks import Cell, fitting, grey, table
from bot.views.figures import champion_cell, figures_line
from bot.views.message import Block, Message
from bot.views.rich import Part, bold, bullets, marked, paragraph, quote, rich
from bot.views.texts import Glyph, escape, one_line


def endpoint_sheet_message(sheet: EndpointSheet) -> Message:
    """Return everything about one endpoint."""
    name, fact = sheet.health.endpoint.name, _fact(sheet.health)
    return Message(text=escape(f"{name}: {fact}"), blocks=tuple(_blocks(sheet, name, fact)))


def _fact(health: EndpointHealth) -> str:
    entities = count(len(health.endpoint.entities), "served entity", "served entities")
    skewed = ", not serving the champion" if any(m.is_skewed for m in health.models) else ""
    return f"{health.condition.value}, {entities}{skewed}"


def _blocks(sheet: EndpointSheet, name: str, fact: str) -> Iterator[Block]:
    endpoint = sheet.health.endpoint
    yield rich(paragraph(bold(name), f": {fact}"))
    rows = [_row(e, "serves") for e in endpoint.entities]
    rows += [_row(e, "wanted") for e in endpoint.pending]
    yield from table(("entity", "model", "version", "traffic", "state"), rows, figures=(3,))
    hidden = len(rows) - len(fitting(rows))
    if hidden:
        yield grey(f"{count(hidden, 'more entity', 'more entities')} not shown")
    if endpoint.failure():
        yield rich(paragraph(bold("The platform's reason")), *quote(endpoint.failure()))
    yield rich(*bullets(_lines(sheet)))


def _row(entity: ServedEntity, role: str) -> tuple[Cell, ...]:
    state = entity.state.lower().replace("_", " ")
    return (
        entity.name,
        short_name(entity.model) if entity.model else "external",
        f"v{entity.version}" if entity.version is not None else "–",
        f"{entity.traffic_percentage} %",
        f"{role} · {state}",
    )


def _lines(sheet: EndpointSheet) -> Iterator[list[Part]]:
    if sheet.health.models:
        yield [bold("Champion"), f"  {champion_cell(sheet.health)}"]
    yield [bold("Last minute"), f"  {figures_line(figures_of(sheet.latest))}"]
    if sheet.latest.problem:
        yield [bold("No data"), f"  {one_line(sheet.latest.problem, 300)}"]
    for reason in sheet.health.reasons:
        yield [bold(f"{Glyph.LOOK} Needs a look"), f"  {one_line(reason, 300)}"]
    for model, request in sheet.open_requests.items():
        label = request_label(request)
        said = f"  {label} for {short_name(model)}, see `/model request {label}`"
        yield [bold("Open request"), *marked(said)]
