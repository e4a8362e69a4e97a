"""Which values of two versions were measured on the same dataset."""

from collections.abc import Iterable

from bot.domain.registry import Metric

DIGEST_SHOWN = 8
"""Characters of a dataset's digest that people see."""


def is_alike(before: Iterable[Metric], after: Iterable[Metric]) -> bool:
    """Tell whether each value before has one after on the same dataset."""
    after = tuple(after)
    return all(_twins(old, after) for old in before)


def on_same(before: Iterable[Metric], after: Iterable[Metric]) -> Iterable[tuple[Metric, Metric]]:
    """Yield pairs of values on the same dataset; where there is none, with every value after."""
    after = tuple(after)
    for old in before:
        for new in _twins(old, after) or after:
            yield old, new


def datasets(metrics: Iterable[Metric]) -> str:
    """Return the datasets of values in words."""
    return " and ".join(dict.fromkeys(_dataset(metric) for metric in metrics))


def _twins(old: Metric, after: tuple[Metric, ...]) -> tuple[Metric, ...]:
    digest = old.dataset_digest
    return tuple(new for new in after if digest and new.dataset_digest == digest)


def _dataset(metric: Metric) -> str:
    if not metric.dataset_digest:
        return "an unnamed one"
    return f"{metric.dataset_name or 'dataset'} {metric.dataset_digest[:DIGEST_SHOWN]}"
