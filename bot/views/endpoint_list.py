"""Endpoints that match some words."""

from collections.abc import Iterator

from bot.domain.counting import count
from bot.domain.health import EndpointHealth, EndpointList
from bot.views.blocks import Cell, fitting, grey, table
from bot.views.figures import champion_cell, serves_cell
from bot.views.message import Block, Message
from bot.views.rich import marked, paragraph, rich
from bot.views.texts import Glyph, escape, one_line


def endpoint_list_message(endpoints: EndpointList) -> Message:
    """Return endpoints by name with what they serve."""
    return Message(text=escape(_fact(endpoints)), blocks=tuple(_blocks(endpoints)))


def _fact(endpoints: EndpointList) -> str:
    words = one_line(" ".join(endpoints.words))
    if not endpoints.total:
        return f"No endpoint matches '{words}'" if words else "The platform has no endpoint to show"
    verb = "matches" if endpoints.total == 1 else "match"
    matching = f" {verb} '{words}'" if words else " on the platform"
    skewed = sum(any(m.is_skewed for m in each.models) for each in endpoints.endpoints)
    shown = len(endpoints.endpoints)
    among = f" of the {shown} looked at" if shown < endpoints.total else ""
    off = f", {skewed}{among} not serving the champion" if skewed else ""
    return f"{count(endpoints.total, 'endpoint')}{matching}{off}"


def _blocks(endpoints: EndpointList) -> Iterator[Block]:
    yield rich(paragraph(_fact(endpoints)))
    rows = [_row(each) for each in endpoints.endpoints]
    yield from table(("endpoint", "state", "serves", "champion"), rows)
    hidden = endpoints.total - len(fitting(rows))
    if hidden > 0:
        yield grey(f"{hidden} more: narrow it with `/model endpoints WORDS`")
    for line in endpoints.unread:
        yield rich(paragraph(f"{Glyph.LOOK} Not read  {one_line(line, 500)}"))
    hint = "One of them: `/model endpoint NAME`" if rows else "All endpoints: `/model endpoints`"
    yield rich(paragraph(*marked(hint)))


def _row(health: EndpointHealth) -> tuple[Cell, ...]:
    return (
        health.endpoint.name,
        health.condition.value,
        serves_cell(health),
        champion_cell(health),
    )
