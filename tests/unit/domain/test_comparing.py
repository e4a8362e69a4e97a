import math
from typing import Any

import pytest

from bot.domain.comparing import (
    metric_rows,
    people_tags,
    signature_differences,
    value_differences,
)
from bot.domain.evidence import VersionEvidence
from bot.domain.messages import Better, Difference, MetricRow
from bot.domain.metrics import Direction, MetricDefinition
from bot.domain.registry import Metric, ModelContents
from tests.builders import make_metric, make_outcome, make_version

RECALL = MetricDefinition(name="recall", direction=Direction.HIGHER, aliases=("tpr",))
LATENCY = MetricDefinition(name="latency", direction=Direction.LOWER, unit="ms")
CATALOGUE = {"recall": RECALL, "latency": LATENCY}


def with_metrics(*metrics: Metric) -> VersionEvidence:
    return VersionEvidence(version=make_version(metrics=metrics))


def with_contents(**fields: Any) -> VersionEvidence:
    return VersionEvidence(version=make_version(), contents=ModelContents(**fields))


def row(base: Metric | None, other: Metric | None) -> MetricRow:
    (only,) = metric_rows(
        with_metrics(*filter(None, [base])), with_metrics(*filter(None, [other])), CATALOGUE
    )
    return only


@pytest.mark.parametrize(
    ("key", "base", "other", "better"),
    [
        ("recall", 0.8, 0.9, Better.BETTER),
        ("recall", 0.9, 0.8, Better.WORSE),
        ("recall", 0.9, 0.9, Better.SAME),
        ("latency", 40.0, 50.0, Better.WORSE),
        ("latency", 50.0, 40.0, Better.BETTER),
        ("recall", math.nan, 0.9, Better.UNKNOWN),
        ("recall", 0.9, math.inf, Better.UNKNOWN),
        ("auc", 0.8, 0.9, Better.UNKNOWN),
        ("auc", 0.9, 0.9, Better.SAME),
        ("auc", math.inf, math.inf, Better.UNKNOWN),
    ],
)
def test_better_follows_the_direction_of_the_catalogue(
    key: str, base: float, other: float, better: Better
) -> None:
    assert row(make_metric(key, base), make_metric(key, other)).better is better


@pytest.mark.parametrize("key", ["recall", "auc"])
def test_metric_of_one_side_only_has_no_data_on_the_other(key: str) -> None:
    found = row(None, make_metric(key, 0.9))
    assert (found.base, found.other, found.better) == (None, 0.9, Better.UNKNOWN)


def test_row_shows_both_values_and_what_the_catalogue_says() -> None:
    known = row(make_metric("latency", 40.0), make_metric("latency", 50.0))
    assert (known.base, known.other, known.definition) == (40.0, 50.0, LATENCY)
    other = row(make_metric("auc", 0.8), make_metric("auc", 0.9))
    assert (other.base, other.other, other.definition) == (0.8, 0.9, None)


def test_value_that_is_no_finite_number_is_no_data() -> None:
    assert row(make_metric("recall", math.nan), make_metric("recall", 0.9)).base is None


def test_metric_logged_under_another_name_is_the_same_metric() -> None:
    found = row(make_metric("tpr", 0.8), make_metric("recall", 0.9))
    assert (found.key, found.base, found.other) == ("recall", 0.8, 0.9)


def test_catalogue_comes_first_in_its_order_and_the_rest_by_name() -> None:
    logged = with_metrics(*(make_metric(key) for key in ("zeta", "latency", "auc", "recall")))
    assert [r.key for r in metric_rows(logged, logged, CATALOGUE)] == [
        "recall",
        "latency",
        "auc",
        "zeta",
    ]


def test_values_on_the_shared_dataset_are_compared() -> None:
    base = with_metrics(make_metric("recall", 0.1), make_metric("recall", 0.8, dataset_digest="d"))
    other = with_metrics(
        make_metric("recall", 0.2, dataset_digest="e"),
        make_metric("recall", 0.9, dataset_digest="d"),
    )
    (found,) = metric_rows(base, other, CATALOGUE)
    assert (found.base, found.other, found.is_same_dataset) == (0.8, 0.9, True)


@pytest.mark.parametrize(
    ("base", "other", "same"),
    [("d", "d", True), ("d", "e", False), ("d", None, None), (None, "e", None)],
)
def test_row_says_whether_the_dataset_is_the_same(
    base: str | None, other: str | None, *, same: bool | None
) -> None:
    one = make_metric("auc", dataset_digest=base)
    assert row(one, make_metric("auc", dataset_digest=other)).is_same_dataset is same


def test_dataset_of_one_side_only_is_compared_with_nothing() -> None:
    alone = make_metric("auc", dataset_digest="d")
    assert row(alone, None).is_same_dataset is None
    assert row(None, alone).is_same_dataset is None


def test_outcomes_stand_beside_their_metric() -> None:
    about, elsewhere = make_outcome(metric="recall"), make_outcome(metric="")
    (found,) = metric_rows(with_metrics(), with_metrics(), CATALOGUE, [about, elsewhere])
    assert (found.key, found.outcomes) == ("recall", (about,))


def test_only_differing_values_are_listed_by_name() -> None:
    assert value_differences({"b": "1", "a": "1", "c": "1"}, {"b": "2", "c": "1", "d": "1"}) == (
        Difference(key="a", base="1", other=None),
        Difference(key="b", base="1", other="2"),
        Difference(key="d", base=None, other="1"),
    )


def test_peoples_tags_leave_out_what_programs_write() -> None:
    tags = {"team": "fraud", "mlflow.source": "x", "herald.request": "CR-1"}
    assert people_tags(VersionEvidence(version=make_version(tags=tags))) == {"team": "fraud"}


def test_changed_outputs_are_told() -> None:
    base, other = with_contents(inputs="[]"), with_contents(inputs="[]", outputs="[1]")
    assert signature_differences(base, other) == (Difference(key="outputs", base="", other="[1]"),)
    assert signature_differences(other, base) == (Difference(key="outputs", base="[1]", other=""),)


@pytest.mark.parametrize(
    "unknown", [VersionEvidence(version=make_version()), with_contents(inputs=None)]
)
def test_signature_that_is_not_known_cannot_be_compared(unknown: VersionEvidence) -> None:
    known = with_contents(inputs="[]")
    assert signature_differences(known, unknown) is None
    assert signature_differences(unknown, known) is None
