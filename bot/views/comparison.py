"""Two versions of a model side by side."""

from collections import Counter
from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import InteractiveElement

from bot.domain.counting import count
from bot.domain.messages import Better, Comparison, Difference, MetricRow, Side
from bot.domain.names import CardKey, short_name
from bot.domain.registry import Dataset
from bot.views.blocks import actions, button, fitting, grey, table
from bot.views.comparison_rows import NO_DATA, is_within_noise, metric_cells
from bot.views.ids import ActionId
from bot.views.message import Block, Message
from bot.views.rich import Part, bold, bullets, paragraph, rich
from bot.views.signatures import signature_lines
from bot.views.texts import Glyph, code, escape, mention, one_line, when

SHOWN_DIFFERENCES = 8
SHOWN_DIGEST = 8


def comparison_message(comparison: Comparison) -> Message:
    """Return a comparison: the score in the first line, then the figures."""
    label = _label(comparison.other, short_name(comparison.model))
    against = f" against {_label(comparison.base)}: {score(comparison.metrics)}"
    return Message(text=escape(f"{label}{against}"), blocks=tuple(_blocks(comparison, against)))


def score(rows: Sequence[MetricRow]) -> str:
    """Return how many metrics are better, worse and not comparable."""
    counts = Counter(_score(row) for row in rows)
    said = [f"{counts[word]} {word}" for word in _SCORES if counts[word]]
    return ", ".join(said) or "no metric to compare"


_UNKNOWN = "not in the policies' catalogue"
_SCORES = ("better", "worse", "the same", "within noise", "not comparable", _UNKNOWN)


def _score(row: MetricRow) -> str:
    if is_within_noise(row):
        return "within noise"
    if row.definition is None and row.better is Better.UNKNOWN and _has_both(row):
        return _UNKNOWN
    words = {Better.UNKNOWN: "not comparable", Better.SAME: "the same"}
    return words.get(row.better, row.better.value)


def _has_both(row: MetricRow) -> bool:
    return row.base is not None and row.other is not None


def _label(side: Side, name: str = "") -> str:
    aliases = f" ({', '.join(side.aliases)})" if side.aliases else ""
    return f"{name} v{side.version.version}{aliases}".strip()


def _blocks(comparison: Comparison, against: str) -> Iterator[Block]:
    other = comparison.other
    yield rich(
        paragraph(bold(short_name(comparison.model)), f" {_label(other)}{against}"),
    )
    shared = comparison.shared_by
    yield grey(code(comparison.model), f"shared by {mention(shared)}" if shared else "")
    header = ("metric", f"v{comparison.base.version.version}", f"v{other.version.version}")
    rows = [metric_cells(row) for row in comparison.metrics]
    yield from table((*header, "difference", "policy"), rows, figures=(1, 2))
    hidden = len(rows) - len(fitting(rows))
    if hidden:
        yield grey(f"{count(hidden, 'more metric')} not shown")
    yield rich(*bullets(_lines(comparison)))
    yield grey(*_origin(comparison))
    if comparison.key is not None:
        yield from actions(comparison.key, _buttons(comparison, comparison.key))


def _lines(comparison: Comparison) -> Iterator[list[Part]]:
    same = f"{comparison.same_parameters} the same" if comparison.same_parameters else ""
    yield [bold("Parameters"), f"  {_differing(comparison.parameters, same)}"]
    yield [bold("Signature"), f"  {signature_lines(comparison)}"]
    yield [bold("Tags"), f"  {_differing(comparison.tags, '')}"]
    yield [bold("Data"), f"  {_data(comparison)}"]
    for line in comparison.unreadable:
        yield [bold(f"{Glyph.LOOK} Not read"), f"  {line}"]


def _differing(differences: Sequence[Difference], same: str) -> str:
    shown = ", ".join(_difference(each) for each in differences[:SHOWN_DIFFERENCES])
    more = len(differences) - SHOWN_DIFFERENCES
    parts = [shown, f"{more} more differ" if more > 0 else "", same]
    if differences:
        return " · ".join(part for part in parts if part)
    return f"unchanged · {same}" if same else "no difference"


def _difference(each: Difference) -> str:
    if each.base is None:
        return f"{one_line(each.key, 60)} {_shown(each.other)} added"
    if each.other is None:
        return f"{one_line(each.key, 60)} {_shown(each.base)} removed"
    return f"{one_line(each.key, 60)} {_shown(each.base)} → {_shown(each.other)}"


def _shown(value: str | None) -> str:
    return one_line(value or "", 60) or "(empty)"


def _data(comparison: Comparison) -> str:
    base, other = comparison.base_datasets, comparison.other_datasets
    if not base and not other:
        return f"{NO_DATA}: neither version was logged with a dataset"
    if not base or not other:
        silent = comparison.other if base else comparison.base
        return f"v{silent.version.version} was logged without a dataset, so nobody can tell"
    if {d.digest for d in base} == {d.digest for d in other}:
        return f"evaluated on the same {_named(other)}"
    return f"different data: {_side(comparison.base, base)}, {_side(comparison.other, other)}"


def _side(side: Side, datasets: Sequence[Dataset]) -> str:
    return f"v{side.version.version} on {_named(datasets)}"


def _named(datasets: Sequence[Dataset]) -> str:
    shown = [f"{one_line(d.name, 60)} (digest {d.digest[:SHOWN_DIGEST]})" for d in datasets[:3]]
    return ", ".join(shown)


def _origin(comparison: Comparison) -> Iterator[str]:
    version = f"v{comparison.other.version.version}"
    by = f" by {escape(one_line(comparison.trained_by, 60))}" if comparison.trained_by else ""
    at = f" {when(comparison.trained_at)}" if comparison.trained_at else ""
    yield f"{version} trained{by}{at}" if by or at else f"{version}: nobody knows who trained it"
    yield f"commit {code(comparison.commit[:SHOWN_DIGEST])}" if comparison.commit else ""
    yield f"run {code(one_line(comparison.run_id, 60))}" if comparison.run_id else ""


def _buttons(comparison: Comparison, key: CardKey) -> list[InteractiveElement]:
    version = comparison.other.version.version
    return [
        button(f"Promote v{version}…", ActionId.PROMOTE, key, is_primary=True),
        button("Check policies", ActionId.CHECK, key),
        button("Share in channel", ActionId.SHARE, key),
    ]
