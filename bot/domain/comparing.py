"""Setting two versions side by side, value by value."""

import math
from collections.abc import Iterable, Mapping

from bot.domain.evidence import VersionEvidence, is_own_tag
from bot.domain.messages import Better, Difference, MetricRow
from bot.domain.metrics import Direction, MetricDefinition
from bot.domain.policy import CheckOutcome
from bot.domain.registry import Metric


def metric_rows(
    base: VersionEvidence,
    other: VersionEvidence,
    catalogue: Mapping[str, MetricDefinition],
    outcomes: Iterable[CheckOutcome] = (),
) -> tuple[MetricRow, ...]:
    """Return one row a metric: first those of the catalogue in its order, then the others by name.

    A metric that was logged on several datasets is compared on the dataset that both sides share,
    else by its first value.
    """
    told = tuple(outcomes)
    known = [row for d in catalogue.values() for row in _known(d, base, other, told)]
    keys = {key for d in catalogue.values() for key in (d.name, *d.aliases)}
    rest = {m.key for m in (*base.metrics(), *other.metrics())} - keys
    return (*known, *(_unknown(key, base, other) for key in sorted(rest)))


def _known(
    definition: MetricDefinition,
    base: VersionEvidence,
    other: VersionEvidence,
    outcomes: tuple[CheckOutcome, ...],
) -> Iterable[MetricRow]:
    ours = definition.values_in(base.metrics())
    theirs = definition.values_in(other.metrics())
    about = tuple(o for o in outcomes if o.metric == definition.name)
    if not (ours or theirs or about):
        return
    one, two = _pair(ours, theirs)
    yield MetricRow(
        key=definition.name,
        definition=definition,
        base=_value(one),
        other=_value(two),
        better=_better(definition.direction, _value(one), _value(two)),
        is_same_dataset=_same_dataset(one, two),
        outcomes=about,
    )


def _unknown(key: str, base: VersionEvidence, other: VersionEvidence) -> MetricRow:
    one, two = _pair(
        tuple(m for m in base.metrics() if m.key == key),
        tuple(m for m in other.metrics() if m.key == key),
    )
    same = _value(one) is not None and _value(one) == _value(two)
    return MetricRow(
        key=key,
        definition=None,
        base=_value(one),
        other=_value(two),
        better=Better.SAME if same else Better.UNKNOWN,
        is_same_dataset=_same_dataset(one, two),
    )


def _pair(
    ours: tuple[Metric, ...], theirs: tuple[Metric, ...]
) -> tuple[Metric | None, Metric | None]:
    for one in ours:
        for two in theirs:
            if one.dataset_digest is not None and one.dataset_digest == two.dataset_digest:
                return one, two
    return next(iter(ours), None), next(iter(theirs), None)


def _value(metric: Metric | None) -> float | None:
    return metric.value if metric is not None and math.isfinite(metric.value) else None


def _same_dataset(one: Metric | None, two: Metric | None) -> bool | None:
    if one is None or two is None or one.dataset_digest is None or two.dataset_digest is None:
        return None
    return one.dataset_digest == two.dataset_digest


def _better(direction: Direction, base: float | None, other: float | None) -> Better:
    if base is None or other is None:
        return Better.UNKNOWN
    ahead, behind = (other, base) if direction is Direction.HIGHER else (base, other)
    if ahead > behind:
        return Better.BETTER
    return Better.WORSE if ahead < behind else Better.SAME


def value_differences(base: Mapping[str, str], other: Mapping[str, str]) -> tuple[Difference, ...]:
    """Return the keys whose values differ, by name."""
    return tuple(
        Difference(key=key, base=base.get(key), other=other.get(key))
        for key in sorted({*base, *other})
        if base.get(key) != other.get(key)
    )


def people_tags(evidence: VersionEvidence) -> dict[str, str]:
    """Return a version's tags without those that Herald or MLflow write themselves."""
    return {
        key: value
        for key, value in evidence.version.tags.items()
        if not is_own_tag(key) and not key.startswith("mlflow.")
    }


def signature_differences(
    base: VersionEvidence, other: VersionEvidence
) -> tuple[Difference, ...] | None:
    """Return what differs in inputs and outputs; None when a signature is not known."""
    one, two = base.contents, other.contents
    if one is None or two is None or one.inputs is None or two.inputs is None:
        return None
    return value_differences(
        {"inputs": one.inputs, "outputs": one.outputs or ""},
        {"inputs": two.inputs, "outputs": two.outputs or ""},
    )
