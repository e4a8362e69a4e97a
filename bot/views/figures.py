"""Figures of endpoints as people read them; what nobody knows is said to be no data."""

from bot.domain.figures import Figures, Quantile
from bot.domain.health import EndpointHealth, ServedModel
from bot.domain.names import short_name
from bot.views.changes import named, served
from bot.views.texts import Glyph, number

NO_DATA = "no data"
_WHOLE_MS = 10


def requests_cell(figures: Figures) -> str:
    """Return how many requests there were."""
    return NO_DATA if figures.requests is None else f"{figures.requests:,}"


def success_cell(figures: Figures) -> str:
    """Return the share of requests without a server error; rounded down, 100 % means all."""
    ratio = figures.success_ratio
    if ratio is None:
        return NO_DATA if figures.requests != 0 else "–"
    return "100 %" if ratio == 1 else f"{int(ratio * 1000) / 10:.1f} %"


def p95_cell(figures: Figures) -> str:
    """Return the latency that 95 % of the requests kept to."""
    found = figures.p95
    if found is None:
        return NO_DATA if figures.latency is None else "–"
    return latency(found)


def latency(found: Quantile) -> str:
    """Return a latency in ms, above what was measured where it is so."""
    shown = f"{found.ms:,.0f}" if found.ms >= _WHOLE_MS else number(round(found.ms, 1))
    return f"over {shown} ms" if found.is_over else f"{shown} ms"


def figures_line(figures: Figures) -> str:
    """Return figures in one line."""
    if figures.requests is None and figures.latency is None:
        return NO_DATA
    requests = f"{requests_cell(figures)} requests"
    return f"{requests} · success {success_cell(figures)} · p95 {p95_cell(figures)}"


def serves_cell(health: EndpointHealth) -> str:
    """Return what an endpoint serves, with the model's name where there are several."""
    lines = [f"{_name(health, model)}{served(model.routes)}" for model in health.models]
    others = [e for e in health.endpoint.entities if e.model is None]
    return ", ".join(lines) or (others[0].name if others else "nothing")


def champion_cell(health: EndpointHealth) -> str:
    """Return the champions of what it serves, with a sign where another version serves."""
    return ", ".join(f"{_name(health, m)}{_champion(m)}" for m in health.models) or "–"


def _champion(model: ServedModel) -> str:
    if not model.is_champion_known:
        return NO_DATA
    return f"{named(model.champion)}{f' {Glyph.LOOK}' if model.is_skewed else ''}"


def _name(health: EndpointHealth, model: ServedModel) -> str:
    return f"{short_name(model.model)} " if len(health.models) > 1 else ""
