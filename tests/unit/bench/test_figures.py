"""The arithmetic behind the benchmark's table."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.figures import Figure, covered, quantile, table, write

LATE = Figure(row="click", what="p99", value=58.25, unit="ms", floor=20.0, limit=50.0, scale=10)


@pytest.mark.parametrize(("share", "found"), [(0.5, 2.0), (0.51, 3.0), (0.99, 4.0), (0.0, 1.0)])
def test_a_quantile_is_one_of_the_values(share: float, found: float) -> None:
    assert quantile([4.0, 1.0, 3.0, 2.0], share) == found


def test_no_values_have_no_quantile() -> None:
    with pytest.raises(ValueError, match="no values"):
        quantile([], 0.5)


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_so_many_values_do_not_exceed_their_quantile(values: list[float], share: float) -> None:
    found = quantile(values, share)
    assert sum(value <= found for value in values) >= share * len(values) - 1e-6


def test_time_that_two_spans_share_counts_once() -> None:
    assert covered([(1, 3), (2, 4), (6, 7)], 0, 10) == 4


def test_only_what_lies_within_the_interval_counts() -> None:
    assert covered([(-5, 1), (9, 20), (30, 40)], 0, 10) == 2
    assert covered([], 0, 10) == 0


def test_a_goal_is_met_up_to_its_limit() -> None:
    assert LATE.is_met is False
    assert Figure(row="r", what="w", value=50.0, unit="ms", limit=50.0).is_met is True
    assert Figure(row="r", what="w", value=50.0, unit="ms").is_met is None


def test_a_missed_goal_stands_out_in_the_table() -> None:
    head, _, line = table([LATE]).splitlines()
    assert head.split() == ["row", "what", "×", "figure", "floor", "ratio", "goal", "met"]
    assert line.split() == [
        "click",
        "p99",
        "10",
        "58.25",
        "ms",
        "20",
        "ms",
        "2.9",
        "≤",
        "50",
        "ms",
        "NO",
    ]


def test_a_row_without_floor_and_goal_leaves_them_empty() -> None:
    line = table([Figure(row="idle", what="memory", value=155.0, unit="MB")]).splitlines()[-1]
    assert line.split() == ["idle", "memory", "1", "155", "MB"]


def test_the_figures_are_kept_as_json(tmp_path: Path) -> None:
    write([LATE], tmp_path / "bench.json")
    (kept,) = json.loads((tmp_path / "bench.json").read_text())["figures"]
    assert (kept["value"], kept["floor"], kept["is_met"], kept["scale"]) == (58.25, 20.0, False, 10)
