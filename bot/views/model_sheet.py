"""One registered model: what its aliases name, what serves it, where a rollback leads."""

from collections.abc import Iterator

from slack_sdk.models.blocks import RichTextBlock

from bot.domain.counting import count
from bot.domain.messages import ModelSheet
from bot.domain.names import request_label, short_name
from bot.domain.registry import ModelVersion
from bot.domain.serving import EndpointUpdate, ServingEndpoint
from bot.views.blocks import Cell, grey, table
from bot.views.changes import named_versions, served
from bot.views.message import Block, Message
from bot.views.rich import Part, bold, bullets, marked, moment, paragraph, quote, rich
from bot.views.texts import code, escape, number, one_line, when

SHOWN_VERSIONS = 10
SHOWN_VALUES = 12


def model_sheet_message(sheet: ModelSheet) -> Message:
    """Return a model, or one of its versions when that was asked for."""
    name, fact = short_name(sheet.model.name), _fact(sheet)
    return Message(text=escape(f"{name}{fact}"), blocks=tuple(_blocks(sheet, name, fact)))


def _fact(sheet: ModelSheet) -> str:
    if sheet.selected is not None:
        aliases = _aliases_of(sheet, sheet.selected.version)
        ready = "" if sheet.selected.is_ready else ", not registered completely yet"
        return f" v{sheet.selected.version}: {aliases or 'no alias names it'}{ready}"
    versions = count(len(sheet.versions), "version")
    return f": {named_versions(sheet.model) or 'no alias yet'} · {versions}"


def _aliases_of(sheet: ModelSheet, version: int) -> str:
    return ", ".join(sorted(a for a, v in sheet.model.aliases.items() if v == version))


def _blocks(sheet: ModelSheet, name: str, fact: str) -> Iterator[Block]:
    yield rich(paragraph(bold(name), fact))
    yield grey(code(sheet.model.name))
    if sheet.selected is not None:
        yield from _version(sheet.selected)
    elif sheet.model.description.strip():
        yield rich(*quote(one_line(sheet.model.description, 500)))
    yield rich(*bullets(_standing(sheet)))
    if sheet.selected is None:
        shown = sheet.versions[:SHOWN_VERSIONS]
        yield from table(("version", "aliases", "made", "description"), _rows(sheet))
        if len(sheet.versions) > len(shown):
            yield grey(f"{len(sheet.versions) - len(shown)} older versions not shown")


def _rows(sheet: ModelSheet) -> Iterator[tuple[Cell, ...]]:
    for version in sheet.versions[:SHOWN_VERSIONS]:
        yield (
            f"v{version.version}",
            _aliases_of(sheet, version.version) or "–",
            _made(version),
            one_line(version.description, 100) or "–",
        )


def _made(version: ModelVersion) -> Cell:
    if version.created_at is None:
        return "–"
    return RichTextBlock(elements=[paragraph(moment(version.created_at))])


def _standing(sheet: ModelSheet) -> Iterator[list[Part]]:
    yield from _serving(sheet)
    if sheet.rollback_to is None:
        before = f" v{sheet.champion}" if sheet.champion is not None else ""
        yield [f"No way back: nothing was champion before{before}"]
    else:
        yield marked(
            f"A rollback leads to v{sheet.rollback_to}: "
            f"`/model rollback {short_name(sheet.model.name)}`"
        )
    if sheet.open_request is not None:
        label = request_label(sheet.open_request)
        yield marked(f"Open request: {label}, see `/model request {label}`")


def _serving(sheet: ModelSheet) -> Iterator[list[Part]]:
    if sheet.endpoints is None:
        yield ["The serving platform does not answer: nobody knows what is served now"]
        return
    if not sheet.endpoints:
        yield ["No endpoint serves it"]
    for endpoint in sheet.endpoints:
        routes = served(endpoint.routes_of(sheet.model.name))
        yield [bold(endpoint.name), f" serves {routes}{_state(endpoint)}"]


def _state(endpoint: ServingEndpoint) -> str:
    match endpoint.update:
        case EndpointUpdate.IN_PROGRESS:
            return ", an update is in progress"
        case EndpointUpdate.FAILED:
            reason = one_line(endpoint.failure())
            return f", its latest update failed{f': {reason}' if reason else ''}"
        case EndpointUpdate.CANCELED:
            return ", its latest update was cancelled"
        case EndpointUpdate.SETTLED:
            return "" if endpoint.is_ready else ", not ready"


def _version(version: ModelVersion) -> Iterator[Block]:
    made = f"made {when(version.created_at)}" if version.created_at else ""
    by = f"by {escape(one_line(version.created_by, 60))}" if version.created_by else ""
    run = f"run {code(version.run_id)}" if version.run_id else ""
    if made or by or run:
        yield grey(f"{made} {by}".strip(), run)
    description = quote(one_line(version.description, 500))
    yield rich(*(description or [paragraph("No description")]))
    yield rich(*bullets(_values(version)))


def _values(version: ModelVersion) -> Iterator[list[Part]]:
    metrics = [f"{one_line(m.key, 60)} {number(m.value)}" for m in version.metrics]
    parameters = [f"{_short(k)} {_short(v)}" for k, v in sorted(version.parameters.items())]
    tags = [f"{_short(k)} {_short(v)}".strip() for k, v in sorted(version.tags.items())]
    for title, values in (("Metrics", metrics), ("Parameters", parameters), ("Tags", tags)):
        more = len(values) - SHOWN_VALUES
        rest = f" and {more} more" if more > 0 else ""
        yield [bold(title), f"  {', '.join(values[:SHOWN_VALUES]) or 'no data'}{rest}"]


def _short(words: str) -> str:
    return one_line(words, 60)
